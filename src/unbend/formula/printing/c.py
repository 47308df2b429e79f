"""Formulas in C99: ``math.h`` alone, in ``double`` or in ``float``."""

from __future__ import annotations

import re

from .language import Language

_LIBRARY = (
    "exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "sin", "cos", "tan", "sinh", "cosh", "tanh",
    "asin", "acos", "atan", "asinh", "acosh", "atanh", "floor", "ceil", "erf", "erfc",
)  # fmt: skip
# C's fmax and fmin would drop a NaN
_HELPERS = {
    "max": "static double maximum(double a, double b) { return a > b || a != a ? a : b; }\n",
    "min": "static double minimum(double a, double b) { return a < b || a != a ? a : b; }\n",
    "sign": "static double sign(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x == 0.0 ? 0.0 : x; }\n",
}
_KEYWORDS = frozenset(
    "auto break case char const continue default do double else enum extern float for goto if inline int long register "
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while "
    "y0 y1 yn j0 j1 jn gamma div main fabs INFINITY NAN HUGE_VAL".split()
)


def _c(real: str, suffix: str) -> Language:
    return Language(
        functions={
            **{name: f"{name}{suffix}({{0}})" for name in _LIBRARY},
            "atan2": f"atan2{suffix}({{0}}, {{1}})",
            "abs": f"fabs{suffix}({{0}})",
            "max": "maximum({0}, {1})",
            "min": "minimum({0}, {1})",
            "sign": "sign({0})",
        },
        operators={"**": f"pow{suffix}({{0}}, {{1}})"},
        helpers={name: _in_type(source, real, suffix) for name, source in _HELPERS.items()},
        conditional="({0} ? {1} : {2})",
        as_number=f"({{0}} ? 1.0{suffix} : 0.0{suffix})",
        as_condition=f"({{0}} != 0.0{suffix})",
        number=f"{{0}}{suffix}",
        assignment=f"const {real} {{0}} = {{1}};",
        definition=f"{real} {{name}}({{parameters}})\n{{{{\n{{body}}    return {{value}};\n}}}}\n",
        parameter=f"{real} {{0}}",
        no_parameters="void",
        unused_parameter="(void){0};",
        header="#include <math.h>\n\n",
        guard="#ifndef UNBEND_{name}\n#define UNBEND_{name}\n{source}#endif\n",  # several functions fit in one file
        keywords=_KEYWORDS,
    )


def _in_type(source: str, real: str, suffix: str) -> str:
    """C source of doubles with another real type."""
    return re.sub(r"(\d+\.\d+)", rf"\1{suffix}", source.replace("double", real))


C_DOUBLE = _c("double", "")
C_FLOAT = _c("float", "f")
