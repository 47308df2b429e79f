"""The proof that a formula is affine in some names: by cases over the signs it needs, one affine form in each case.

f is affine in the names S where f = sum of c_i*s_i + d with c_i and d free of S. In each case polynomial division of
the normal form yields c_i and d; cases that differ only in signs of S must yield the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..language.tree import Node, names
from .feasibility import feasible
from .normal_form import NormalForm
from .signs import ANY_SIGN, Key, NeedSign, SignedAtoms, Signs, UndefinedCase
from .sparse_polynomial import (
    ONE,
    UNIT,
    Budget,
    Monomial,
    OutOfBudget,
    Polynomial,
    Quotient,
    as_quotient,
    lexicographic_key,
    multiply_monomials,
)

_MAX_CASES = 40


@dataclass(frozen=True)
class AffineForm:
    """The affine form in one case: the coefficients that are not 0, the constant, the assumed signs."""

    coefficients: dict[str, Quotient]
    constant: Quotient
    signs: dict[Key, Signs]


class _Case:
    """The assumed signs, and what the equations among them say of names."""

    def __init__(self, signs: dict[Key, Signs], values: dict[str, Quotient], closed: frozenset[Key]) -> None:
        self.signs = signs
        self.values = values  # names that an equation of this case determines
        self.closed = closed  # expressions at whose zeros both signs are valid


def affine_forms(tree: Node, subject: frozenset[str], units: int) -> tuple[SignedAtoms, list[AffineForm]] | None:
    """The affine forms of the tree, one for each case; None where no proof is found within the budget of work."""
    return next(_proofs(tree, subject, units), None)


def is_zero(tree: Node, units: int) -> bool:
    """Whether the tree is proved to be 0 wherever it has a value, within the budget of work."""
    return any(
        all(atoms.is_zero(form.constant) for form in forms) for atoms, forms in _proofs(tree, frozenset(), units)
    )


def _proofs(tree: Node, subject: frozenset[str], units: int) -> Iterator[tuple[SignedAtoms, list[AffineForm]]]:
    """Proofs with more and more case distinctions, all within one budget of work."""
    budget = Budget(units)
    for splits in dict.fromkeys((frozenset[str](), subject, frozenset(names(tree)))):
        atoms = SignedAtoms(budget)
        try:
            forms = _prove(tree, subject, atoms, splits)
        except OutOfBudget:
            return
        if forms:
            yield atoms, forms


def _prove(tree: Node, subject: frozenset[str], atoms: SignedAtoms, splits: frozenset[str]) -> list[AffineForm] | None:
    boundary: list[tuple[_Case, Quotient]] = []  # cases on an equation in the subject, between the others
    proved: list[tuple[_Case, AffineForm]] = []
    for case, value in _cases(tree, subject, atoms, splits):
        if any(signs == {0} and atoms.names(dict(key)) & subject for key, signs in case.signs.items()):
            boundary.append((case, value))
            continue
        form = _divide(atoms, value, subject)
        if form is None:
            return None
        for other, other_form in proved:
            if _compatible(atoms, case, other, subject) and not _agree(atoms, form, other_form):
                return None
        proved.append((case, form))
    for case, value in boundary:
        adjacent = [form for other, form in proved if _compatible(atoms, case, other, subject)]
        if not adjacent or not all(_satisfies(atoms, case, value, form) for form in adjacent):
            return None
    return [form for _, form in proved]


def _cases(
    tree: Node, subject: frozenset[str], atoms: SignedAtoms, splits: frozenset[str]
) -> Iterator[tuple[_Case, Quotient]]:
    stack = [_Case({}, {}, frozenset())]
    count = 0
    while stack:
        case = stack.pop()
        atoms.start_case(case.signs)
        count += 1
        if count > _MAX_CASES:
            raise OutOfBudget
        try:
            value = NormalForm(atoms, splits, case.values).root(tree)
        except NeedSign as needed:
            stack.extend(_split(atoms, case, needed, subject))
        except (UndefinedCase, ZeroDivisionError):
            continue
        else:
            case.signs = dict(atoms.signs)
            yield case, value


def _split(atoms: SignedAtoms, case: _Case, needed: NeedSign, subject: frozenset[str]) -> Iterator[_Case]:
    """The case divided by the sign that is needed, without the parts that no values satisfy."""
    key = frozenset(needed.polynomial.items())
    assumed = atoms.signs.get(key, ANY_SIGN)
    parts = [{0, 1}, {-1, 0}] if needed.closed else [{1}, {-1}, {0}]
    for part in parts:
        signs = assumed & frozenset(part)
        if not signs or (needed.closed and signs == {0}):
            continue
        closed = case.closed | {key} if needed.closed else case.closed - {key}
        new = _Case({**case.signs, key: signs}, dict(case.values), closed)
        solved = _solve(atoms, needed.polynomial, subject) if signs == {0} else None
        if solved is not None:
            new.values[solved[0]] = solved[1]
        if feasible(atoms, new.signs, new.closed):
            yield new


def _solve(atoms: SignedAtoms, p: Polynomial, subject: frozenset[str]) -> tuple[str, Quotient] | None:
    """A name that p = 0 can be solved for (linear, with a constant coefficient), and its value; the subject first."""
    solutions: dict[str, Quotient] = {}
    for monomial, coefficient in p.items():
        if len(monomial) == 1 and monomial[0][1] == 1 and atoms.table[monomial[0][0]].kind == "name":
            name = atoms.table[monomial[0][0]].label
            solution = {m: -c / coefficient for m, c in p.items() if m != monomial}
            if name not in atoms.names(solution):
                solutions[name] = as_quotient(solution)
    return min(solutions.items(), key=lambda item: item[0] not in subject, default=None)


def _compatible(atoms: SignedAtoms, a: _Case, b: _Case, subject: frozenset[str]) -> bool:
    """Whether some values of the other names occur in both cases; at 0 itself either of >= 0 and <= 0 is enough."""
    for key, signs in a.signs.items():
        other = b.signs.get(key, ANY_SIGN)
        both = signs & other
        if (not both or (both == {0} and {-1, 1} <= signs | other)) and not atoms.names(dict(key)) & subject:
            return False
    return True


def _agree(atoms: SignedAtoms, a: AffineForm, b: AffineForm) -> bool:
    zero = as_quotient({})
    return atoms.equal(a.constant, b.constant) and all(
        atoms.equal(a.coefficients.get(n, zero), b.coefficients.get(n, zero))
        for n in {*a.coefficients, *b.coefficients}
    )


def _satisfies(atoms: SignedAtoms, case: _Case, value: Quotient, form: AffineForm) -> bool:
    """Whether the affine form has this value where the equation of the case holds."""
    total = form.constant
    for name, coefficient in form.coefficients.items():
        total = atoms.algebra.add_quotients(
            total, atoms.algebra.multiply_quotients(coefficient, case.values.get(name, atoms.symbol("name", name)))
        )
    return atoms.equal(value, total)


def _divide(atoms: SignedAtoms, value: Quotient, subject: frozenset[str]) -> AffineForm | None:
    """value = sum of c_i*s_i + d with c_i, d free of the subject, by long division; None where a remainder is left."""
    algebra = atoms.algebra
    numerator, numerator_factor = atoms.clear_negative_powers(value.numerator)
    denominator, denominator_factor = atoms.clear_negative_powers(value.denominator)
    numerator = algebra.multiply(numerator, {denominator_factor: Fraction(1)})
    denominator = algebra.multiply(denominator, {numerator_factor: Fraction(1)})
    remainder, divisor = _collect(atoms, numerator, subject), _collect(atoms, denominator, subject)
    order = sorted({atom for part in (*remainder, *divisor) for atom, _ in part})
    lead = max(divisor, key=lambda m: lexicographic_key(m, order))
    coefficients: dict[str, Quotient] = {}
    constant, scale = as_quotient({}), ONE
    for _ in range(len(subject) + 2):
        if not remainder:
            return AffineForm(coefficients, constant, dict(atoms.signs))
        first = max(remainder, key=lambda m: lexicographic_key(m, order))
        step = multiply_monomials(first, tuple((atom, -e) for atom, e in lead))
        scale = algebra.multiply(scale, divisor[lead])
        factor = algebra.quotient(remainder[first], scale)
        if step == UNIT:
            constant = algebra.add_quotients(constant, factor)
        elif len(step) == 1 and step[0][1] == 1 and atoms.table[step[0][0]].kind == "name":
            name = atoms.table[step[0][0]].label
            coefficients[name] = algebra.add_quotients(coefficients.get(name, as_quotient({})), factor)
        else:
            return None
        leading, divisor_leading = remainder[first], divisor[lead]
        new = {m: algebra.multiply(p, divisor_leading) for m, p in remainder.items()}
        for m, p in divisor.items():
            monomial = multiply_monomials(m, step)
            new[monomial] = algebra.add(new.get(monomial, {}), algebra.multiply(p, leading), -1)
        remainder = {m: p for m, p in new.items() if p}
    return None


def _collect(atoms: SignedAtoms, p: Polynomial, subject: frozenset[str]) -> dict[Monomial, Polynomial]:
    """The polynomial as a polynomial in the atoms that depend on the subject."""
    groups: dict[Monomial, Polynomial] = {}
    for monomial, coefficient in p.items():
        inside = tuple(part for part in monomial if atoms.table[part[0]].names & subject)
        outside = tuple(part for part in monomial if not atoms.table[part[0]].names & subject)
        groups.setdefault(inside, {})[outside] = coefficient
    return groups
