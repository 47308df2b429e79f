"""`BadInput` and its subclasses: errors for unusable input, with a one-line message in the user's language.

Every message states what is required, what was received, and a suggested fix. The command line prints it and exits
with code 2.
"""

from __future__ import annotations

from typing import Any

from .words import say


class BadInput(ValueError):
    """The input cannot be used. Its message is one line: what is required, what was received, and a suggested fix.

    Parameters
    ----------
    key : str
        The message in the catalogue, such as ``"network.no_layers"``.
    **values : object
        The values of the message's placeholders.
    """

    def __init__(self, key: str, /, **values: Any) -> None:
        self.key = key
        self.values = values
        super().__init__(say(key, **values))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled by key and values, so that an error can be sent between processes."""
        return _rebuild, (type(self), self.key, self.values)


class ShapeError(BadInput):
    """An array has the wrong shape."""


class DataError(BadInput):
    """A table, a column or a file of data cannot be used."""


class FormulaError(BadInput):
    """A formula's text cannot be read; ``values["at"]`` is the place (characters from 0)."""


class ModelError(BadInput):
    """A model file or a network cannot be used."""


def _rebuild(error_class: type[BadInput], key: str, values: dict[str, Any]) -> BadInput:
    return error_class(key, **values)
