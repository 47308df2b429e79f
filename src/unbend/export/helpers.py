"""Small functions that exported code brings along where it uses them, so that it answers as NumPy does.

C and JavaScript know NaN and infinities; Python's ``math`` raises where they would come out.
"""

from __future__ import annotations

C_HELPERS = {
    "max": "static double maximum(double a, double b) { return a >= b || a != a ? a : b; }\n",
    "min": "static double minimum(double a, double b) { return a <= b || a != a ? a : b; }\n",
    "sign": "static double sign(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x; }\n",
}


def _guarded(name: str, fine: str, otherwise: str) -> str:
    return f"def _{name}(x):\n    return math.{name}(x) if {fine} else {otherwise}\n"


PYTHON_HELPERS = {
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
    "floor": "def _floor(x):\n    return float(math.floor(x)) if math.isfinite(x) else x\n",
    "ceil": "def _ceil(x):\n    return float(math.ceil(x)) if math.isfinite(x) else x\n",
    "sign": "def _sign(x):\n    return math.copysign(1.0, x) if x > 0 or x < 0 else x\n",
    "max": "def _max(a, b):\n    return a if a >= b or a != a else b\n",
    "min": "def _min(a, b):\n    return a if a <= b or a != a else b\n",
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
}
