"""SymPy expressions as quotients of polynomials: roots, exponentials, logarithms and their like become symbols.

Each symbol stands for one real number, and the facts known of it are kept: sqrt(x) is s with s ≥ 0 and s² = x.
Powers and logarithms are taken apart over the factors of their argument wherever the factors' signs are known, so
that (uv)^a and u^a v^a come out as the same.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from .algebra import OddRoot
from .register import Expression, Register

_AT_LEAST_ZERO = {"nonnegative": True}


class Atoms(Register):
    """Makes the symbols. See ``Register`` for what is kept of them."""

    def flat(self, e: Expression) -> Expression:
        """The expression over symbols alone."""
        if e.is_Symbol or e.is_Rational:
            return e
        parts = [self.flat(x) for x in e.args]
        if e.is_Add or e.is_Mul:
            return e.func(*parts)
        if e.is_Pow:
            return parts[0] ** parts[1] if parts[1].is_Integer else self.power(parts[0], parts[1])
        if isinstance(e, sp.exp):
            return self.exponential(parts[0])
        if isinstance(e, sp.log):
            return self.logarithm(parts[0])
        if isinstance(e, OddRoot):
            return self.cube_root(parts[0])
        if isinstance(e, sp.floor | sp.ceiling):
            return self.rounded(parts[0]) if isinstance(e, sp.floor) else -self.rounded(-parts[0])
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
        """base ** exponent for an exponent that is no whole number.

        For a fraction the base is at least 0, since the power is defined; for other exponents it must be seen to be:
        a negative number may have a whole power.
        """
        if base == 0 and exponent.is_positive:
            return base
        if base == 0 or not (exponent.is_Rational or self.at_least_zero(base)):
            return self._atom(("any power", sp.factor(base), sp.expand(exponent)))
        found: Expression = sp.Integer(1)
        for factor, times in self._positive_factors(base):
            whole = (times * exponent).is_Integer
            found *= (
                factor ** (times * exponent) if whole else self._power(self._standing_for(factor), times * exponent)
            )
        return found

    def exponential(self, t: Expression) -> Expression:
        """exp(t), over the terms of t."""
        found: Expression = sp.Integer(1)
        for term in sp.Add.make_args(sp.expand(t)):
            log = next((s for s in term.free_symbols if self._meaning.get(s, (None,))[0] == "log"), None)
            if log is not None and log not in (term / log).free_symbols:
                found *= self._power(self._meaning[log][1], term / log)
            else:
                number, rest = term.as_coeff_Mul()
                found *= self._root(self._atom(("exp", rest), positive=True), number)
        return found

    def logarithm(self, t: Expression) -> Expression:
        """log(t), over the factors of t."""
        total: Expression = sp.Integer(0)
        for part, times in self._positive_factors(t):
            factor = self._standing_for(part)
            kind, *meaning = self._meaning.get(factor, ("", None))
            if kind == "exp":
                total += times * meaning[0]
            elif kind == "power":
                total += times * meaning[1] * self._log_of(meaning[0])
            else:
                total += times * self._log_of(factor)
        return total

    def cube_root(self, t: Expression) -> Expression:
        """The real cube root, over the factors of t."""
        if t == 0:
            return t
        found: Expression = sp.Integer(1)
        for factor, times in _factors(t):
            whole, rest = divmod(int(times), 3)
            sign = self.sign(factor) or 1
            found *= factor**whole * sign**rest
            if rest and factor != -1:
                found *= self._cube_root_of(sp.expand(sign * factor)) ** rest
        return found

    def absolute(self, t: Expression) -> Expression:
        """|t|, which is t or -t where the sign is known."""
        if self.at_least_zero(t) or self.at_least_zero(-t):
            return t if self.at_least_zero(t) else -t
        size = self._atom(("abs", sp.factor(t)), nonnegative=True)
        self.zero.append(size**2 - t**2)
        return size

    def rounded(self, t: Expression) -> Expression:
        """floor(t): a whole number n with n ≤ t < n + 1."""
        plain = sp.floor(sp.expand(t))
        for inner in plain.atoms(sp.floor):
            known = ("floor", inner.args[0]) in self._made
            n = self._atom(("floor", inner.args[0]), integer=True)
            if not known:
                self.at_least.append(inner.args[0] - n)
                self.positive.append(n + 1 - inner.args[0])
            plain = plain.subs(inner, n)
        return plain

    def circular(self, function: Any, t: Expression) -> Expression:
        """sin or cos of a sum, over its terms."""
        t = sp.expand(t)
        terms = sp.Add.make_args(t)
        if len(terms) > 1:
            first, rest = terms[0], t - terms[0]
            s, c = (self.circular(f, first) for f in (sp.sin, sp.cos))
            s2, c2 = (self.circular(f, rest) for f in (sp.sin, sp.cos))
            return s * c2 + c * s2 if function is sp.sin else c * c2 - s * s2
        plain = function(t)
        if not isinstance(plain, sp.sin | sp.cos):  # a known value, or the sign taken out
            return self.flat(plain)
        angle = plain.args[0]
        known = (sp.sin, angle) in self._made
        sine, cosine = self._atom((sp.sin, angle)), self._atom((sp.cos, angle))
        if not known:
            self.zero.append(sine**2 + cosine**2 - 1)
        return sine if function is sp.sin else cosine

    # --- powers of single symbols

    def _power(self, base: Expression, exponent: Expression) -> Expression:
        """A positive symbol (or one that is at least 0) to any power, over the terms of the exponent."""
        kind, *meaning = self._meaning.get(base, ("", None))
        if kind == "power":
            return self._power(meaning[0], sp.expand(meaning[1] * exponent))
        if kind == "exp":
            return self.exponential(meaning[0] * exponent)
        if kind == "root" and not exponent.is_Rational:
            return self._power(meaning[0], sp.expand(exponent / meaning[1]))
        found: Expression = sp.Integer(1)
        for term in sp.Add.make_args(sp.expand(exponent)):
            number, rest = term.as_coeff_Mul()
            known = self._known_of(base) or _AT_LEAST_ZERO
            stem = base if rest == 1 else self._atom(("power", base, rest), **known)
            found *= self._root(stem, number)
        return found

    def _root(self, stem: Expression, exponent: Expression) -> Expression:
        """stem ** (p/q), through the q-th root's symbol r with r^q = stem."""
        if exponent.q == 1:
            return stem**exponent
        known = ("root", stem, exponent.q) in self._made
        root = self._atom(("root", stem, exponent.q), **(self._known_of(stem) or _AT_LEAST_ZERO))
        if not known:
            self.zero.append(root**exponent.q - stem)
        return root**exponent.p

    def _cube_root_of(self, factor: Expression) -> Expression:
        known = ("cube root", factor) in self._made
        root = self._atom(("cube root", factor), **self._known_of(factor))
        if not known:
            self.zero.append(root**3 - factor)
        return root

    def _positive_factors(self, e: Expression) -> list[tuple[Expression, Expression]]:
        """Factors that are positive or at least 0, with whole powers; their product is the expression, at least 0 too.

        Beside positive factors those of unknown sign stay together, for only their product is at least 0.
        """
        found: list[tuple[Expression, Expression]] = []
        open_: list[tuple[Expression, Expression]] = []
        turned = sp.Integer(1)
        for factor, times in _factors(e):
            sign = self.sign(factor)
            if sign:
                found.append((sp.expand(sign * factor), times))
                turned *= sp.Integer(sign) ** times
            else:
                open_.append((factor, times))
        if turned == 1 and all(self.at_least_zero(factor) for factor, _ in open_):
            return [(f, t) for f, t in [*found, *open_] if f != 1]
        together = turned * sp.Mul(*(factor**times for factor, times in open_))
        return [(f, t) for f, t in [*found, (together, sp.Integer(1))] if f != 1]

    def _standing_for(self, e: Expression) -> Expression:
        """The factor itself where it is a symbol or a number, else a symbol equal to it."""
        if e.is_Symbol or e.is_Rational:
            return e
        top, bottom = sp.fraction(sp.together(e))
        known = ("value", e) in self._made
        symbol = self._atom(("value", e), **(self._known_of(e) or _AT_LEAST_ZERO))
        if not known:
            self.zero.append(sp.expand(symbol * bottom - top))
        return symbol


def _factors(e: Expression) -> list[tuple[Expression, Expression]]:
    """(factor, power) pairs with the expression as their product: polynomials without common factors, primes, -1."""
    top, bottom = sp.fraction(sp.cancel(sp.together(e)))
    found: list[tuple[Expression, Expression]] = []
    for part, direction in ((top, 1), (bottom, -1)):
        number, factors = sp.factor_list(part)
        found += [(f, sp.Integer(direction * t)) for f, t in factors]
        found += [(sp.Integer(p), sp.Integer(direction * t)) for p, t in sp.factorrat(number).items()]
    return found
