"""Formulas in JavaScript, for numbers (doubles)."""

from __future__ import annotations

from ..language.erfc_series import ERF_TERMS, ERFC_END, ERFC_SERIES, TWO_OVER_ROOT_PI
from .language import Language

# JavaScript has no error function. The square is split so that its lost digits are not: h*h is exact.
_ERF = f"""\
const ERFC = [{", ".join(map(repr, ERFC_SERIES))}];
function erfc(x) {{
  const z = Math.abs(x), t = 2 / (2 + z), u = 2 * t - 1, h = Math.fround(z);
  if (!(z < {ERFC_END})) return Number.isNaN(x) ? NaN : x < 0 ? 2 : 0;
  let b = 0, before = 0;
  for (let i = ERFC.length - 1; i > 0; i--) [b, before] = [2 * u * b + (ERFC[i] - before), b];
  const y = t * (u * b + (ERFC[0] - before)) * Math.exp(-h * h) * Math.exp((h - z) * (h + z));
  return x < 0 ? 2 - y : y;
}}
function erf(x) {{
  if (x === 0) return x;
  if (!(Math.abs(x) < 0.5)) return Math.sign(x) * (1 - erfc(Math.abs(x)));
  let term = x, sum = x;
  for (let n = 1; n < {ERF_TERMS}; n++) {{
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }}
  return sum * {TWO_OVER_ROOT_PI};
}}
"""
# Math.pow gives NaN for 1**NaN and (-1)**Infinity; IEEE 754 and NumPy give 1. -x**2 would be a syntax error.
_POWER = """\
function power(x, y) {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : Math.pow(x, y);
}
"""

JAVASCRIPT = Language(
    functions={
        **{name: f"Math.{name}({{0}})" for name in (
            "exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "sin", "cos", "tan", "sinh", "cosh",
            "tanh", "asin", "acos", "atan", "asinh", "acosh", "atanh", "abs", "floor", "ceil")},
        "sign": "(Math.sign({0}) + 0)",  # -0 becomes 0, as in NumPy
        "erf": "erf({0})",
        "erfc": "erfc({0})",
        "atan2": "Math.atan2({0}, {1})",
        "max": "Math.max({0}, {1})",
        "min": "Math.min({0}, {1})",
    },
    operators={"**": "power({0}, {1})"},
    helpers={"**": _POWER, "erf": _ERF, "erfc": _ERF},
    conditional="({0} ? {1} : {2})",
    as_number="({0} ? 1.0 : 0.0)",
    as_condition="({0} != 0.0)",
    assignment="const {0} = {1};",
    definition="function {name}({parameters}) {{\n{body}  return {value};\n}}\n",
    indent="  ",
    keywords=frozenset(
        "await break case catch class const continue debugger default delete do else enum eval export extends false "
        "finally for function if implements import in instanceof interface let new null package private protected "
        "public return static super switch this throw true try typeof var void while with yield arguments ERFC "
        "Infinity NaN undefined Number Math".split()
    ),
)  # fmt: skip
