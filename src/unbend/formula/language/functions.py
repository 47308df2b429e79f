"""The functions a formula may call: one record each, with its arity, its partial derivatives and its LaTeX.

How a function is spelled in a programming language is in ``printing``, one module per language.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """One function: what does not depend on any programming language.

    ``derivatives`` are the partial derivatives as formulas in x, y (at a kink: the value given here); ``tex`` is a
    LaTeX template, filled with the arguments.
    """

    name: str
    arity: int
    derivatives: tuple[str, ...]
    tex: str


def _named(name: str) -> str:
    return rf"\operatorname{{{{{name}}}}}\left({{0}}\right)"


def _of_one(name: str, derivative: str, tex: str | None = None) -> Function:
    return Function(name, 1, (derivative,), tex or rf"\{name}\left({{0}}\right)")


FUNCTIONS: dict[str, Function] = {
    f.name: f
    for f in [
        _of_one("exp", "exp(x)", "e^{{{0}}}"),
        _of_one("expm1", "exp(x)", r"\left(e^{{{0}}} - 1\right)"),
        _of_one("log", "1/x"),
        _of_one("log2", "1/(x*log(2))", r"\log_{{2}}\left({0}\right)"),
        _of_one("log10", "1/(x*log(10))", r"\log_{{10}}\left({0}\right)"),
        _of_one("log1p", "1/(1 + x)", r"\log\left(1 + {0}\right)"),
        _of_one("sqrt", "1/(2*sqrt(x))", r"\sqrt{{{0}}}"),
        _of_one("cbrt", "1/(3*cbrt(x)**2)", r"\sqrt[3]{{{0}}}"),
        _of_one("sin", "cos(x)"),
        _of_one("cos", "-sin(x)"),
        _of_one("tan", "1 + tan(x)**2"),
        _of_one("sinh", "cosh(x)"),
        _of_one("cosh", "sinh(x)"),
        _of_one("tanh", "1 - tanh(x)**2"),
        _of_one("asin", "1/sqrt(1 - x**2)", r"\arcsin\left({0}\right)"),
        _of_one("acos", "-1/sqrt(1 - x**2)", r"\arccos\left({0}\right)"),
        _of_one("atan", "1/(1 + x**2)", r"\arctan\left({0}\right)"),
        _of_one("asinh", "1/sqrt(x**2 + 1)", _named("arsinh")),
        _of_one("acosh", "1/(sqrt(x - 1)*sqrt(x + 1))", _named("arcosh")),
        _of_one("atanh", "1/(1 - x**2)", _named("artanh")),
        _of_one("abs", "sign(x)", r"\left|{0}\right|"),
        _of_one("sign", "0", _named("sign")),
        _of_one("floor", "0", r"\left\lfloor {0} \right\rfloor"),
        _of_one("ceil", "0", r"\left\lceil {0} \right\rceil"),
        _of_one("erf", "2/sqrt(pi)*exp(-x**2)", _named("erf")),
        _of_one("erfc", "-2/sqrt(pi)*exp(-x**2)", _named("erfc")),
        Function("atan2", 2, ("y/(x**2 + y**2)", "-x/(x**2 + y**2)"), r"\operatorname{{atan2}}\left({0}, {1}\right)"),
        # both propagate NaN, from whichever argument it comes, as np.maximum and np.minimum do
        Function("max", 2, ("where(x > y, 1, 0)", "where(x > y, 0, 1)"), r"\max\left({0}, {1}\right)"),
        Function("min", 2, ("where(x < y, 1, 0)", "where(x < y, 0, 1)"), r"\min\left({0}, {1}\right)"),
        Function(
            "where", 3, ("0", "0", "0"),
            r"\begin{{cases}} {1} & \text{{if }} {0} \\ {2} & \text{{else}} \end{{cases}}",
        ),
    ]
}  # fmt: skip

# aliases
ALIASES = {
    "ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "maximum": "max", "minimum": "min", "fabs": "abs", "absolute": "abs",
}  # fmt: skip

# functions that are formulas in x themselves; the activations are more of them (see ``definitions``)
DEFINED = {"logit": "log(x/(1 - x))"}

CONSTANTS = {"pi": "3.141592653589793", "e": "2.718281828459045"}
