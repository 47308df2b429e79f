"""Formulas that use every function and operator, and values for their names."""

from unbend.solve import Formula

CASES = [
    "a*x**2 + b*x + c", "b1*(1 - exp(-b2*x))", "1/3*x - 7/2", "x**3/(1 + x**2)", "max(x, a) - min(x, 2)*3",
    "where(x > 0.5, sin(x), -x)", "(x > 1)*2 + (x <= 1)", "erf(x) + erfc(a*x)", "atan2(x, a)", "sign(x - 1)*abs(x)",
    "floor(3*x) + ceil(x)", "cbrt(x) + log1p(x) + expm1(x)", "log2(x) + log10(x)", "asinh(x) + atanh(x/9)",
    "acosh(1 + x) - asin(x/9) + acos(x/9)", "lambda*x + double", "-x**2", "2**-x", "x**a", "sigmoid(a*x) + mish(x)",
    "pi*x + e", "(-x)**3", "x - -a", "1e-3*x", "나이*x + β",
]  # fmt: skip


def values(formula: Formula) -> dict[str, float]:
    return {name: 0.7 + 0.31 * i for i, name in enumerate((*formula.variables, *formula.parameters))}
