"""The state of a page: its fields, and their values in the URL, range-checked on reading."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..words import say

VERSION = "1"  # of the URLs; raised when a field changes its meaning


@dataclass(frozen=True)
class Field:
    """One thing a reader can set. ``label`` is the text shown beside it.

    ``needs`` are pairs (name, value): it is shown only while one of those fields is shown and has this text, or at
    least this number.
    """

    name: str
    default: Any
    label: str
    needs: tuple[tuple[str, str | float], ...] = field(default=(), kw_only=True)

    def read(self, text: str) -> Any:
        """The value meant by the URL's text; raises ``ValueError`` with the plain reason where there is none."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The value as the URL's text."""
        return str(value)

    def told(self, value: Any) -> str:
        """The value as the reader sees it."""
        return self.write(value)

    def spec(self) -> dict[str, Any]:
        """What the browser needs to draw it."""
        raise NotImplementedError


@dataclass(frozen=True)
class Number(Field):
    """A slider from ``low`` to ``high`` in steps; ``marks`` are the only values where given (0.001, 0.003, …)."""

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
        whole = all(float(v).is_integer() for v in self.marks or (self.step, self.low))
        if whole and not value.is_integer():
            raise ValueError(say("lab.out_of_range", name=self.label, got=str(text)[:40], low=f"{self.low:g}",
                                 high=f"{self.high:g}"))  # fmt: skip
        return int(value) if whole else value

    def write(self, value: Any) -> str:
        return f"{value:.10g}"

    def spec(self) -> dict[str, Any]:
        return {"kind": "number", "low": self.low, "high": self.high, "step": self.step, "marks": list(self.marks)}


@dataclass(frozen=True)
class Choice(Field):
    """One of some: ``options`` are (value, text shown) pairs."""

    options: tuple[tuple[str, str], ...] = ()

    def read(self, text: str) -> str:
        if text not in [value for value, _ in self.options]:
            known = ", ".join(value for value, _ in self.options)
            raise ValueError(say("lab.no_such_choice", name=self.label, got=str(text)[:40], known=known))
        return text

    def told(self, value: Any) -> str:
        return dict(self.options).get(value, str(value))

    def spec(self) -> dict[str, Any]:
        return {"kind": "choice", "options": [list(option) for option in self.options]}


@dataclass(frozen=True)
class Switch(Field):
    """On or off."""

    def read(self, text: str) -> bool:
        if text not in ("0", "1"):
            raise ValueError(say("lab.no_such_choice", name=self.label, got=str(text)[:40], known="0, 1"))
        return text == "1"

    def write(self, value: Any) -> str:
        return "1" if value else "0"

    def spec(self) -> dict[str, Any]:
        return {"kind": "switch"}


@dataclass(frozen=True)
class Line(Field):
    """A line of text of at most ``longest`` characters (``rows`` > 1: several lines). Never run, only parsed."""

    longest: int = 300
    rows: int = 1

    def read(self, text: str) -> str:
        if not isinstance(text, str) or len(text) > self.longest:
            raise ValueError(say("lab.text_too_long", name=self.label, most=self.longest))
        return text

    def spec(self) -> dict[str, Any]:
        return {"kind": "line", "longest": self.longest, "rows": self.rows}


@dataclass(frozen=True)
class Action(Field):
    """A button; its value counts how often it was pressed. It stays out of the URL."""

    default: int = 0
    label: str = ""

    def read(self, text: str) -> int:
        return 0

    def spec(self) -> dict[str, Any]:
        return {"kind": "action"}


@dataclass(frozen=True)
class State:
    """What a URL asks for: values by name, names of hidden fields, and what could not be used, as plain sentences."""

    values: dict[str, Any]
    hidden: tuple[str, ...]
    problems: tuple[str, ...]


def shown(fields: Sequence[Field], values: Mapping[str, Any]) -> list[Field]:
    """The fields that count while the others have these values."""
    named = {one.name: one for one in fields}

    def counts(one: Field) -> bool:
        return not one.needs or any(counts(named[name]) and meets(values[name], least) for name, least in one.needs)

    def meets(value: Any, least: str | float) -> bool:
        return bool(value == least if isinstance(least, str) else value >= least)

    return [one for one in fields if one.name in values and counts(one)]


def read(parameters: Mapping[str, Any], fields: Sequence[Field], parts: Sequence[str] = ()) -> State:
    """The state in a URL's parameters. What is wrong is named and replaced by its default; nothing silently.

    ``parts`` are names beside the fields' that ``_hide`` may hide.
    """
    problems: list[str] = []
    given = {str(key): value[-1] if isinstance(value, list) else value for key, value in parameters.items()}
    version = given.get("v", VERSION)
    if version != VERSION:
        problems.append(say("lab.other_version", got=str(version)[:20], ours=VERSION))
        given = {key: value for key, value in given.items() if key.startswith("_")}
    values = {}
    for one in fields:
        values[one.name] = one.default
        if one.name in given and not isinstance(one, Action):
            try:
                values[one.name] = one.read(given[one.name])
            except ValueError as problem:
                problems.append(str(problem))
    known = [*(one.name for one in fields), *parts]
    asked = [name for name in str(given.get("_hide", "")).split(",") if name]
    unknown = [name for name in asked if name not in known]
    problems += [say("lab.nothing_to_hide", got=name[:40], known=", ".join(known)) for name in unknown]
    return State(values, tuple(name for name in asked if name in known), tuple(problems))
