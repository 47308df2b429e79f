"""Where a table bends: the network's gain attributed to columns and pairs, and the smallest change of the linear model.

All shares are fractions of the held-out loss that the network removes from the linear model's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...arrays import Array
from ...display import Displayed
from ..decide import LEVEL, corrected_interval

if TYPE_CHECKING:
    from ...solve import Formula

Interval = tuple[float, float]


def gain_share(reduction: Array, gain: float, ratio: float) -> tuple[float, Interval]:
    """The reduction of the folds' losses (folds,) as a share of the gain, with its corrected 95 % interval.

    The gain itself is taken as known: the interval is the uncertainty of this curve or term. ``ratio``: test rows /
    training rows of a fold.
    """
    low, high, _ = corrected_interval(reduction / gain, ratio, LEVEL)
    return float(reduction.mean() / gain), (low, high)


@dataclass(frozen=True)
class Curve:
    """What a column's own curve contributes: ``share`` of the network's gain, with its 95 % ``interval``.

    ``bends``: whether the curve was selected; the others were tried after it, and contribute next to nothing.
    """

    column: str
    share: float
    interval: Interval
    bends: bool


@dataclass(frozen=True)
class Pair:
    """What two columns contribute only jointly, beyond the curves of either: ``share`` of the network's gain."""

    columns: tuple[str, str]
    share: float
    interval: Interval


@dataclass(frozen=True)
class FormulaStep:
    """One more term in the linear model, and the ``share`` of the network's gain reached with it."""

    term: str
    share: float
    interval: Interval


@dataclass(frozen=True)
class Suggestion(Displayed):
    """The smallest change of the linear model that reaches most of the gain.

    ``steps``: the terms, one after another, added to the full linear model. ``text`` is the formula to copy, for
    ``unbend fit --formula``, ``Formula(...).fit`` and ``unbend check``; ``share`` what it reaches by itself: it has
    no place for the columns in ``left_out`` (labels, dates). For classes it stands for the log odds of ``of``, and
    ``share`` is that of the last step. ``values`` are its fitted coefficients by name, b0, b1, …, from the rows that
    the bends were searched on (complete ones); {} where there are more than two classes.
    """

    text: str
    steps: tuple[FormulaStep, ...]
    share: float
    interval: Interval
    left_out: tuple[str, ...] = ()
    of: str | None = None
    values: Mapping[str, float] = field(default_factory=dict)

    @property
    def formula(self) -> Formula:
        """The text, parsed."""
        from ...solve import Formula

        return Formula(self.text)

    @property
    def offered(self) -> bool:
        """Whether the formula by itself is better than the linear model, which also has the columns in ``left_out``."""
        return self.share > 0

    @property
    def text_with_values(self) -> str:
        """The formula with the fitted coefficients put in, to six digits; "" where there are none."""
        if not self.values:
            return ""
        left, equals, right = self.text.rpartition(" = ")
        names = "|".join(re.escape(name) for name in self.values)

        def number(match: re.Match[str]) -> str:
            value = self.values[match[2]]
            sign = match[1] if value >= 0 or not match[1] else " - "
            return f"{sign}{value if not match[1] else abs(value):.6g}"

        return left + equals + re.sub(rf"( \+ |^)({names})\b", number, right)

    def to_json(self) -> dict[str, Any]:
        """Everything by name."""
        return {
            "text": self.text,
            "share": self.share,
            "interval": list(self.interval),
            "steps": [{"term": s.term, "share": s.share, "interval": list(s.interval)} for s in self.steps],
            "left_out": list(self.left_out),
            "of": self.of,
            "offered": self.offered,
            "values": dict(self.values),
            "text_with_values": self.text_with_values,
        }


@dataclass(frozen=True)
class Where(Displayed):
    """Where it bends.

    ``curves``: every column that was tried, strongest first; ``pairs``: those columns that contribute only jointly.
    Each share is what the curve or pair adds to those before it, curves first, so that they sum to ``reached``, which
    may exceed 1 (curves can do better than the network); what is missing from 1 needs three columns jointly, or is too
    small to be detected. ``searched`` is False where nothing was tried, because bends do not pay; ``cut`` is True where
    time ran out.
    """

    curves: tuple[Curve, ...] = ()
    pairs: tuple[Pair, ...] = ()
    reached: float = 0.0
    interval: Interval = (0.0, 0.0)
    suggestion: Suggestion | None = None
    searched: bool = True
    cut: bool = False

    @property
    def bends(self) -> tuple[str, ...]:
        """The columns that bend, those with the largest shares first (a pair's counts for both)."""
        shares: dict[str, float] = {c.column: c.share for c in self.curves if c.bends}
        for pair in self.pairs:
            for name in pair.columns:
                shares[name] = shares.get(name, 0.0) + pair.share
        return tuple(sorted(shares, key=lambda name: -shares[name]))

    def own(self, column: str) -> float:
        """The share of the column's own curve; 0 where it does not bend by itself."""
        return next((c.share for c in self.curves if c.column == column and c.bends), 0.0)

    def partners(self, column: str) -> dict[str, float]:
        """The columns it bends jointly with, and the share of each pair."""
        shares = {}
        for pair in self.pairs:
            if column in pair.columns:
                shares[pair.columns[1] if pair.columns[0] == column else pair.columns[0]] = pair.share
        return shares

    def to_json(self) -> dict[str, Any]:
        """Everything by name (see ``unbend fit --json``)."""
        return {
            "looked": self.searched,
            "bends": list(self.bends),
            "reached": self.reached,
            "interval": list(self.interval),
            "columns": [
                {"column": c.column, "share": c.share, "interval": list(c.interval), "bends": c.bends}
                for c in self.curves
            ],
            "pairs": [{"columns": list(p.columns), "share": p.share, "interval": list(p.interval)} for p in self.pairs],
            "formula": self.suggestion.to_json() if self.suggestion else None,
        }
