"""A formula as a whole function in Python, C or JavaScript, ready to be compiled and run."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence

from .source import to_source
from .tree import Call, Node, walk

_C_WORDS = frozenset(
    "auto break case char const continue default do double else enum extern float for goto if inline int long register "
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while "
    "y0 y1 yn j0 j1 jn gamma div main".split()
)
_JS_WORDS = frozenset(
    "await break case catch class const continue debugger default delete do else enum eval export extends false "
    "finally for function if implements import in instanceof interface let new null package private protected public "
    "return static super switch this throw true try typeof var void while with yield arguments erf Math Number".split()
)
# Abramowitz & Stegun 7.1.5 (series) and 7.1.14 (continued fraction): JavaScript has no error function
_JS_ERF = """\
function erf(x) {
  const a = Math.abs(x);
  if (!(a < 6)) return Number.isNaN(a) ? NaN : Math.sign(x);
  if (a < 2.5) {
    let term = a, sum = a;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -a * a / n;
      sum += term / (2 * n + 1);
    }
    return Math.sign(x) * sum * 2 / Math.sqrt(Math.PI);
  }
  let tail = 0;
  for (let n = 60; n > 0; n--) tail = n / 2 / (a + tail);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + tail));
}
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
    helper = _JS_ERF if any(isinstance(n, Call) and n.function in ("erf", "erfc") for n in walk(node)) else ""
    body = _plain(to_source(node, "javascript", {a: renamed.get(a, a) for a in arguments}))
    return f"{helper}function {name}({_listed(arguments, renamed)}) {{\n  return {body};\n}}\n"


def _listed(arguments: Sequence[str], renamed: Mapping[str, str]) -> str:
    return ", ".join(renamed.get(a, a) for a in arguments)


def _is_function(name: str) -> bool:
    from .functions import FUNCTIONS

    return name in FUNCTIONS or name in ("pow", "fabs")


def _plain(source: str) -> str:
    """Without the outermost brackets, where they are one pair."""
    depth = 0
    for i, c in enumerate(source):
        depth += (c == "(") - (c == ")")
        if depth == 0 and i < len(source) - 1:
            return source
    return source[1:-1] if source.startswith("(") and source.endswith(")") else source
