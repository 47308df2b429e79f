"""SymPy expressions as quotients of polynomials: roots, exponentials, logarithms and their like become symbols.

Each symbol stands for one real number, with the facts known of it: sqrt(x) is s with s ≥ 0 and s² = x. Powers and
logarithms are expanded over the factors of their argument wherever the factors' signs are known, so that (uv)^a and
u^a v^a become the same expression.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from .symbol_facts import Expression, SymbolFacts
from .sympy_expressions import CubeRoot
from .work_limit import spend_on

_AT_LEAST_ZERO = {"nonnegative": True}


class SymbolicAtoms(SymbolFacts):
    """Replaces non-polynomial parts by symbols; the facts about these are in the attributes of ``SymbolFacts``."""

    def atomized(self, e: Expression) -> Expression:
        """The expression as a quotient of polynomials in symbols."""
        if e.is_Symbol or e.is_Rational:
            return e
        parts = [self.atomized(x) for x in e.args]
        if e.is_Add or e.is_Mul:
            return e.func(*parts)
        if e.is_Pow:
            return parts[0] ** parts[1] if parts[1].is_Integer else self.power(parts[0], parts[1])
        if isinstance(e, sp.exp):
            return self.exponential(parts[0])
        if isinstance(e, sp.log):
            return self.logarithm(parts[0])
        if isinstance(e, CubeRoot):
            return self.cube_root(parts[0])
        if isinstance(e, sp.floor | sp.ceiling):
            return self.floor(parts[0]) if isinstance(e, sp.floor) else -self.floor(-parts[0])
        if isinstance(e, sp.sin | sp.cos):
            return self.circular(type(e), parts[0])
        if isinstance(e, sp.Abs):
            return self.absolute(parts[0])
        if e is sp.E:
            return self.exponential(sp.Integer(1))
        if e is sp.pi:
            return self.pi()
        return self._atom((e.func, *(sp.factor(p) for p in parts)))

    def power(self, base: Expression, exponent: Expression) -> Expression:
        """base ** exponent for an exponent that is not an integer.

        For a fraction the base is at least 0, since the power is defined; for a symbolic exponent that must be proved:
        a negative number has integer powers.
        """
        if base == 0 and exponent.is_positive:
            return base
        if base == 0 or not (exponent.is_Rational or self.at_least_zero(base)):
            return self._atom(("any power", sp.factor(base), sp.expand(exponent)))
        product: Expression = sp.Integer(1)
        for factor, times in self._positive_factors(base):
            integer = (times * exponent).is_Integer
            product *= (
                factor ** (times * exponent) if integer else self._power(self._symbol_for(factor), times * exponent)
            )
        return product

    def exponential(self, t: Expression) -> Expression:
        """exp(t), as a product over the terms of t."""
        product: Expression = sp.Integer(1)
        for term in sp.Add.make_args(sp.expand(t)):
            log = next((s for s in term.free_symbols if self._meanings.get(s, (None,))[0] == "log"), None)
            if log is not None and log not in (term / log).free_symbols:
                product *= self._power(self._meanings[log][1], term / log)
            else:
                number, remainder = term.as_coeff_Mul()
                product *= self._root(self._atom(("exp", remainder), positive=True), number)
        return product

    def logarithm(self, t: Expression) -> Expression:
        """log(t), as a sum over the factors of t."""
        total: Expression = sp.Integer(0)
        for part, times in self._positive_factors(t):
            factor = self._symbol_for(part)
            kind, *meaning = self._meanings.get(factor, ("", None))
            if kind == "exp":
                total += times * meaning[0]
            elif kind == "power":
                total += times * meaning[1] * self._log_of(meaning[0])
            else:
                total += times * self._log_of(factor)
        return total

    def cube_root(self, t: Expression) -> Expression:
        """The real cube root, as a product over the factors of t."""
        if t == 0:
            return t
        product: Expression = sp.Integer(1)
        for factor, times in self._factors(t):
            cubes, remainder = divmod(int(times), 3)
            sign = self.sign(factor) or 1
            product *= factor**cubes * sign**remainder
            if remainder and factor != -1:
                product *= self._cube_root_of(sp.expand(sign * factor)) ** remainder
        return product

    def absolute(self, t: Expression) -> Expression:
        """|t|, which is t or -t where the sign is known."""
        if self.at_least_zero(t) or self.at_least_zero(-t):
            return t if self.at_least_zero(t) else -t
        size = self._atom(("abs", sp.factor(t)), nonnegative=True)
        self.zero.append(size**2 - t**2)
        return size

    def floor(self, t: Expression) -> Expression:
        """floor(t): an integer n with n ≤ t < n + 1."""
        plain = sp.floor(sp.expand(t))
        for inner in plain.atoms(sp.floor):
            known = ("floor", inner.args[0]) in self._symbols
            n = self._atom(("floor", inner.args[0]), integer=True)
            if not known:
                self.at_least.append(inner.args[0] - n)
                self.positive.append(n + 1 - inner.args[0])
            plain = plain.subs(inner, n)
        return plain

    def circular(self, function: Any, t: Expression) -> Expression:
        """sin or cos, expanded over the terms of a sum by the addition theorems."""
        t = sp.expand(t)
        terms = sp.Add.make_args(t)
        if len(terms) > 1:
            first, remainder = terms[0], t - terms[0]
            s, c = (self.circular(f, first) for f in (sp.sin, sp.cos))
            s2, c2 = (self.circular(f, remainder) for f in (sp.sin, sp.cos))
            return s * c2 + c * s2 if function is sp.sin else c * c2 - s * s2
        plain = function(t)
        if not isinstance(plain, sp.sin | sp.cos):  # a special value, or the sign moved to the front
            return self.atomized(plain)
        angle = plain.args[0]
        known = (sp.sin, angle) in self._symbols
        sine, cosine = self._atom((sp.sin, angle)), self._atom((sp.cos, angle))
        if not known:
            self.zero.append(sine**2 + cosine**2 - 1)
        return sine if function is sp.sin else cosine

    # --- powers of single symbols

    def _power(self, base: Expression, exponent: Expression) -> Expression:
        """A symbol that is at least 0 to any power, as a product over the terms of the exponent."""
        kind, *meaning = self._meanings.get(base, ("", None))
        if kind == "power":
            return self._power(meaning[0], sp.expand(meaning[1] * exponent))
        if kind == "exp":
            return self.exponential(meaning[0] * exponent)
        if kind == "root" and not exponent.is_Rational:
            return self._power(meaning[0], sp.expand(exponent / meaning[1]))
        product: Expression = sp.Integer(1)
        for term in sp.Add.make_args(sp.expand(exponent)):
            number, remainder = term.as_coeff_Mul()
            known = self._sign_assumptions(base) or _AT_LEAST_ZERO
            stem = base if remainder == 1 else self._atom(("power", base, remainder), **known)
            product *= self._root(stem, number)
        return product

    def _root(self, stem: Expression, exponent: Expression) -> Expression:
        """stem ** (p/q), with a symbol r for the q-th root: r^q = stem."""
        if exponent.q == 1:
            return stem**exponent
        known = ("root", stem, exponent.q) in self._symbols
        root = self._atom(("root", stem, exponent.q), **(self._sign_assumptions(stem) or _AT_LEAST_ZERO))
        if not known:
            self.zero.append(root**exponent.q - stem)
        return root**exponent.p

    def _cube_root_of(self, factor: Expression) -> Expression:
        known = ("cube root", factor) in self._symbols
        root = self._atom(("cube root", factor), **self._sign_assumptions(factor))
        if not known:
            self.zero.append(root**3 - factor)
        return root

    def _positive_factors(self, e: Expression) -> list[tuple[Expression, Expression]]:
        """Factors that are at least 0, with integer powers, whose product is the expression, which is at least 0.

        Factors of unknown sign stay one factor: only their product is known to be at least 0.
        """
        factors: list[tuple[Expression, Expression]] = []
        unsigned: list[tuple[Expression, Expression]] = []
        total_sign = sp.Integer(1)
        for factor, times in self._factors(e):
            sign = self.sign(factor)
            if sign:
                factors.append((sp.expand(sign * factor), times))
                total_sign *= sp.Integer(sign) ** times
            else:
                unsigned.append((factor, times))
        if total_sign == 1 and all(self.at_least_zero(factor) for factor, _ in unsigned):
            return [(f, t) for f, t in [*factors, *unsigned] if f != 1]
        joint = total_sign * sp.Mul(*(factor**times for factor, times in unsigned))
        return [(f, t) for f, t in [*factors, (joint, sp.Integer(1))] if f != 1]

    def _factors(self, e: Expression) -> tuple[tuple[Expression, Expression], ...]:
        spend_on(e)
        return _factors(e)

    def _symbol_for(self, e: Expression) -> Expression:
        """The expression itself where it is a symbol or a number, else a symbol equal to it."""
        if e.is_Symbol or e.is_Rational:
            return e
        numerator, denominator = sp.fraction(sp.together(e))
        known = ("value", e) in self._symbols
        symbol = self._atom(("value", e), **(self._sign_assumptions(e) or _AT_LEAST_ZERO))
        if not known:
            self.zero.append(sp.expand(symbol * denominator - numerator))
        return symbol


@lru_cache(maxsize=2048)
def _factors(e: Expression) -> tuple[tuple[Expression, Expression], ...]:
    """(factor, power) pairs whose product is the expression: coprime polynomials, primes, -1."""
    numerator, denominator = sp.fraction(sp.cancel(sp.together(e)))
    pairs: list[tuple[Expression, Expression]] = []
    for part, direction in ((numerator, 1), (denominator, -1)):
        number, factors = sp.factor_list(part)
        pairs += [(f, sp.Integer(direction * t)) for f, t in factors]
        pairs += [(sp.Integer(p), sp.Integer(direction * t)) for p, t in sp.factorrat(number).items()]
    return tuple(pairs)
