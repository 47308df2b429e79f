"""One family of errors: bad input, said in one line in the user's language.

Every line says the invariant, what came, and the likely fix. The command line prints it and exits with code 2.
"""

from __future__ import annotations

from typing import Any

from .words import say


class BadInput(ValueError):
    """The input cannot be used. Its text is one line: the invariant, what came, and the likely fix.

    Parameters
    ----------
    key : str
        The message in the catalogue, such as ``"network.no_layers"``.
    **values : object
        What the message is filled with.
    """

    def __init__(self, key: str, /, **values: Any) -> None:
        self.key = key
        self.values = values
        super().__init__(say(key, **values))

    def __reduce__(self) -> tuple[Any, ...]:
        """Made again from key and values, so that an error crosses processes."""
        return _again, (type(self), self.key, self.values)


class ShapeError(BadInput):
    """An array has the wrong shape."""


class DataError(BadInput):
    """A table, a column or a file of data cannot be used."""


class FormulaError(BadInput):
    """A formula's text cannot be read; ``values["at"]`` is the place (characters from 0)."""


class ModelError(BadInput):
    """A model file or a network cannot be used."""


def _again(kind: type[BadInput], key: str, values: dict[str, Any]) -> BadInput:
    return kind(key, **values)
