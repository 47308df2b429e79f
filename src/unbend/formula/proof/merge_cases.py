"""`merge_cases`: the affine forms of several cases as one, with ``where`` on the signs that distinguish them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from ..language.build import ONE, ZERO, call, multiply
from ..language.tree import Binary, Node
from .affine_parts import AffineParts
from .affine_proof import AffineForm
from .signs import ANY_SIGN, Key, SignedAtoms
from .simplify import to_tree
from .sparse_polynomial import Quotient, as_quotient

_COMPARISON = {
    frozenset({1}): ">", frozenset({-1}): "<", frozenset({0}): "==", frozenset({0, 1}): ">=", frozenset({-1, 0}): "<=",
    frozenset({-1, 1}): "!=",
}  # fmt: skip


def merge_cases(atoms: SignedAtoms, forms: Sequence[AffineForm], subject: Collection[str]) -> AffineParts:
    """The coefficients and the constant, valid in every case."""
    keys = dict.fromkeys(key for form in forms for key in form.signs)
    tested = [
        key
        for key in keys
        if not atoms.names(dict(key)) & frozenset(subject)
        and len({form.signs.get(key, ANY_SIGN) for form in forms}) > 1
    ]
    conditions = [_condition(atoms, form, tested) for form in forms]

    def piecewise(values: Sequence[Quotient]) -> Node:
        trees = [to_tree(atoms, q) for q in values]
        total = default = Counter(trees).most_common(1)[0][0]
        for condition, tree in zip(conditions, trees, strict=True):
            if tree != default:
                total = call("where", condition, tree, total)
        return total

    names = dict.fromkeys(name for form in forms for name in form.coefficients)
    zero = as_quotient({})
    return AffineParts(
        {name: piecewise([form.coefficients.get(name, zero) for form in forms]) for name in names},
        piecewise([form.constant for form in forms]),
    )


def _condition(atoms: SignedAtoms, form: AffineForm, tested: Sequence[Key]) -> Node:
    total: Node = ONE
    for key in tested:
        signs = form.signs.get(key, ANY_SIGN)
        if signs in _COMPARISON:
            total = multiply(total, Binary(_COMPARISON[signs], to_tree(atoms, as_quotient(dict(key))), ZERO))
    return total
