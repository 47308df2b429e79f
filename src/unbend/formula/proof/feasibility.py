"""Whether linear inequalities have a common solution, by Fourier-Motzkin elimination in exact fractions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

from .signs import Key, SignedAtoms, Signs
from .sparse_polynomial import UNIT

_MAX_INEQUALITIES = 150


class _Inequality(NamedTuple):
    """sum of coefficients[name]*name + constant > 0, or >= 0 where not ``strict``."""

    coefficients: dict[str, Fraction]
    constant: Fraction
    strict: bool


def feasible(atoms: SignedAtoms, signs: Mapping[Key, Signs], closed: Collection[Key] = ()) -> bool:
    """Whether some values of the names satisfy the assumed signs of expressions that are affine in them.

    At a zero of a ``closed`` expression both of its signs are valid, so cases with such zeros alone are not needed: the
    cases beside them contain the same points. That holds where the other assumptions leave an open set.
    """
    inequalities = _inequalities(atoms, signs, frozenset())
    if not _solvable(inequalities):
        return False
    if not closed or any(0 in allowed for key, allowed in signs.items() if key not in closed):
        return True
    return _solvable(_inequalities(atoms, signs, frozenset(closed)))


def _inequalities(atoms: SignedAtoms, signs: Mapping[Key, Signs], strict: frozenset[Key]) -> list[_Inequality]:
    found: list[_Inequality] = []
    for key, allowed in signs.items():
        p = dict(key)
        powers = [m for m in p if m != UNIT]
        if not powers or any(len(m) != 1 or m[0][1] != 1 or atoms.table[m[0][0]].kind != "name" for m in powers):
            continue
        coefficients = {atoms.table[m[0][0]].label: p[m] for m in powers}
        opposite = {name: -c for name, c in coefficients.items()}
        constant = p.get(UNIT, Fraction(0))
        without_zero = 0 not in allowed or key in strict
        if -1 not in allowed:
            found.append(_Inequality(coefficients, constant, without_zero))
        if 1 not in allowed:
            found.append(_Inequality(opposite, -constant, without_zero))
    return found


def _solvable(inequalities: list[_Inequality]) -> bool:
    """Whether all hold for some values; True where that would take too long to find out."""
    while True:
        names = dict.fromkeys(name for i in inequalities for name in i.coefficients)
        if any(not i.coefficients and (i.constant < 0 or (i.strict and i.constant == 0)) for i in inequalities):
            return False
        if not names:
            return True
        name = min(names, key=lambda n: sum(n in i.coefficients for i in inequalities))
        below = [i for i in inequalities if i.coefficients.get(name, 0) > 0]
        above = [i for i in inequalities if i.coefficients.get(name, 0) < 0]
        remaining = [i for i in inequalities if name not in i.coefficients]
        if len(remaining) + len(below) * len(above) > _MAX_INEQUALITIES:
            return True
        inequalities = remaining + [_eliminate(a, b, name) for a in below for b in above]


def _eliminate(a: _Inequality, b: _Inequality, name: str) -> _Inequality:
    """A positive combination of two inequalities in which the name cancels."""
    p, q = -b.coefficients[name], a.coefficients[name]
    names = dict.fromkeys([*a.coefficients, *b.coefficients])
    sums = {n: p * a.coefficients.get(n, 0) + q * b.coefficients.get(n, 0) for n in names}
    return _Inequality(
        {n: Fraction(c) for n, c in sums.items() if c}, p * a.constant + q * b.constant, a.strict or b.strict
    )
