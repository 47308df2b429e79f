"""Where a tree has a real value: the conditions its divisions, roots, logarithms and powers ask for."""

from __future__ import annotations

from ..formula.language.build import as_number
from ..formula.language.tree import Binary, Call, Negative, Node, Number
from .conditions import ONE, TRUE, ZERO, All, Comparison, Condition, Either, Kind, negate, truth

_MINUS_ONE = Negative(Number("1"))
_DOMAIN: dict[str, tuple[tuple[str, Node], ...]] = {
    **dict.fromkeys(("log", "log2", "log10"), ((">", ZERO),)),
    "log1p": ((">", _MINUS_ONE),),
    "sqrt": ((">=", ZERO),),
    **dict.fromkeys(("asin", "acos"), ((">=", _MINUS_ONE), ("<=", ONE))),
    "acosh": ((">=", ONE),),
    "atanh": ((">", _MINUS_ONE), ("<", ONE)),
}


def defined(node: Node) -> Condition:
    """The condition under which the tree has a real value; of a ``where`` only the branch taken must have one."""
    parts: list[Condition]
    match node:
        case Call("where", (choice, one, other)):
            chosen = truth(choice)
            first, second = defined(one), defined(other)
            if first == second == TRUE:
                return defined(choice)
            return _all([defined(choice), Either((All((chosen, first)), All((negate(chosen), second))))])
        case Negative(operand):
            return defined(operand)
        case Binary(operator, left, right):
            parts = [defined(left), defined(right)]
            if operator == "/" and not as_number(right):
                parts.append(Comparison("!=", right, ZERO))
            if operator == "**":
                parts.append(_power(left, right))
            return _all(parts)
        case Call(function, arguments):
            parts = [defined(a) for a in arguments]
            parts += [Comparison(relation, arguments[0], bound) for relation, bound in _DOMAIN.get(function, ())]
            return _all(parts)
    return TRUE


def _power(base: Node, exponent: Node) -> Condition:
    power, number = as_number(exponent), as_number(base)
    if number is not None and number > 0:
        return TRUE
    if power is None:
        positive = Comparison(">", base, ZERO)
        zero = All((Comparison("==", base, ZERO), Comparison(">=", exponent, ZERO)))
        whole = All((Kind("integer", exponent), Comparison("!=", base, ZERO)))
        return Either((positive, zero, whole))
    if power.denominator == 1:
        return TRUE if power >= 0 else Comparison("!=", base, ZERO)
    return Comparison(">=" if power > 0 else ">", base, ZERO)


def _all(parts: list[Condition]) -> Condition:
    kept = tuple(dict.fromkeys(p for p in parts if p != TRUE))
    return kept[0] if len(kept) == 1 else All(kept)
