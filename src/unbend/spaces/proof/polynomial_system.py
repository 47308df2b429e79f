"""Systems of polynomial equations, inequations and inequalities, and whether they are infeasible."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import sympy as sp
from sympy.polys.rings import PolyRing

from ..symbolic.work_limit import spend
from .infeasibility_certificate import Fact, Terms, infeasible

_MAX_SYMBOLS, _MAX_EQUATIONS, _MAX_DEGREE = 16, 10, 8  # of a system whose Gröbner basis is computed
_MAX_IMPLIED = 12  # up to this many inequalities, each is tested for being an implied equation
Expression = Any
Signed = tuple[Expression, bool]  # a polynomial that is above 0 (True) or at least 0 (False)


class PolynomialSystem(NamedTuple):
    """Polynomials that are 0, polynomials that are not, and polynomials that are > 0 or >= 0."""

    zero: list[Expression]
    unequal: list[Expression]
    facts: list[Signed]

    def infeasible(self) -> bool:
        """Whether it is proved that there is no real solution."""
        if any(_no_integer_solution(e) for e in self.zero):
            return True
        everything = [*self.zero, *self.unequal, *(e for e, _ in self.facts)]
        gens = sorted({s for e in everything for s in e.free_symbols}, key=str)
        if not gens:
            return (
                any(e != 0 for e in self.zero)
                or any(e == 0 for e in self.unequal)
                or any(e < 0 or (strict and e == 0) for e, strict in self.facts)
            )
        basis = _basis(self.zero, gens)
        if basis is not None and any(p.is_number for p in basis):
            return True
        reduce = _PolynomialReducer(basis, gens)
        if self._inconsistent(reduce) or (basis and self._no_solution_with_inverses(gens)):
            return True
        implied = self._implied_equations(reduce)
        return bool(implied) and self._inconsistent(_PolynomialReducer(_basis([*self.zero, *implied], gens), gens))

    def _inconsistent(self, reduce: _PolynomialReducer) -> bool:
        differences = [reduce(e) for e in self.unequal]
        if not all(differences):  # 0 ≠ 0
            return True
        inequalities = [reduce.polynomial_fact(e, strict) for e, strict in self.facts]
        if infeasible(inequalities, reduce.terms):
            return True
        # d ≠ 0 is d > 0 or d < 0: both must be impossible
        return any(
            all(infeasible([reduce.tight(Fact({k: side * c for k, c in d.items()}, True)), *inequalities], reduce.terms)
                for side in (1, -1))
            for d in differences
        )  # fmt: skip

    def _implied_equations(self, reduce: _PolynomialReducer) -> list[Expression]:
        """The expressions that are >= 0 and proved not to be > 0, so that they are 0."""
        inequalities = [reduce.polynomial_fact(e, strict) for e, strict in self.facts]
        return [
            e for i, (e, strict) in enumerate(self.facts)
            if not strict and e.is_number is False and len(self.facts) <= _MAX_IMPLIED
            and infeasible(
                [*inequalities[:i], inequalities[i]._replace(strict=True), *inequalities[i + 1 :]], reduce.terms
            )
        ]  # fmt: skip

    def _no_solution_with_inverses(self, gens: Sequence[Expression]) -> bool:
        """Whether equations and inequations exclude each other: d ≠ 0 says that some t has d t = 1 (Rabinowitsch)."""
        inverses = [sp.Dummy(real=True) for _ in self.unequal]
        inverted = [d * t - 1 for d, t in zip(self.unequal, inverses, strict=True)]
        basis = _basis([*self.zero, *inverted], [*inverses, *gens]) if inverted else None
        return basis is not None and any(p.is_number for p in basis)


class _PolynomialReducer:
    """Reduces polynomials modulo a Gröbner basis of the equations, to terms over fixed symbols."""

    def __init__(self, basis: list[Expression] | None, gens: Sequence[Expression]) -> None:
        self.gens = gens
        self.ring = PolyRing(gens, sp.QQ, "grevlex")
        self.basis = [self._element(_terms(p, gens)) for p in basis or ()]
        self._reduced: dict[Expression, Terms] = {}

    def __call__(self, e: Expression) -> Terms:
        if e not in self._reduced:
            self._reduced[e] = self.terms(_terms(e, self.gens))
        return self._reduced[e]

    def polynomial_fact(self, e: Expression, strict: bool) -> Fact:
        """The fact e > 0 or e ≥ 0, tightened where everything in it is an integer."""
        return self.tight(Fact(self(e), strict))

    def tight(self, fact: Fact) -> Fact:
        """The fact, tightened where all its symbols are integers: 2 n - 1 > 0 becomes n - 1 ≥ 0."""
        used = {s for k in fact.terms for s, n in zip(self.gens, k, strict=True) if n}
        if not used or not all(s.is_integer for s in used):
            return fact
        unit = (0,) * len(self.gens)
        constant = fact.terms.get(unit, Fraction(0))
        rest = {k: c for k, c in fact.terms.items() if k != unit}
        scale = Fraction(
            math.gcd(*(c.numerator for c in rest.values())), math.lcm(*(c.denominator for c in rest.values()))
        )
        # an integer q with q + constant / scale > 0, or >= 0
        bound = -constant / scale
        least = math.floor(bound) + 1 if fact.strict else math.ceil(bound)
        terms = {**{k: c / scale for k, c in rest.items()}, unit: Fraction(-least)}
        return Fact({k: c for k, c in terms.items() if c}, False)

    def terms(self, terms: Terms) -> Terms:
        """As calling, from terms."""
        if not self.basis or not terms:
            return terms
        spend(len(terms))
        remainder = self._element(terms).rem(self.basis)
        return {k: Fraction(int(c.numerator), int(c.denominator)) for k, c in remainder.terms()}

    def _element(self, terms: Terms) -> Any:
        return self.ring.from_dict({k: sp.QQ(c.numerator, c.denominator) for k, c in terms.items()})


def _no_integer_solution(e: Expression) -> bool:
    """Whether integers would have to add up to a fraction: 2 n + 4 m = 1 has no solution."""
    if not e.free_symbols or not all(s.is_integer for s in e.free_symbols):
        return False
    coefficients = sp.Poly(e, *e.free_symbols).as_dict()
    constant = coefficients.pop((0,) * len(e.free_symbols), sp.Integer(0))
    return bool((constant / sp.gcd_list(list(coefficients.values()))).is_integer is False)


def _terms(e: Expression, gens: Sequence[Expression]) -> Terms:
    return {k: Fraction(int(c.p), int(c.q)) for k, c in sp.Poly(e, *gens).terms() if c != 0}


def polynomial_fact(e: Expression, strict: bool, gens: Sequence[Expression]) -> Fact:
    """e > 0, or e ≥ 0, as terms over these symbols."""
    return Fact(_terms(e, gens), strict)


def is_rational_polynomial(e: Expression) -> bool:
    """Whether the expression is a polynomial with rational coefficients."""
    names = e.free_symbols
    return bool(e.is_Rational) or bool(
        names and e.is_polynomial(*names) and sp.Poly(e, *names).domain in (sp.ZZ, sp.QQ)
    )


def _basis(equations: Sequence[Expression], gens: Sequence[Expression]) -> list[Expression] | None:
    """A Gröbner basis of the equations; None where there are none, or too large a system."""
    equations = [e for e in equations if e != 0]
    if any(e.is_number for e in equations):
        return [sp.Integer(1)]
    if not equations:
        return None
    used = sorted({s for e in equations for s in e.free_symbols}, key=str)
    degree = max(sp.Poly(e, *used).total_degree() for e in equations)
    if len(used) > _MAX_SYMBOLS or len(equations) > _MAX_EQUATIONS or degree > _MAX_DEGREE:
        return None
    spend(100 * len(equations))
    return list(sp.groebner(equations, *gens, order="grevlex").exprs)
