"""Formulas in Python over the standard library's ``math``, for floats.

``math`` raises where IEEE 754 gives NaN or an infinity; the helpers give what NumPy gives.
"""

from __future__ import annotations

import keyword

from ..language.functions import FUNCTIONS
from .language import Language


def _guarded(name: str, fine: str, otherwise: str) -> str:
    return f"def _{name}(x):\n    return math.{name}(x) if {fine} else {otherwise}\n"


_HELPERS = {
    "exp": _guarded("exp", "not x > 709.782712893384", "math.inf"),
    "expm1": _guarded("expm1", "not x > 709.782712893384", "math.inf"),
    "sinh": _guarded("sinh", "not abs(x) > 710.4758600739439", "x * math.inf"),
    "cosh": _guarded("cosh", "not abs(x) > 710.4758600739439", "math.inf"),
    "sin": _guarded("sin", "abs(x) != math.inf", "math.nan"),
    "cos": _guarded("cos", "abs(x) != math.inf", "math.nan"),
    "tan": _guarded("tan", "abs(x) != math.inf", "math.nan"),
    **{name: _guarded(name, "x > 0", "-math.inf if x == 0 else math.nan") for name in ("log", "log2", "log10")},
    "log1p": _guarded("log1p", "x > -1", "-math.inf if x == -1 else math.nan"),
    "sqrt": _guarded("sqrt", "x >= 0", "math.nan"),
    "asin": _guarded("asin", "-1 <= x <= 1", "math.nan"),
    "acos": _guarded("acos", "-1 <= x <= 1", "math.nan"),
    "acosh": _guarded("acosh", "x >= 1", "math.nan"),
    "atanh": _guarded("atanh", "-1 < x < 1", "x * math.inf if abs(x) == 1 else math.nan"),
    **{name: f"def _{name}(x):\n    return math.copysign(math.{name}(x), x) if math.isfinite(x) else x\n"
       for name in ("floor", "ceil")},
    "sign": "def _sign(x):\n    return 1.0 if x > 0 else -1.0 if x < 0 else 0.0 if x == 0 else x\n",
    "max": "def _max(a, b):\n    return a if a > b or a != a else b\n",
    "min": "def _min(a, b):\n    return a if a < b or a != a else b\n",
    "/": """\
def _divide(a, b):
    if b == 0:
        return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)
    return a / b
""",
    "**": """\
def _power(a, b):
    odd = b % 2 == 1
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and odd else math.inf
    except ValueError:
        return math.nan if a != 0 else math.copysign(math.inf, a) if odd else math.inf
""",
}  # fmt: skip

PYTHON = Language(
    functions={
        **{name: f"math.{name}({{0}})" for name in (
            "cbrt", "tanh", "asinh", "atan", "erf", "erfc")},
        **{name: f"_{name}({', '.join(f'{{{i}}}' for i in range(FUNCTIONS[name].arity))})"
           for name in _HELPERS if name in FUNCTIONS},
        "atan2": "math.atan2({0}, {1})",
        "abs": "abs({0})",
    },
    operators={"/": "_divide({0}, {1})", "**": "_power({0}, {1})"},
    helpers=_HELPERS,
    conditional="({1} if {0} else {2})",
    as_number="(1.0 if {0} else 0.0)",
    as_condition="({0} != 0.0)",
    assignment="{0} = {1}",
    definition="def {name}({parameters}):\n{body}    return {value}\n",
    header="import math\n\n\n",
    separator="\n\n",
    keywords=frozenset([*keyword.kwlist, "math"]),
)  # fmt: skip
