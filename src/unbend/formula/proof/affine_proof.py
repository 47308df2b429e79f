"""The proof that a formula is affine: case by case over the signs it asks for, the same straight form in every case.

f is affine in the names S when f = sum of c_i*s_i + d with c_i and d free of S. In each case the normal form is
divided out; cases that differ only in signs of S must agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..language.tree import Node, names
from .normal_form import Normal
from .signs import ANY, Key, NeedSign, Signed, Signs, Undefined, feasible
from .sparse_polynomial import ONE, UNIT, Budget, Monomial, OutOfBudget, Polynomial, Quotient, rank, times, whole

_MOST_CASES = 40


@dataclass(frozen=True)
class Form:
    """The straight form in one case: a coefficient for each name that has one, the constant, the case's signs."""

    coefficients: dict[str, Quotient]
    constant: Quotient
    signs: dict[Key, Signs]


class _Case:
    def __init__(self, signs: dict[Key, Signs], values: dict[str, Quotient]) -> None:
        self.signs = signs
        self.values = values  # names that equations of this case give


def straight_forms(tree: Node, subject: frozenset[str], units: int) -> tuple[Signed, list[Form]] | None:
    """The straight forms of the tree, one for each case; or None where no proof was found within the units of work."""
    return next(_proofs(tree, subject, units), None)


def is_zero(tree: Node, units: int) -> bool:
    """Whether the tree is 0 wherever it has a value, proved by algebra."""
    return any(
        all(atoms.is_zero(form.constant) for form in forms) for atoms, forms in _proofs(tree, frozenset(), units)
    )


def _proofs(tree: Node, subject: frozenset[str], units: int) -> Iterator[tuple[Signed, list[Form]]]:
    """Proofs that go through more and more cases, within the units of work for all of them."""
    budget = Budget(units)
    for splits in dict.fromkeys((frozenset[str](), subject, frozenset(names(tree)))):
        atoms = Signed(budget)
        try:
            forms = _prove(tree, subject, atoms, splits)
        except OutOfBudget:
            return
        if forms:
            yield atoms, forms


def _prove(tree: Node, subject: frozenset[str], atoms: Signed, splits: frozenset[str]) -> list[Form] | None:
    flat: list[tuple[_Case, Quotient]] = []  # cases inside an equation in the subject: a rim of the others
    found: list[tuple[_Case, Form]] = []
    for case, value in _cases(tree, subject, atoms, splits):
        if any(signs == {0} and atoms.names(dict(key)) & subject for key, signs in case.signs.items()):
            flat.append((case, value))
            continue
        form = _divide(atoms, value, subject)
        if form is None:
            return None
        for other, known in found:
            if _compatible(atoms, case, other, subject) and not _agree(atoms, form, known):
                return None
        found.append((case, form))
    for case, value in flat:
        around = [known for other, known in found if _compatible(atoms, case, other, subject)]
        if not around or not all(_fits(atoms, case, value, known) for known in around):
            return None
    return [form for _, form in found]


def _cases(
    tree: Node, subject: frozenset[str], atoms: Signed, splits: frozenset[str]
) -> Iterator[tuple[_Case, Quotient]]:
    waiting = [_Case({}, {})]
    count = 0
    while waiting:
        case = waiting.pop()
        atoms.restrict(case.signs)
        count += 1
        if count > _MOST_CASES:
            raise OutOfBudget
        try:
            value = Normal(atoms, splits, case.values).of(tree)
        except NeedSign as question:
            waiting.extend(_split(atoms, case, question, subject))
        except (Undefined, ZeroDivisionError):
            continue
        else:
            case.signs = dict(atoms.signs)
            yield case, value


def _split(atoms: Signed, case: _Case, question: NeedSign, subject: frozenset[str]) -> Iterator[_Case]:
    key = frozenset(question.polynomial.items())
    known = atoms.signs.get(key, ANY)
    parts = [{0, 1}, {-1, 0}] if question.closed else [{1}, {-1}, {0}]
    for part in parts:
        signs = known & frozenset(part)
        if not signs or (question.closed and signs == {0}):
            continue
        new = _Case({**case.signs, key: signs}, dict(case.values))
        solved = _solve(atoms, question.polynomial, subject) if signs == {0} else None
        if solved is not None:
            new.values[solved[0]] = solved[1]
        if feasible(atoms, new.signs):
            yield new


