"""What cannot be: the one question behind every proof. "For all members L = R" is proved by L ≠ R being impossible.

A condition is taken case by case; in each case equations are solved for what they determine and put in, what is no
polynomial becomes symbols with known facts, and the rest is tested for a contradiction: an equation that reads 1 = 0,
an inequation that reads 0 ≠ 0, or a sum of inequalities that reads 0 > 0. True is a proof; False means not proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp

from .algebra import expression, symbols
from .atoms import Atoms
from .cases import cases
from .certificate import contradictory
from .conditions import Comparison, Condition, Kind, Literal, TooMany
from .polynomials import Polynomials, fact, rational

_UNREAL = (sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I)
Expression = Any


def impossible(condition: Condition, fields: Mapping[str, str] | None = None) -> bool:
    """Whether it is proved that no real numbers meet the condition, everything in it having a value.

    ``fields`` says of names whether they stand for "rational" or "integer" numbers.
    """
    try:
        return all(_System(row, fields or {}).contradictory() for row in cases(condition))
    except TooMany:
        return False


class _System:
    """Literals without choices, as SymPy expressions: equal to 0, not 0, above 0, at least 0."""

    def __init__(self, row: Sequence[Literal], fields: Mapping[str, str]) -> None:
        values, signed = symbols(row, fields)
        self.kinds: list[tuple[Expression, str, bool]] = []
        self.zero: list[Expression] = []
        self.unequal: list[Expression] = []
        self.positive: list[Expression] = [s for s in signed if s.is_positive]
        self.at_least: list[Expression] = [s for s in signed if not s.is_positive]
        for literal in row:
            if isinstance(literal, Kind):
                self._take_kind(literal, expression(literal.node, values))
            else:
                self._take(literal, values)

    def contradictory(self) -> bool:
        """Whether a contradiction is found."""
        return self._solved() or any(self._of_no_kind(*k) for k in self.kinds) or self._as_polynomials()

    def _take_kind(self, literal: Kind, value: Expression) -> None:
        if literal.holds and not value.is_Symbol and not value.is_number and value.is_polynomial(*value.free_symbols):
            self.zero.append(value - sp.Dummy(literal.kind, **{literal.kind: True}))  # value = n, a whole number
        else:
            self.kinds.append((value, literal.kind, literal.holds))

    def _of_no_kind(self, value: Expression, kind: str, holds: bool) -> bool:
        """Whether the value is surely of the kind it must not be, or not of the one it must be."""
        found = getattr(sp.expand(value), f"is_{kind}")
        return found is not None and found != holds

    def _take(self, literal: Comparison, values: Mapping[str, Expression]) -> None:
        difference = expression(literal.left, values) - expression(literal.right, values)
        if literal.relation in ("<", "<="):
            difference = -difference
        where = {"==": self.zero, "!=": self.unequal, "<": self.positive, ">": self.positive}
        where.get(literal.relation, self.at_least).extend(_real([difference]))

    # --- equations that determine a symbol

    def _solved(self) -> bool:
        """Put in what equations determine; True where that alone is a contradiction."""
        self._open_logarithms()
        waiting = True
        while waiting:
            waiting = False
            for equation in self.zero:
                plain = sp.expand(equation)
                if plain.is_number and plain.is_zero is False:
                    return True
                found = _determined(plain)
                if found is None:
                    continue
                symbol, value = found
                if (symbol.is_integer and value.is_integer is False) or (
                    symbol.is_rational and value.is_rational is False
                ):
                    return True
                self._put_in(symbol, value)
                waiting = True
                break
        return False

    def _put_in(self, symbol: Expression, value: Expression) -> None:
        self.kinds = [(e.subs(symbol, value), kind, holds) for e, kind, holds in self.kinds]
        for name in ("zero", "unequal", "positive", "at_least"):
            kept = _real(e.subs(symbol, value) for e in getattr(self, name))
            setattr(self, name, [e for e in kept if e != 0] if name == "zero" else kept)

    def _open_logarithms(self) -> None:
        """k log(X) + r = 0 also says X - exp(-r/k) = 0."""
        for equation in list(self.zero):
            plain = sp.expand(equation)
            for log in plain.atoms(sp.log):
                k = plain.coeff(log)
                rest = plain - k * log
                if k.is_number and k != 0 and not rest.has(sp.log):
                    self.zero.append(log.args[0] - sp.exp(-rest / k))

    # --- polynomials

    def _as_polynomials(self) -> bool:
        self.known: list[tuple[Expression, bool]] = []  # polynomial facts, to read signs from
        for strict, expressions in ((True, self.positive), (False, self.at_least)):
            self.known += [(sp.expand(e), strict) for e in expressions if rational(e)]
        atoms = Atoms(self._sign, self._at_least_zero)
        facts = [(self._cleared(atoms.flat(e)), True) for e in self.positive]
        facts += [(self._cleared(atoms.flat(e)), False) for e in self.at_least]
        unequal = [self._top(atoms.flat(e)) for e in self.unequal]
        zero = [self._top(atoms.flat(e)) for e in self.zero]
        # the atoms' own facts are complete only now
        zero += [self._top(e) for e in atoms.zero]
        facts += [(self._cleared(e), True) for e in atoms.positive] + [
            (self._cleared(e), False) for e in atoms.at_least
        ]
        kept = [(e, strict) for e, strict in facts if _real([e])]
        return Polynomials(_real(zero), _real(unequal), kept).contradictory()

    def _top(self, e: Expression) -> Expression:
        """The numerator: an expression that is defined is 0 where its numerator is."""
        return sp.expand(sp.fraction(sp.together(e))[0])

    def _cleared(self, e: Expression) -> Expression:
        """A polynomial of the same sign: the numerator, times the denominator unless that is surely positive."""
        top, bottom = sp.fraction(sp.together(e))
        sign = self._sign(bottom)
        return sp.expand(top * sign if sign else top * bottom)

    def _sign(self, e: Expression) -> int:
        """1 or -1 where the expression is surely positive or negative, else 0."""
        if e.is_positive or e.is_negative:
            return 1 if e.is_positive else -1
        if not rational(e):
            return 0
        if self._denied(-e, False):
            return 1
        return -1 if self._denied(e, False) else 0

    def _at_least_zero(self, e: Expression) -> bool:
        return bool(e.is_nonnegative) or (rational(e) and self._denied(-e, True))

    def _denied(self, e: Expression, strict: bool) -> bool:
        """Whether e ≥ 0 (or e > 0) contradicts the polynomial facts."""
        e = sp.expand(e)
        gens = sorted(e.free_symbols, key=str)
        if not gens:
            return bool(e < 0 or (strict and e == 0))
        wanted = set(gens)
        near = [(k, s) for k, s in self.known if k.free_symbols & wanted]
        gens = sorted(wanted.union(*(k.free_symbols for k, _ in near)), key=str)
        return contradictory([fact(e, strict, gens), *(fact(k, s, gens) for k, s in near)])


def _real(expressions: Iterable[Expression]) -> list[Expression]:
    """Those that are real. To leave a condition out is safe: what is impossible without it is impossible with it."""
    return [e for e in expressions if not e.has(*_UNREAL)]


def _determined(equation: Expression) -> tuple[Expression, Expression] | None:
    """(symbol, value) where the equation is c·symbol + rest with a number c and a rest without the symbol."""
    for symbol in sorted(
        equation.free_symbols, key=lambda s: (bool(s.is_rational), bool(s.is_extended_nonnegative), str(s))
    ):
        slope = equation.diff(symbol)
        if slope.is_Rational and slope != 0:
            return symbol, sp.expand(symbol - equation / slope)
    return None
