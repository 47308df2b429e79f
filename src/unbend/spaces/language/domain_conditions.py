"""Domains: where an expression has a real value, given its divisions, roots, logarithms and powers."""

from __future__ import annotations

from ...formula.language.build import as_number
from ...formula.language.tree import Binary, Call, Negative, Node, Number
from .conditions import ONE, TRUE, ZERO, AllOf, AnyOf, Comparison, Condition, NumberKind, condition_of, negate

_MINUS_ONE = Negative(Number("1"))
_DOMAIN: dict[str, tuple[tuple[str, Node], ...]] = {
    **dict.fromkeys(("log", "log2", "log10"), ((">", ZERO),)),
    "log1p": ((">", _MINUS_ONE),),
    "sqrt": ((">=", ZERO),),
    **dict.fromkeys(("asin", "acos"), ((">=", _MINUS_ONE), ("<=", ONE))),
    "acosh": ((">=", ONE),),
    "atanh": ((">", _MINUS_ONE), ("<", ONE)),
}


def domain_condition(node: Node) -> Condition:
    """Where the expression has a real value; of a ``where`` only the chosen branch must have one."""
    parts: list[Condition]
    match node:
        case Call("where", (choice, one, other)):
            chosen = condition_of(choice)
            first, second = domain_condition(one), domain_condition(other)
            if first == second == TRUE:
                return domain_condition(choice)
            return _all([domain_condition(choice), AnyOf((AllOf((chosen, first)), AllOf((negate(chosen), second))))])
        case Negative(operand):
            return domain_condition(operand)
        case Binary(operator, left, right):
            parts = [domain_condition(left), domain_condition(right)]
            if operator == "/" and not as_number(right):
                parts.append(Comparison("!=", right, ZERO))
            if operator == "**":
                parts.append(_power(left, right))
            return _all(parts)
        case Call(function, arguments):
            parts = [domain_condition(a) for a in arguments]
            parts += [Comparison(relation, arguments[0], bound) for relation, bound in _DOMAIN.get(function, ())]
            return _all(parts)
    return TRUE


def _power(base: Node, exponent: Node) -> Condition:
    power, number = as_number(exponent), as_number(base)
    if number is not None and number > 0:
        return TRUE
    if power is None:
        positive = Comparison(">", base, ZERO)
        zero = AllOf((Comparison("==", base, ZERO), Comparison(">=", exponent, ZERO)))
        integer = AllOf((NumberKind("integer", exponent), Comparison("!=", base, ZERO)))
        return AnyOf((positive, zero, integer))
    if power.denominator == 1:
        return TRUE if power >= 0 else Comparison("!=", base, ZERO)
    return Comparison(">=" if power > 0 else ">", base, ZERO)


def _all(parts: list[Condition]) -> Condition:
    needed = tuple(dict.fromkeys(p for p in parts if p != TRUE))
    return needed[0] if len(needed) == 1 else AllOf(needed)
