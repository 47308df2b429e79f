"""The straight forms of several cases as one: where they differ, ``where`` asks for the signs that tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from ..language.build import ONE, ZERO, call, multiply
from ..language.tree import Binary, Node
from .affine_parts import Parts
from .affine_proof import Form
from .signs import ANY, Key, Signed
from .simplify import to_tree
from .sparse_polynomial import Quotient, whole

_ASKS = {
    frozenset({1}): ">", frozenset({-1}): "<", frozenset({0}): "==", frozenset({0, 1}): ">=", frozenset({-1, 0}): "<=",
    frozenset({-1, 1}): "!=",
}  # fmt: skip


def gathered(atoms: Signed, forms: Sequence[Form], subject: Collection[str]) -> Parts:
    """The coefficients and the constant for all cases together."""
    asked = [
        key for key in dict.fromkeys(key for form in forms for key in form.signs)
        if not atoms.names(dict(key)) & frozenset(subject) and len({form.signs.get(key, ANY) for form in forms}) > 1
    ]  # fmt: skip
    conditions = [_condition(atoms, form, asked) for form in forms]

    def chosen(values: Sequence[Quotient]) -> Node:
        trees = [to_tree(atoms, q) for q in values]
        total = usual = Counter(trees).most_common(1)[0][0]
        for condition, tree in zip(conditions, trees, strict=True):
            if tree != usual:
                total = call("where", condition, tree, total)
        return total

    names = dict.fromkeys(name for form in forms for name in form.coefficients)
    none = whole({})
    return Parts(
        {name: chosen([form.coefficients.get(name, none) for form in forms]) for name in names},
        chosen([form.constant for form in forms]),
    )


def _condition(atoms: Signed, form: Form, asked: Sequence[Key]) -> Node:
    total: Node = ONE
    for key in asked:
        signs = form.signs.get(key, ANY)
        if signs in _ASKS:
            total = multiply(total, Binary(_ASKS[signs], to_tree(atoms, whole(dict(key))), ZERO))
    return total
