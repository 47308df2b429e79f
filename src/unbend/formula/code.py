"""A formula as a whole function in Python, C or JavaScript, ready to be compiled and run."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence

from .language.erfc_series import ERF_TERMS, ERFC_END, ERFC_SERIES, TWO_OVER_ROOT_PI
from .language.tree import Call, Node, walk
from .source import to_source

_C_WORDS = frozenset(
    "auto break case char const continue default do double else enum extern float for goto if inline int long register "
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while "
    "y0 y1 yn j0 j1 jn gamma div main".split()
)
_JS_WORDS = frozenset(
    "await break case catch class const continue debugger default delete do else enum eval export extends false "
    "finally for function if implements import in instanceof interface let new null package private protected public "
    "return static super switch this throw true try typeof var void while with yield arguments "
    "erf erfc ERFC Math Number".split()
)
# JavaScript has no error function. The square is split so that its lost digits are not: h*h is exact.
JS_ERF = f"""\
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
  if (!(Math.abs(x) < 0.5)) return Math.sign(x) * (1 - erfc(Math.abs(x)));
  let term = x, sum = x;
  for (let n = 1; n < {ERF_TERMS}; n++) {{
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }}
  return sum * {TWO_OVER_ROOT_PI};
}}
"""


def to_python(node: Node, arguments: Sequence[str], name: str = "f") -> str:
    """A Python function over the standard library's ``math``; arguments that are keywords get an underscore."""
    renamed = {a: f"{a}_" for a in arguments if keyword.iskeyword(a) or a in ("math", "abs", "max", "min")}
    return (
        f"import math\n\n\ndef {name}({_listed(arguments, renamed)}):\n"
        f"    return {_plain(to_source(node, 'scalar', {a: renamed.get(a, a) for a in arguments}))}\n"
    )


def to_c(node: Node, arguments: Sequence[str], name: str = "f") -> str:
    """A C99 function of doubles."""
    renamed = {a: f"{a}_" for a in arguments if a in _C_WORDS or _is_function(a)}
    listed = ", ".join(f"double {renamed.get(a, a)}" for a in arguments) or "void"
    body = _plain(to_source(node, "c", {a: renamed.get(a, a) for a in arguments}))
    return f"#include <math.h>\n\ndouble {name}({listed}) {{\n    return {body};\n}}\n"


def to_javascript(node: Node, arguments: Sequence[str], name: str = "f") -> str:
    """A JavaScript function of numbers."""
    renamed = {a: f"{a}_" for a in arguments if a in _JS_WORDS}
    helper = JS_ERF if any(isinstance(n, Call) and n.function in ("erf", "erfc") for n in walk(node)) else ""
    body = _plain(to_source(node, "javascript", {a: renamed.get(a, a) for a in arguments}))
    return f"{helper}function {name}({_listed(arguments, renamed)}) {{\n  return {body};\n}}\n"


def _listed(arguments: Sequence[str], renamed: Mapping[str, str]) -> str:
    return ", ".join(renamed.get(a, a) for a in arguments)


def _is_function(name: str) -> bool:
    from .language.functions import FUNCTIONS

    return name in FUNCTIONS or name in ("pow", "fabs")


def _plain(source: str) -> str:
    """Without the outermost brackets, where they are one pair."""
    depth = 0
    for i, c in enumerate(source):
        depth += (c == "(") - (c == ")")
        if depth == 0 and i < len(source) - 1:
            return source
    return source[1:-1] if source.startswith("(") and source.endswith(")") else source
