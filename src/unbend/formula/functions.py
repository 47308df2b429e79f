"""The functions a formula may call: one record each, with its spelling in every language it is printed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """One function. ``numpy`` and ``scalar`` (Python's ``math``) are templates filled with the arguments' source."""

    name: str
    arity: int
    numpy: str
    scalar: str


def _plain(name: str, numpy: str | None = None) -> Function:
    return Function(name, 1, f"np.{numpy or name}({{0}})", f"math.{name}({{0}})")


FUNCTIONS: dict[str, Function] = {
    f.name: f
    for f in [
        *(_plain(n) for n in ("exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt")),
        *(_plain(n) for n in ("sin", "cos", "tan", "sinh", "cosh", "tanh")),
        *(_plain(n, "arc" + n[1:]) for n in ("asin", "acos", "atan", "asinh", "acosh", "atanh")),
        Function("atan2", 2, "np.arctan2({0}, {1})", "math.atan2({0}, {1})"),
        Function("abs", 1, "np.abs({0})", "abs({0})"),
        Function("sign", 1, "np.sign({0})", "(({0} > 0) - ({0} < 0))"),
        Function("floor", 1, "np.floor({0})", "math.floor({0})"),
        Function("ceil", 1, "np.ceil({0})", "math.ceil({0})"),
        # maximum and minimum hand a NaN on, from whichever side it comes
        Function("max", 2, "np.maximum({0}, {1})", "max({0}, {1})"),
        Function("min", 2, "np.minimum({0}, {1})", "min({0}, {1})"),
        Function("where", 3, "np.where({0}, {1}, {2})", "({1} if {0} else {2})"),
        Function("erf", 1, "special.erf({0})", "math.erf({0})"),
        Function("erfc", 1, "special.erfc({0})", "math.erfc({0})"),
    ]
}

CONSTANTS = {"pi": "3.141592653589793", "e": "2.718281828459045"}
