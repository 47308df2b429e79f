"""The functions a formula may call: one record each, with its slope and its spelling in every language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """One function. The spellings are templates filled with the arguments' source.

    ``numpy`` works on whole arrays, ``scalar`` is Python's ``math``, ``c`` is C99's ``math.h``; ``tex`` is LaTeX.
    ``slopes`` are the partial derivatives as formulas in x, y (at a kink: the value given here).
    """

    name: str
    arity: int
    numpy: str
    scalar: str
    c: str
    javascript: str
    tex: str
    slopes: tuple[str, ...]


def _plain(name: str, slope: str, numpy: str | None = None, tex: str | None = None) -> Function:
    """A function of one argument that C, JavaScript and Python's ``math`` call by one name."""
    return Function(
        name, 1, f"np.{numpy or name}({{0}})", f"math.{name}({{0}})", f"{name}({{0}})", f"Math.{name}({{0}})",
        tex or rf"\{name}\left({{0}}\right)", (slope,),
    )  # fmt: skip


def _named(name: str) -> str:
    return rf"\operatorname{{{{{name}}}}}\left({{0}}\right)"


FUNCTIONS: dict[str, Function] = {
    f.name: f
    for f in [
        _plain("exp", "exp(x)", tex="e^{{{0}}}"),
        _plain("expm1", "exp(x)", tex=r"\left(e^{{{0}}} - 1\right)"),
        _plain("log", "1/x"),
        _plain("log2", "1/(x*log(2))", tex=r"\log_{{2}}\left({0}\right)"),
        _plain("log10", "1/(x*log(10))", tex=r"\log_{{10}}\left({0}\right)"),
        _plain("log1p", "1/(1 + x)", tex=r"\log\left(1 + {0}\right)"),
        _plain("sqrt", "1/(2*sqrt(x))", tex=r"\sqrt{{{0}}}"),
        _plain("cbrt", "1/(3*cbrt(x)**2)", tex=r"\sqrt[3]{{{0}}}"),
        _plain("sin", "cos(x)"),
        _plain("cos", "-sin(x)"),
        _plain("tan", "1 + tan(x)**2"),
        _plain("sinh", "cosh(x)"),
        _plain("cosh", "sinh(x)"),
        _plain("tanh", "1 - tanh(x)**2"),
        _plain("asin", "1/sqrt(1 - x**2)", "arcsin", r"\arcsin\left({0}\right)"),
        _plain("acos", "-1/sqrt(1 - x**2)", "arccos", r"\arccos\left({0}\right)"),
        _plain("atan", "1/(1 + x**2)", "arctan", r"\arctan\left({0}\right)"),
        _plain("asinh", "1/sqrt(x**2 + 1)", "arcsinh", _named("arsinh")),
        _plain("acosh", "1/(sqrt(x - 1)*sqrt(x + 1))", "arccosh", _named("arcosh")),
        _plain("atanh", "1/(1 - x**2)", "arctanh", _named("artanh")),
        Function(
            "atan2", 2, "np.arctan2({0}, {1})", "math.atan2({0}, {1})", "atan2({0}, {1})", "Math.atan2({0}, {1})",
            r"\operatorname{{atan2}}\left({0}, {1}\right)", ("y/(x**2 + y**2)", "-x/(x**2 + y**2)"),
        ),
        Function(
            "abs", 1, "np.abs({0})", "abs({0})", "fabs({0})", "Math.abs({0})", r"\left|{0}\right|", ("sign(x)",)
        ),
        Function(
            "sign", 1, "np.sign({0})", "(({0} > 0) - ({0} < 0))", "(double)(({0} > 0) - ({0} < 0))",
            "Math.sign({0})", _named("sign"), ("0",),
        ),
        Function(
            "floor", 1, "np.floor({0})", "math.floor({0})", "floor({0})", "Math.floor({0})",
            r"\left\lfloor {0} \right\rfloor", ("0",),
        ),
        Function(
            "ceil", 1, "np.ceil({0})", "math.ceil({0})", "ceil({0})", "Math.ceil({0})",
            r"\left\lceil {0} \right\rceil", ("0",),
        ),
        # np.maximum and np.minimum hand a NaN on, from whichever side it comes; C's fmax and fmin drop it
        Function(
            "max", 2, "np.maximum({0}, {1})", "max({0}, {1})", "(({0}) < ({1}) ? ({1}) : ({0}))",
            "Math.max({0}, {1})", r"\max\left({0}, {1}\right)", ("where(x > y, 1, 0)", "where(x > y, 0, 1)"),
        ),
        Function(
            "min", 2, "np.minimum({0}, {1})", "min({0}, {1})", "(({1}) < ({0}) ? ({1}) : ({0}))",
            "Math.min({0}, {1})", r"\min\left({0}, {1}\right)", ("where(x < y, 1, 0)", "where(x < y, 0, 1)"),
        ),
        Function(
            "where", 3, "np.where({0}, {1}, {2})", "({1} if {0} else {2})", "(({0}) ? ({1}) : ({2}))",
            "(({0}) ? ({1}) : ({2}))",
            r"\begin{{cases}} {1} & \text{{if }} {0} \\ {2} & \text{{else}} \end{{cases}}", ("0", "0", "0"),
        ),
        Function(
            "erf", 1, "special.erf({0})", "math.erf({0})", "erf({0})", "erf({0})", _named("erf"),
            ("2/sqrt(pi)*exp(-x**2)",),
        ),
        Function(
            "erfc", 1, "special.erfc({0})", "math.erfc({0})", "erfc({0})", "erfc({0})", _named("erfc"),
            ("-2/sqrt(pi)*exp(-x**2)",),
        ),
    ]
}  # fmt: skip

# other spellings people know
ALIASES = {
    "ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "maximum": "max", "minimum": "min", "fabs": "abs", "absolute": "abs",
}  # fmt: skip

# functions that are formulas in x themselves; the activations are more of them (see ``definitions``)
DEFINED = {"logit": "log(x/(1 - x))"}

CONSTANTS = {"pi": "3.141592653589793", "e": "2.718281828459045"}
