"""Input fields of a `Controls` panel: number, choice, switch, text line, button; each parses and checks its text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..words import say


@dataclass(frozen=True)
class Field:
    """One input of a `Controls` panel.

    Parameters
    ----------
    name : str
        Key of the value, also in the URL.
    default : object
        Value where none is given.
    label : str
        Text shown beside the control.
    needs : tuple of (str, str or float), keyword-only, default ()
        Dependencies (field name, value): the field is active only while one of these fields is active and equals
        this text, or is at least this number.
    """

    name: str
    default: Any
    label: str
    needs: tuple[tuple[str, str | float], ...] = field(default=(), kw_only=True)

    def read(self, text: str) -> Any:
        """Parse the URL's text. Raises ``ValueError``, with the reason as a sentence, where it is out of range."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """Format the value for the URL."""
        return str(value)

    def display(self, value: Any) -> str:
        """Format the value as the reader sees it."""
        return self.write(value)

    def spec(self) -> dict[str, Any]:
        """Description of the control for the browser, JSON-ready."""
        raise NotImplementedError


@dataclass(frozen=True)
class Number(Field):
    """A slider from ``low`` to ``high`` in steps of ``step``, or over the values ``marks`` alone (0.001, 0.003, …)."""

    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    marks: tuple[float, ...] = ()

    def read(self, text: str) -> float | int:
        try:
            value = float(text)
        except (TypeError, ValueError):
            raise ValueError(say("lab.not_a_number", name=self.label, got=str(text)[:40])) from None
        if not math.isfinite(value) or not self.low <= value <= self.high or (self.marks and value not in self.marks):
            raise ValueError(say("lab.out_of_range", name=self.label, got=str(text)[:40], low=f"{self.low:g}",
                                 high=f"{self.high:g}"))  # fmt: skip
        integral = all(float(v).is_integer() for v in self.marks or (self.step, self.low))
        if integral and not value.is_integer():
            raise ValueError(say("lab.out_of_range", name=self.label, got=str(text)[:40], low=f"{self.low:g}",
                                 high=f"{self.high:g}"))  # fmt: skip
        return int(value) if integral else value

    def write(self, value: Any) -> str:
        return f"{value:.10g}"

    def spec(self) -> dict[str, Any]:
        return {"kind": "number", "low": self.low, "high": self.high, "step": self.step, "marks": list(self.marks)}


@dataclass(frozen=True)
class Choice(Field):
    """A drop-down list; ``options`` are (value, displayed text) pairs."""

    options: tuple[tuple[str, str], ...] = ()

    def read(self, text: str) -> str:
        if text not in [value for value, _ in self.options]:
            known = ", ".join(value for value, _ in self.options)
            raise ValueError(say("lab.no_such_choice", name=self.label, got=str(text)[:40], known=known))
        return text

    def display(self, value: Any) -> str:
        return dict(self.options).get(value, str(value))

    def spec(self) -> dict[str, Any]:
        return {"kind": "choice", "options": [list(option) for option in self.options]}


@dataclass(frozen=True)
class Switch(Field):
    """A check box."""

    def read(self, text: str) -> bool:
        if text not in ("0", "1"):
            raise ValueError(say("lab.no_such_choice", name=self.label, got=str(text)[:40], known="0, 1"))
        return text == "1"

    def write(self, value: Any) -> str:
        return "1" if value else "0"

    def spec(self) -> dict[str, Any]:
        return {"kind": "switch"}


@dataclass(frozen=True)
class TextLine(Field):
    """A text input of at most ``max_length`` characters (``rows`` > 1: a text area). Never executed, only parsed."""

    max_length: int = 300
    rows: int = 1

    def read(self, text: str) -> str:
        if not isinstance(text, str) or len(text) > self.max_length:
            raise ValueError(say("lab.text_too_long", name=self.label, most=self.max_length))
        return text

    def spec(self) -> dict[str, Any]:
        return {"kind": "line", "max_length": self.max_length, "rows": self.rows}


@dataclass(frozen=True)
class Button(Field):
    """A button; its value is the number of clicks. It is not part of the URL."""

    default: int = 0
    label: str = ""

    def read(self, text: str) -> int:
        return 0

    def spec(self) -> dict[str, Any]:
        return {"kind": "action"}


def active_fields(fields: Sequence[Field], values: Mapping[str, Any]) -> list[Field]:
    """The fields whose ``needs`` are met by these values."""
    by_name = {field.name: field for field in fields}

    def active(field: Field) -> bool:
        return not field.needs or any(active(by_name[name]) and meets(values[name], v) for name, v in field.needs)

    def meets(value: Any, required: str | float) -> bool:
        return bool(value == required if isinstance(required, str) else value >= required)

    return [field for field in fields if field.name in values and active(field)]
