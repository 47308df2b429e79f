"""`linearizing_transform`: a transform of the response that makes a formula affine, such as a logarithm.

exp(a + b*x) is not linear in a and b, but log y = a + b*x is. A transform changes the error model (what "small
residual" means), so it is suggested, never applied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from ..language.build import add, as_number, call, divide, multiply, negative, rebuild, subtract
from ..language.tree import Binary, Call, Constant, Name, Negative, Node, children, depends_on, walk
from .affine_parts import affine_parts


class Transform(NamedTuple):
    """``step`` applied to y (``log(y)``, ``1/y`` …) equals ``right``, which is affine in the names."""

    step: str
    right: Node


def linearizing_transform(tree: Node, subject: Collection[str]) -> Transform | None:
    """The transform after which the formula is affine in the names (or in the logarithms of some), if one is known."""
    for step, right in (
        ("log(y)", _log(tree)), ("1/y", _reciprocal(tree)), ("log(y/(1 - y))", _logit(tree)), ("y**2", _square(tree)),
    ):  # fmt: skip
        if right is None:
            continue
        reduced = _logs_as_names(right, subject)
        if depends_on(reduced, subject) and affine_parts(reduced, subject).is_affine:
            return Transform(step, right)
    return None


def _logs_as_names(node: Node, subject: Collection[str]) -> Node:
    """log(b) replaced by b where the name occurs nowhere else: log(b) is as good a parameter as b."""
    uses = Counter(n.name for n in walk(node) if isinstance(n, Name))
    logs = Counter(n for n in map(_logged_name, walk(node)) if n is not None)
    only_logged = {n for n in subject if n in logs and logs[n] == uses[n]}
    return _without_logs(node, only_logged) if only_logged else node


def _logged_name(node: Node) -> str | None:
    match node:
        case Call("log", (Name(name),)):
            return name
    return None


def _without_logs(node: Node, names: Collection[str]) -> Node:
    name, parts = _logged_name(node), children(node)
    if name is not None and name in names:
        return Name(name)
    return rebuild(node, [_without_logs(p, names) for p in parts]) if parts else node


def _log(node: Node) -> Node | None:
    """The logarithm of the tree as a sum, where the tree is a product of powers and exponentials."""
    match node:
        case Call("exp", (inner,)):
            return inner
        case Binary("*", left, right):
            return add(_log(left) or call("log", left), _log(right) or call("log", right))
        case Binary("/", left, right):
            return subtract(_log(left) or call("log", left), _log(right) or call("log", right))
        case Binary("**", Constant("e"), exponent):
            return exponent
        case Binary("**", base, exponent):
            return multiply(exponent, _log(base) or call("log", base))
    return None


def _reciprocal(node: Node) -> Node | None:
    match node:
        case Binary("/", numerator, denominator):
            return divide(denominator, numerator)
        case Binary("**", base, exponent) if as_number(exponent) == -1:
            return base
    return None


def _logit(node: Node) -> Node | None:
    """For y = 1/(1 + exp(-u)), exp(u)/(1 + exp(u)): u."""
    match node:
        case Call("sigmoid", (inner,)):
            return inner
        case Binary("/", numerator, Binary("+", left, right)):
            parts = (left, right) if as_number(left) == 1 else (right, left)
            match parts:
                case (one, Call("exp", (inner,))) if as_number(one) == 1:
                    if as_number(numerator) == 1:
                        return negative(inner)
                    return inner if numerator == call("exp", inner) else None
    return None


def _square(node: Node) -> Node | None:
    match node:
        case Call("sqrt", (inner,)):
            return inner
        case Negative(operand):
            return _square(operand)
    return None
