"""A panel of native controls: sliders, choices, switches, lines of text, buttons; their state goes into the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from ..lab.state import Action, Field
from .view import View


class Controls(View, module="controls"):
    """``values`` by name, as the reader set them; what a browser sends is checked as a URL is."""

    specs: traitlets.List[Any] = traitlets.List().tag(sync=True)
    raw = traitlets.Dict().tag(sync=True)  # name -> text, as in the URL
    version = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, fields: Sequence[Field], values: Mapping[str, Any], hidden: Sequence[str] = (), version: str = "1"
    ) -> None:
        self._hidden = hidden
        super().__init__(version=version, **self._asking(fields, values))

    def ask(self, fields: Sequence[Field], values: Mapping[str, Any] | None = None) -> None:
        """Ask for other fields from now on, such as the columns of a table that has come."""
        with self.hold_sync():
            for name, state in self._asking(fields, values or {}).items():
                setattr(self, name, state)

    def _asking(self, fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
        self._fields = {field.name: field for field in fields}
        self._start = {field.name: values.get(field.name, field.default) for field in fields}
        return {
            "specs": [
                {"name": f.name, "label": f.label, "default": f.write(f.default), "needs": [list(n) for n in f.needs],
                 **f.spec()}
                for f in fields
                if f.name not in self._hidden
            ],
            "raw": {name: self._fields[name].write(value) for name, value in self._start.items()},
        }  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        """The values by name; one that the browser sent and that does not fit counts as not sent."""
        result = dict(self._start)
        for name, field in self._fields.items():
            text = self.raw.get(name)
            try:
                if isinstance(field, Action):
                    result[name] = int(text) if isinstance(text, str) and text.isdigit() else 0
                elif isinstance(text, str):
                    result[name] = field.read(text)
            except ValueError:
                continue
        return result

    def put(self, name: str, value: Any) -> None:
        """Set a value from here; the browser shows it and writes it into the URL."""
        text = self._fields[name].write(value)
        if self.raw.get(name) != text:
            self.raw = {**self.raw, name: text}
