"""Unsatisfiability, the one question behind every proof: "for all members L = R" holds if L ≠ R has no solution.

A condition is split into cases; in each, equations are solved for the symbols they determine, which are eliminated;
non-polynomial parts become symbols with known facts; the polynomial system that remains is tested for a contradiction:
an equation that reads 1 = 0, an inequation that reads 0 ≠ 0, or a combination of inequalities that reads 0 > 0. True
is a proof; False means not proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp

from ..language.conditions import Comparison, Condition, Literal, NumberKind, TooManyCases
from ..symbolic.symbolic_atoms import SymbolicAtoms
from ..symbolic.sympy_expressions import sympy_symbols, to_sympy
from ..symbolic.work_limit import spend_on
from .case_split import split_cases
from .infeasibility_certificate import infeasible
from .injective import simplify_injective, take_odd_roots
from .polynomial_system import PolynomialSystem, is_rational_polynomial, polynomial_fact

_UNREAL = (sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I)
Expression = Any


Case = tuple[Literal, ...]


def unsatisfiable(
    condition: Condition, fields: Mapping[str, str] | None = None, known: dict[Case, bool] | None = None
) -> bool:
    """Whether it is proved that no real numbers satisfy the condition, everything in it having a value.

    ``fields`` says of names whether they stand for "rational" or "integer" numbers. ``known`` keeps the cases decided
    so far, for these fields; the same ones occur in many proofs.
    """
    known = {} if known is None else known
    try:
        for case in split_cases(simplify_injective(condition)):
            if case not in known:
                known[case] = _LiteralSystem(case, fields or {}).infeasible()
            if not known[case]:
                return False
        return True
    except TooManyCases:
        return False


class _LiteralSystem:
    """A conjunction of literals without choices, as SymPy expressions: = 0, ≠ 0, > 0, >= 0, and of a kind of number."""

    def __init__(self, row: Sequence[Literal], fields: Mapping[str, str]) -> None:
        values, signed = sympy_symbols(row, fields)
        self.kinds: list[tuple[Expression, str, bool]] = []
        self.zero: list[Expression] = []
        self.unequal: list[Expression] = []
        self.positive: list[Expression] = [s for s in signed if s.is_positive]
        self.at_least: list[Expression] = [s for s in signed if not s.is_positive]
        for literal in row:
            if isinstance(literal, NumberKind):
                self._add_kind(literal, to_sympy(literal.node, values))
            else:
                self._add(literal, values)

    def infeasible(self) -> bool:
        """Whether a contradiction is found."""
        return self._eliminate() or any(self._wrong_kind(*k) for k in self.kinds) or self._polynomials_infeasible()

    def _add_kind(self, literal: NumberKind, value: Expression) -> None:
        if literal.holds and not value.is_Symbol and not value.is_number and value.is_polynomial(*value.free_symbols):
            self.zero.append(
                value - sp.Dummy(literal.kind, **{literal.kind: True})
            )  # value = n, an integer or rational
        else:
            self.kinds.append((value, literal.kind, literal.holds))

    def _wrong_kind(self, value: Expression, kind: str, holds: bool) -> bool:
        """Whether SymPy knows that the value is of the kind it must not be, or not of the one it must be."""
        is_kind = getattr(sp.expand(value), f"is_{kind}")
        return is_kind is not None and is_kind != holds

    def _add(self, literal: Comparison, values: Mapping[str, Expression]) -> None:
        difference = take_odd_roots(to_sympy(literal.left, values) - to_sympy(literal.right, values))
        if literal.relation in ("<", "<="):
            difference = -difference
        where = {"==": self.zero, "!=": self.unequal, "<": self.positive, ">": self.positive}
        where.get(literal.relation, self.at_least).extend(_real([difference]))

    # --- equations that determine a symbol

    def _eliminate(self) -> bool:
        """Eliminate the symbols that equations determine; True where that gives a contradiction."""
        self._exponentiate()
        changed = True
        while changed:
            changed = False
            for equation in self.zero:
                spend_on(equation)
                plain = sp.expand(equation)
                if plain.is_number and plain.is_zero is False:
                    return True
                solved = _solved_symbol(plain)
                if solved is None:
                    continue
                symbol, value = solved
                if (symbol.is_integer and value.is_integer is False) or (
                    symbol.is_rational and value.is_rational is False
                ):
                    return True
                self._substitute(symbol, value)
                changed = True
                break
        return False

    def _substitute(self, symbol: Expression, value: Expression) -> None:
        self.kinds = [(e.subs(symbol, value), kind, holds) for e, kind, holds in self.kinds]
        for name in ("zero", "unequal", "positive", "at_least"):
            changed = _real(e.subs(symbol, value) for e in getattr(self, name))
            setattr(self, name, [e for e in changed if e != 0] if name == "zero" else changed)

    def _exponentiate(self) -> None:
        """Add X - exp(-r/k) = 0 for every equation k log(X) + r = 0."""
        for equation in list(self.zero):
            plain = sp.expand(equation)
            for log in plain.atoms(sp.log):
                k = plain.coeff(log)
                remainder = plain - k * log
                if k.is_number and k != 0 and not remainder.has(sp.log):
                    self.zero.append(log.args[0] - sp.exp(-remainder / k))

    # --- polynomials

    def _polynomials_infeasible(self) -> bool:
        self._signs: dict[Expression, int] = {}
        self._nonnegative: dict[Expression, bool] = {}
        self.known: list[tuple[Expression, bool]] = []  # polynomial facts, from which signs are proved
        for strict, expressions in ((True, self.positive), (False, self.at_least)):
            self.known += [(sp.expand(e), strict) for e in expressions if is_rational_polynomial(e)]
        atoms = SymbolicAtoms(self._sign, self._at_least_zero)
        unequal = []
        for e in self.unequal:
            unequal.append(self._numerator(atoms.atomized(e)))
            if unequal[-1] == 0:  # 0 ≠ 0
                return True
        facts = [(self._without_denominator(atoms.atomized(e)), True) for e in self.positive]
        facts += [(self._without_denominator(atoms.atomized(e)), False) for e in self.at_least]
        zero = [self._numerator(atoms.atomized(e)) for e in self.zero]
        # the facts about atoms are complete only now
        zero += [self._numerator(e) for e in atoms.zero]
        facts += [(self._without_denominator(e), True) for e in atoms.positive] + [
            (self._without_denominator(e), False) for e in atoms.at_least
        ]
        real_facts = [(e, strict) for e, strict in facts if _real([e])]
        return PolynomialSystem(_real(zero), _real(unequal), real_facts).infeasible()

    def _numerator(self, e: Expression) -> Expression:
        """The numerator: an expression that is defined is 0 where its numerator is."""
        spend_on(e)
        return sp.expand(sp.fraction(sp.together(e))[0])

    def _without_denominator(self, e: Expression) -> Expression:
        """A polynomial of the same sign: the numerator, times the denominator unless its sign is known."""
        spend_on(e)
        numerator, denominator = sp.fraction(sp.together(e))
        sign = self._sign(denominator)
        return sp.expand(numerator * sign if sign else numerator * denominator)

    def _sign(self, e: Expression) -> int:
        """1 or -1 where the expression is proved positive or negative, else 0."""
        if e.is_positive or e.is_negative:
            return 1 if e.is_positive else -1
        if e not in self._signs:
            self._signs[e] = self._proved_sign(e)
        return self._signs[e]

    def _proved_sign(self, e: Expression) -> int:
        if not is_rational_polynomial(e):
            numerator, denominator = sp.fraction(sp.together(e))
            if denominator.is_number or not _are_polynomials(numerator, denominator):
                return 0
            return self._sign(sp.expand(numerator)) * self._sign(sp.expand(denominator))
        if self._contradicts(-e, False):
            return 1
        return -1 if self._contradicts(e, False) else 0

    def _at_least_zero(self, e: Expression) -> bool:
        if e.is_nonnegative:
            return True
        if e not in self._nonnegative:
            self._nonnegative[e] = self._proved_nonnegative(e)
        return self._nonnegative[e]

    def _proved_nonnegative(self, e: Expression) -> bool:
        if is_rational_polynomial(e):
            return self._contradicts(-e, True)
        numerator, denominator = sp.fraction(sp.together(e))
        if denominator.is_number or not _are_polynomials(numerator, denominator):
            return False
        sign = self._sign(sp.expand(denominator))
        return bool(sign) and self._at_least_zero(sp.expand(sign * numerator))

    def _contradicts(self, e: Expression, strict: bool) -> bool:
        """Whether e ≥ 0 (or e > 0) contradicts the polynomial facts."""
        e = sp.expand(e)
        gens = sorted(e.free_symbols, key=str)
        if not gens:
            return bool(e < 0 or (strict and e == 0))
        occurring = set(gens)
        related = [(k, s) for k, s in self.known if k.free_symbols & occurring]
        gens = sorted(occurring.union(*(k.free_symbols for k, _ in related)), key=str)
        return infeasible([polynomial_fact(e, strict, gens), *(polynomial_fact(k, s, gens) for k, s in related)])


def _are_polynomials(*expressions: Expression) -> bool:
    return all(is_rational_polynomial(sp.expand(e)) for e in expressions)


def _real(expressions: Iterable[Expression]) -> list[Expression]:
    """Those that are real. Dropping a condition is safe: what is unsatisfiable without it is unsatisfiable with it."""
    return [e for e in expressions if not e.has(*_UNREAL)]


def _solved_symbol(equation: Expression) -> tuple[Expression, Expression] | None:
    """(symbol, value) where the equation is linear in a symbol with a constant coefficient, else None."""
    terms = sp.Add.make_args(equation)
    for symbol in sorted(
        equation.free_symbols, key=lambda s: (bool(s.is_rational), bool(s.is_extended_nonnegative), str(s))
    ):
        holding = [t for t in terms if symbol in t.free_symbols]
        if len(holding) == 1 and (slope := holding[0] / symbol).is_Rational:
            return symbol, sp.expand(symbol - equation / slope)
    return None
