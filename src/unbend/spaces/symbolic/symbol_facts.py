"""Symbols for roots, exponentials, logarithms and the like, with the facts known of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

Expression = Any


class SymbolFacts:
    """Symbols by their meaning; expressions known to be 0 (``zero``), positive (``positive``), >= 0 (``at_least``).

    ``sign(p)`` is 1 or -1 where a rational expression is proved positive or negative, else 0; ``at_least_zero(p)``
    says whether it is proved to be >= 0.
    """

    def __init__(self, sign: Callable[[Expression], int], at_least_zero: Callable[[Expression], bool]) -> None:
        self.sign = sign
        self.at_least_zero = at_least_zero
        self.zero: list[Expression] = []
        self.positive: list[Expression] = []
        self.at_least: list[Expression] = []
        self._symbols: dict[tuple[Any, ...], Expression] = {}
        self._meanings: dict[Expression, tuple[Any, ...]] = {}

    def pi(self) -> Expression:
        """The symbol for pi, which lies between 3 and 22/7."""
        if ("pi",) not in self._symbols:
            symbol = self._atom(("pi",), positive=True)
            self.positive += [symbol - 3, sp.Rational(22, 7) - symbol]
        return self._symbols[("pi",)]

    def _atom(self, meaning: tuple[Any, ...], **assumptions: bool) -> Expression:
        """The symbol with this meaning; a new one has these SymPy assumptions, or is just real."""
        if meaning in self._symbols:
            return self._symbols[meaning]
        symbol = sp.Dummy(str(meaning[0]), **(assumptions or {"real": True}))
        self._symbols[meaning] = symbol
        self._meanings[symbol] = meaning
        if assumptions.get("positive"):
            self.positive.append(symbol)
        elif assumptions.get("nonnegative"):
            self.at_least.append(symbol)
        self._bounds(symbol, *meaning)
        return symbol

    def _bounds(self, symbol: Expression, kind: str, *meaning: Expression) -> None:
        """Bounds from convexity: exp(m) ≥ 1 + m, and the same of -m; 1 - 1/q ≤ log(q) ≤ q - 1."""
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
        """The logarithm of a positive symbol or an integer."""
        kind, *meaning = self._meanings.get(base, ("", None))
        if kind == "root":
            return self._log_of(meaning[0]) / meaning[1]
        return self._atom(("log", base))

    def _sign_assumptions(self, e: Expression) -> dict[str, bool]:
        """{"positive": True} or {"nonnegative": True} where that is proved, else {}."""
        if self.sign(e) > 0:
            return {"positive": True}
        return {"nonnegative": True} if self.at_least_zero(e) else {}
