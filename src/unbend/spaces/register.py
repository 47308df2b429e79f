"""The symbols that stand for roots, exponentials, logarithms and their like, and what is known of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

Expression = Any


class Register:
    """Symbols by what they mean, and the facts about them: ``zero``, ``positive``, ``at_least`` (0).

    ``sign(p)`` says of a rational expression 1 or -1 where it is surely positive or negative, else 0;
    ``at_least_zero(p)`` whether it surely is.
    """

    def __init__(self, sign: Callable[[Expression], int], at_least_zero: Callable[[Expression], bool]) -> None:
        self.sign = sign
        self.at_least_zero = at_least_zero
        self.zero: list[Expression] = []
        self.positive: list[Expression] = []
        self.at_least: list[Expression] = []
        self._made: dict[tuple[Any, ...], Expression] = {}
        self._meaning: dict[Expression, tuple[Any, ...]] = {}

    def pi(self) -> Expression:
        """The symbol of pi, which lies between 3 and 22/7."""
        if ("pi",) not in self._made:
            symbol = self._atom(("pi",), positive=True)
            self.positive += [symbol - 3, sp.Rational(22, 7) - symbol]
        return self._made[("pi",)]

    def _atom(self, meaning: tuple[Any, ...], **known: bool) -> Expression:
        """The symbol with this meaning; a new one is ``known`` to be positive, nonnegative, integer or just real."""
        if meaning in self._made:
            return self._made[meaning]
        symbol = sp.Dummy(str(meaning[0]), **(known or {"real": True}))
        self._made[meaning] = symbol
        self._meaning[symbol] = meaning
        if known.get("positive"):
            self.positive.append(symbol)
        elif known.get("nonnegative"):
            self.at_least.append(symbol)
        self._bounds(symbol, *meaning)
        return symbol

    def _bounds(self, symbol: Expression, kind: str, *meaning: Expression) -> None:
        """What convexity tells: exp(m) ≥ 1 + m, and the same of -m; 1 - 1/q ≤ log(q) ≤ q - 1."""
        if kind == "exp":
            self.at_least += [symbol - 1 - meaning[0], 1 - symbol + symbol * meaning[0]]
        elif kind == "power" and meaning[0].is_Integer:  # 2**m = exp(m log 2)
            m = meaning[1] * self._log_of(meaning[0])
            self.at_least += [symbol - 1 - m, 1 - symbol + symbol * m]
        elif kind == "log" and meaning[0].is_Integer:
            self.positive.append(symbol)
        elif kind == "log":
            self.at_least += [meaning[0] - 1 - symbol, meaning[0] * symbol - meaning[0] + 1]

    def _log_of(self, base: Expression) -> Expression:
        """log of a positive symbol or a whole number."""
        kind, *meaning = self._meaning.get(base, ("", None))
        if kind == "root":
            return self._log_of(meaning[0]) / meaning[1]
        return self._atom(("log", base))

    def _known_of(self, e: Expression) -> dict[str, bool]:
        """{"positive": True} or {"nonnegative": True} where that is sure, else {}."""
        if self.sign(e) > 0:
            return {"positive": True}
        return {"nonnegative": True} if self.at_least_zero(e) else {}
