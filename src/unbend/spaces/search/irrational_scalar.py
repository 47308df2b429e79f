"""`irrational_counterexample`: an irrational scalar, for sets whose members must be rational or integer."""

from __future__ import annotations

from collections.abc import Sequence

from ...formula.language.build import number
from ...formula.language.grammar import parse
from ...formula.language.tree import substitute
from ..language.conditions import NumberKind, literals
from ..result import Counterexample
from ..space import Space, component_names
from .trial_vectors import Vector


def irrational_counterexample(space: Space, pool: Sequence[Vector]) -> Counterexample | None:
    """A vector whose multiple by the square root of 2 is not in the set, where membership asks for rational numbers."""
    kinds = [x for x in literals(space.condition) if isinstance(x, NumberKind)] if space.condition else []
    if space.field != "real" or not any(x.kind == "rational" for x in kinds) or space.multiple_trees is None:
        return None
    from ..symbolic.sympy_expressions import to_sympy  # SymPy loads only when it is needed

    root = parse("sqrt(2)")
    names = component_names("u", space.dimension)
    for u in pool[:20]:
        components = {name: to_sympy(number(x), {}) for name, x in zip(names, u, strict=True)}
        try:
            multiple = [to_sympy(substitute(t, {"a": root}), components) for t in space.multiple_trees]
        except KeyError:  # a case distinction, such as abs
            return None
        values = dict(zip(names, multiple, strict=True))
        for kind in kinds:
            if kind.holds and getattr(to_sympy(kind.node, values), f"is_{kind.kind}") is False:
                text = ", ".join(str(x) for x in multiple)
                return Counterexample({"a": "sqrt(2)", "u": u}, f"a u = {text if len(multiple) == 1 else f'({text})'}")
    return None