def _solve(atoms: Signed, p: Polynomial, subject: frozenset[str]) -> tuple[str, Quotient] | None:
    """The name that p = 0 gives, where one stands in it alone and to the first power; rather one of the subject."""
    found: dict[str, Quotient] = {}
    for monomial, coefficient in p.items():
        if len(monomial) == 1 and monomial[0][1] == 1 and atoms.table[monomial[0][0]].kind == "name":
            name = atoms.table[monomial[0][0]].label
            rest = {m: -c / coefficient for m, c in p.items() if m != monomial}
            if name not in atoms.names(rest):
                found[name] = whole(rest)
    return min(found.items(), key=lambda item: item[0] not in subject, default=None)


def _compatible(atoms: Signed, a: _Case, b: _Case, subject: frozenset[str]) -> bool:
    """Whether some values of the other names need both cases; at 0 itself either of >= 0 and <= 0 is enough."""
    for key, signs in a.signs.items():
        other = b.signs.get(key, ANY)
        both = signs & other
        if (not both or (both == {0} and {-1, 1} <= signs | other)) and not atoms.names(dict(key)) & subject:
            return False
    return True


def _agree(atoms: Signed, a: Form, b: Form) -> bool:
    none = whole({})
    return atoms.same(a.constant, b.constant) and all(
        atoms.same(a.coefficients.get(n, none), b.coefficients.get(n, none)) for n in {*a.coefficients, *b.coefficients}
    )


def _fits(atoms: Signed, case: _Case, value: Quotient, form: Form) -> bool:
    """Whether the value inside an equation is what the straight form gives there."""
    total = form.constant
    for name, coefficient in form.coefficients.items():
        total = atoms.algebra.plus(
            total, atoms.algebra.product(coefficient, case.values.get(name, atoms.named("name", name)))
        )
    return atoms.same(value, total)


def _divide(atoms: Signed, value: Quotient, subject: frozenset[str]) -> Form | None:
    """value = sum of c_i*s_i + d with c_i, d free of the subject, by long division; None where that leaves a rest."""
    algebra = atoms.algebra
    top, up = atoms.cleared(value.top)
    bottom, down = atoms.cleared(value.bottom)
    top = algebra.multiply(top, {down: Fraction(1)})
    bottom = algebra.multiply(bottom, {up: Fraction(1)})
    rest, divisor = _grouped(atoms, top, subject), _grouped(atoms, bottom, subject)
    order = sorted({atom for part in (*rest, *divisor) for atom, _ in part})
    lead = max(divisor, key=lambda m: rank(m, order))
    coefficients: dict[str, Quotient] = {}
    constant, scale = whole({}), ONE
    for _ in range(len(subject) + 2):
        if not rest:
            return Form(coefficients, constant, dict(atoms.signs))
        first = max(rest, key=lambda m: rank(m, order))
        step = times(first, tuple((atom, -e) for atom, e in lead))
        scale = algebra.multiply(scale, divisor[lead])
        factor = algebra.quotient(rest[first], scale)
        if step == UNIT:
            constant = algebra.plus(constant, factor)
        elif len(step) == 1 and step[0][1] == 1 and atoms.table[step[0][0]].kind == "name":
            name = atoms.table[step[0][0]].label
            coefficients[name] = algebra.plus(coefficients.get(name, whole({})), factor)
        else:
            return None
        taken, kept = rest[first], divisor[lead]
        new = {m: algebra.multiply(p, kept) for m, p in rest.items()}
        for m, p in divisor.items():
            place = times(m, step)
            new[place] = algebra.add(new.get(place, {}), algebra.multiply(p, taken), -1)
        rest = {m: p for m, p in new.items() if p}
    return None


def _grouped(atoms: Signed, p: Polynomial, subject: frozenset[str]) -> dict[Monomial, Polynomial]:
    """The polynomial as a polynomial in the atoms that depend on the subject."""
    groups: dict[Monomial, Polynomial] = {}
    for monomial, coefficient in p.items():
        inside = tuple(part for part in monomial if atoms.table[part[0]].names & subject)
        outside = tuple(part for part in monomial if not atoms.table[part[0]].names & subject)
        groups.setdefault(inside, {})[outside] = coefficient
    return groups
