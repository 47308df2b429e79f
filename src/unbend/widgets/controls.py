"""A panel of native HTML controls for a list of fields; their values are also written into the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from .fields import Button, Field
from .view import View


class Controls(View, module="controls"):
    """A panel of sliders, drop-down lists, check boxes, text inputs and buttons.

    Parameters
    ----------
    fields : sequence of Field
        The inputs, see ``unbend.widgets.fields``.
    values : mapping
        Initial values by field name; a field's default where there is none.
    hidden : sequence of str, default ()
        Names of fields without a control; they keep their initial value.
    version : str, default "1"
        Version of the URL format, written into the URL.

    Attributes
    ----------
    specs : list of dict
        Trait: description of each control.
    raw : dict of {str: str}
        Trait: the values as text, as in the URL; what the browser sends is validated by ``values``.

    Examples
    --------
    >>> from unbend.widgets import Controls
    >>> from unbend.widgets.fields import Number
    >>> panel = Controls([Number("rate", 0.5, "Learning rate", 0, 1)], {})
    >>> panel.raw = {"rate": "0.25"}  # as the browser does
    >>> panel.values
    {'rate': 0.25}
    """

    specs: traitlets.List[Any] = traitlets.List().tag(sync=True)
    raw = traitlets.Dict().tag(sync=True)  # name -> text, as in the URL
    version = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, fields: Sequence[Field], values: Mapping[str, Any], hidden: Sequence[str] = (), version: str = "1"
    ) -> None:
        self._hidden = hidden
        super().__init__(version=version, **self._state(fields, values))

    def set_fields(self, fields: Sequence[Field], values: Mapping[str, Any] | None = None) -> None:
        """Replace the fields, for example by ones that depend on an uploaded table.

        Parameters
        ----------
        fields : sequence of Field
        values : mapping, optional
            Initial values by field name.
        """
        with self.hold_sync():
            for name, value in self._state(fields, values or {}).items():
                setattr(self, name, value)

    def _state(self, fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
        self._fields = {field.name: field for field in fields}
        self._initial = {field.name: values.get(field.name, field.default) for field in fields}
        return {
            "specs": [
                {"name": f.name, "label": f.label, "default": f.write(f.default), "needs": [list(n) for n in f.needs],
                 **f.spec()}
                for f in fields
                if f.name not in self._hidden
            ],
            "raw": {name: self._fields[name].write(value) for name, value in self._initial.items()},
        }  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        """Values by field name; an invalid text from the browser is replaced by the initial value."""
        result = dict(self._initial)
        for name, field in self._fields.items():
            text = self.raw.get(name)
            try:
                if isinstance(field, Button):
                    result[name] = int(text) if isinstance(text, str) and text.isdigit() else 0
                elif isinstance(text, str):
                    result[name] = field.read(text)
            except ValueError:
                continue
        return result

    def set_value(self, name: str, value: Any) -> None:
        """Set a value; the browser shows it and writes it into the URL.

        Parameters
        ----------
        name : str
        value : object
        """
        text = self._fields[name].write(value)
        if self.raw.get(name) != text:
            self.raw = {**self.raw, name: text}
