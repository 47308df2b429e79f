"""What the two axioms of existence share: candidates, and rules that refute what is asked of every z.

To prove that something exists, candidates are looked for and then proved right. To refute it, a vector u is shown for
which none can exist; or rules that give such a u to every supposed zero z.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..formula.language.build import number
from ..formula.language.grammar import parse
from ..formula.language.tree import Name, Node
from ..formula.printing.text import to_text
from .claims import Claims, Vector, equal, put
from .conditions import All, Condition, Either, negate
from .definedness import defined
from .exact import compare, evaluate
from .laws import Trees
from .points import Vector as Point
from .space import Space

TRIED = 60  # vectors a candidate must fit before it is proved
LOOKED_AT = 10  # vectors looked at for a refutation
Candidate = tuple[Node, ...]
# rules that give to a supposed zero z a vector u it cannot serve
_RULES = ("z - 1", "z + 1", "-z", "z/2", "(z - 1)/2", "(z + 1)/2", "1 - z")


def refusing(
    claims: Claims, given: Sequence[Condition], z: Candidate, served: Callable[[Candidate], Condition]
) -> list[str]:
    """Rules that give every supposed zero z a vector it cannot serve; empty where these do not reach every z."""
    escapes: list[Condition] = []  # what a z has to meet to escape the rules so far
    used: list[str] = []
    for rule in _RULES:
        u = ruled(rule, z)
        escape = Either((negate(claims.member(u)), served(u)))
        if claims.denied([*given, escape]):
            return [rule]
        escapes.append(escape)
        used.append(rule)
        if len(used) > 1 and claims.denied([*given, *escapes]):
            return used
    return []


def ruled(rule: str, z: Candidate) -> Candidate:
    """The vector a rule gives, component by component."""
    return tuple(put([parse(rule)], {"z": c})[0] for c in z)


def asks(space: Space, u: Vector, x: Vector, result: Vector) -> Condition:
    """u + x has a value, and it is the result."""
    sums = Trees(space).plus(u, x)
    return All((*(defined(s) for s in sums), equal(sums, result)))


def tree(vector: Sequence[object]) -> Candidate:
    """Trees of exact numbers."""
    return tuple(number(x) for x in vector)  # type: ignore[arg-type]


def values(z: Candidate) -> Point:
    """The exact values of trees without names."""
    return tuple(evaluate(c, {}) for c in z)


def same(left: Sequence[object], right: Sequence[object]) -> bool:
    """Equal as far as can be told."""
    return not any(compare("!=", x, y) for x, y in zip(left, right, strict=True))


def text(vector: Vector) -> str:
    """Trees as a reader writes them: (u1, 2*u2), and u where there is one component."""
    if len(vector) == 1:  # u, where there is only u1
        return to_text(put(vector, {f"{letter}1": Name(letter) for letter in "uxz"})[0])
    return f"({', '.join(to_text(c) for c in vector)})"
