"""The formula functions in ONNX: operators where the standard has them, formulas of those where it does not.

onnxruntime has no double-precision kernels for a number of operators on a CPU, so for float64 these are formulas of
the ones it has; ``_float32`` rounds to float32 and back, ``_float32_atan`` is the arc tangent of that.
"""

from __future__ import annotations

from ...formula.language.erfc_series import ERF_TERMS, ERFC_SERIES, TWO_OVER_ROOT_PI

Steps = tuple[tuple[str, str], ...]  # (name, formula); the last is the value

OPERATORS = {
    "exp": "Exp", "log": "Log", "sqrt": "Sqrt", "sin": "Sin", "cos": "Cos", "tanh": "Tanh", "abs": "Abs",
    "sign": "Sign", "floor": "Floor", "ceil": "Ceil", "max": "Max", "min": "Min",
}  # fmt: skip
# only where the network is float32
FLOAT32_OPERATORS = {
    "tan": "Tan", "sinh": "Sinh", "cosh": "Cosh", "asin": "Asin", "acos": "Acos", "atan": "Atan", "asinh": "Asinh",
    "acosh": "Acosh", "atanh": "Atanh", "erf": "Erf",
}  # fmt: skip
COMPARISONS = {"<": "Less", "<=": "LessOrEqual", ">": "Greater", ">=": "GreaterOrEqual", "==": "Equal"}
ARITHMETIC = {"+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "**": "Pow"}

# W. Kahan's way with e**x - 1 and log(1 + x): the rounding of exp(x) or 1 + x cancels in the quotient
_KAHAN: dict[str, Steps] = {
    "expm1": (
        ("u", "exp(x)"), ("d", "u - 1"),
        ("value", "where(x > 1, d, where(u == 1, x, where(d == -1, d, d*x/log(u))))"),
    ),
    "log1p": (("u", "1 + x"), ("value", "where(x > 1, log(u), where(u == 1, x, log(u)*x/(u - 1)))")),
}  # fmt: skip
COMPOSED: dict[str, Steps] = {
    **_KAHAN,
    "log2": (("value", "log(x)*1.4426950408889634"),),
    "log10": (("value", "log(x)*0.4342944819032518"),),
    # one step of Newton's method; 0 and infinity are their own cube roots
    "cbrt": (
        ("a", "abs(x)"), ("r", "a**0.3333333333333333"),
        ("value", "where(a == 2*a, x, sign(x)*(r - (r - a/(r*r))/3))"),
    ),
    "atan2": (
        ("a", "atan(x/y)"),
        ("value", "where(y > 0, a, where(y < 0, a + where(x >= 0, pi, -pi), sign(x)*(pi/2)))"),
    ),
    "tan": (("value", "sin(x)/cos(x)"),),
    "sinh": (
        ("a", "abs(x)"), ("m", "expm1(min(a, 30))"), ("e", "exp(a/2)"),
        ("value", "sign(x)*where(a > 20, (e/2)*e, (m + m/(m + 1))/2)"),
    ),
    "cosh": (
        ("a", "abs(x)"), ("m", "exp(min(a, 30))"), ("e", "exp(a/2)"),
        ("value", "where(a > 20, (e/2)*e, (m + 1/m)/2)"),
    ),
    "asinh": (
        ("a", "abs(x)"), ("c", "min(a, 1e9)"),
        ("value", "sign(x)*where(a > 1e8, log(a) + 0.6931471805599453, log1p(c + c*c/(1 + sqrt(c*c + 1))))"),
    ),
    "acosh": (
        ("t", "min(x, 1e9) - 1"),
        ("value", "where(x > 1e8, log(x) + 0.6931471805599453, log1p(t + sqrt(t*(t + 2))))"),
    ),
    "atanh": (("a", "abs(x)"), ("value", "sign(x)*(log1p(2*a/(1 - a))/2)")),
    # tan(y) = x is solved by one step from the float32 answer; infinity is moved in first
    "atan": (
        ("z", "max(min(x, 1e300), -1e300)"), ("y", "_float32_atan(z)"), ("s", "sin(y)"), ("c", "cos(y)"),
        ("value", "y + (z*c - s)/(c + z*s)"),
    ),
    "asin": (("value", "atan(x/sqrt((1 - x)*(1 + x)))"),),
    "acos": (("value", "2*atan(sqrt((1 - x)/(1 + x)))"),),
}  # fmt: skip


def _erfc_steps() -> Steps:
    """erfc by its Chebyshev series; the square of z is split so that its lost digits are not: h*h is exact."""
    steps = [("z", "min(abs(x), 28)"), ("t", "2/(2 + z)"), ("w", "4*t - 2")]
    last = len(ERFC_SERIES) - 1
    steps.append((f"b{last}", repr(ERFC_SERIES[last])))
    steps.append((f"b{last - 1}", f"w*b{last} + {ERFC_SERIES[last - 1]!r}"))
    steps += [(f"b{k}", f"w*b{k + 1} + ({ERFC_SERIES[k]!r} - b{k + 2})") for k in range(last - 2, 0, -1)]
    steps += [
        ("h", "_float32(z)"),
        ("y", f"t*((w/2)*b1 + ({ERFC_SERIES[0]!r} - b2))*exp(-(h*h))*exp((h - z)*(h + z))"),
        ("value", "where(x < 0, 2 - y, y)"),
    ]
    return tuple(steps)


def _erf_steps() -> Steps:
    """erf by its Taylor series near 0, by erfc elsewhere."""
    terms, factor = [], 1.0  # (-1)**n / (n! (2n + 1))
    for n in range(ERF_TERMS):
        terms.append(factor / (2 * n + 1))
        factor /= -(n + 1)
    sum_ = repr(terms[-1])
    for term in terms[-2::-1]:
        sum_ = f"({sum_})*q + {term!r}"
    return (
        ("q", "x*x"),
        ("value", f"where(abs(x) < 1/2, x*{TWO_OVER_ROOT_PI}*({sum_}), sign(x)*(1 - erfc(abs(x))))"),
    )


COMPOSED["erf"] = _erf_steps()
COMPOSED["erfc"] = _erfc_steps()
FLOAT32_COMPOSED: dict[str, Steps] = {**COMPOSED, "erfc": (("value", "1 - erf(x)"),)}
