"""Every function that formulas in kernels may call, against exact values: random, extreme, at kinks, special ones."""

from __future__ import annotations

import math
from functools import cache
from itertools import product

import mpmath
import numpy as np
import pytest

from unbend.engine.codegen.generate import VECTOR_FUNCTIONS


def _real(function):
    """A function of mpmath, NaN where its value is not real."""

    def value(*arguments):
        result = function(*arguments)
        return mpmath.nan if isinstance(result, mpmath.mpc) else result

    return value


# name -> (exact function, NumPy's or the math library's for special values, how many ulps it may be off)
ONE = {
    "exp": (mpmath.exp, np.exp, 3),
    "expm1": (mpmath.expm1, np.expm1, 3),
    "log": (mpmath.log, np.log, 3),
    "log1p": (mpmath.log1p, np.log1p, 3),
    "tanh": (mpmath.tanh, np.tanh, 3),
    "cbrt": (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), np.cbrt, 3),
    "erf": (mpmath.erf, np.vectorize(math.erf), 3),
    "erfc": (lambda x: mpmath.erfc(min(x, 1000)), np.vectorize(math.erfc), 6),
    "absolute": (abs, np.abs, 0),
    "sign": (mpmath.sign, np.sign, 0),
    "floor": (mpmath.floor, np.floor, 0),
    "ceil": (mpmath.ceil, np.ceil, 0),
    "sqrt": (mpmath.sqrt, np.sqrt, 0.5),
    "sin": (mpmath.sin, np.sin, 3),
    "cos": (mpmath.cos, np.cos, 3),
    "tan": (mpmath.tan, np.tan, 3),
    "asin": (mpmath.asin, np.arcsin, 3),
    "acos": (mpmath.acos, np.arccos, 3),
    "atan": (mpmath.atan, np.arctan, 3),
    "sinh": (mpmath.sinh, np.sinh, 3),
    "cosh": (mpmath.cosh, np.cosh, 3),
    "asinh": (mpmath.asinh, np.arcsinh, 3),
    "acosh": (mpmath.acosh, np.arccosh, 3),
    "atanh": (mpmath.atanh, np.arctanh, 3),
}
TWO = {
    "atan2": (mpmath.atan2, np.arctan2, 3),
    "power": (mpmath.power, np.power, 3),
    "maximum": (max, np.maximum, 0),
    "minimum": (min, np.minimum, 0),
}
NAMES = [*ONE, *TWO, "where"]
DTYPES = ["float32", "float64"]


@cache
def _compiled(dtype: str):
    """One compiled function that applies the n-th of ``NAMES`` to three arrays."""
    import numba

    from unbend.engine.simd import elementary, error_function, functions
    from unbend.kernels.vector import load, store, zero_vector

    lanes = 4  # fewer than kernels use: the same instructions, compiled in less time
    modules = (elementary, error_function, functions)
    scope = {n: next(getattr(m, n) for m in modules if hasattr(m, n)) for n in NAMES}
    scope |= {"zero_vector": zero_vector, "load": load, "store": store}
    lines = ["def apply(which, a, b, c, out):", f"    like = zero_vector(a, {lanes})",
             f"    for i in range(0, a.shape[0], {lanes}):",
             "        x, y, z = load(a, i, like), load(b, i, like), load(c, i, like)"]  # fmt: skip
    for i, name in enumerate(NAMES):
        arguments = "x" if name in ONE else "x, y" if name in TWO else "x, y, z"
        lines.append(f"        if which == {i}: store(out, i, {name}({arguments}))")
    exec("\n".join(lines), scope)
    return numba.njit(error_model="numpy")(scope["apply"])


def apply(name: str, *arguments: np.ndarray) -> np.ndarray:
    """The vector function of that name on arrays of one dtype."""
    x = arguments[0]
    padded = [np.concatenate([a, np.ones(-len(x) % 16, x.dtype)]) for a in arguments]
    padded += [np.ones_like(padded[0])] * (3 - len(padded))
    out = np.empty_like(padded[0])
    _compiled(x.dtype.name)(NAMES.index(name), *padded, out)
    return out[: len(x)]


def values(dtype: str, count: int) -> np.ndarray:
    """Random numbers of several sizes, extreme ones, kinks and the ends of domains with their neighbours."""
    rng, info = np.random.default_rng(3), np.finfo(dtype)
    random = [rng.normal(0, 1, count), rng.normal(0, 1e-4, count // 3), rng.uniform(-100, 100, count // 2)]
    extreme = np.array([1e-30, 9.1, 26.5, 88.0, 103.0, 300.0, 709.0, 745.0, 1e3, 1e4, 1e30, info.tiny, info.max,
                        info.smallest_subnormal, 37 * info.smallest_subnormal])  # fmt: skip
    kinks = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, math.pi / 2, math.pi], dtype)
    near = [np.nextafter(kinks, -np.inf, dtype=dtype), kinks, np.nextafter(kinks, np.inf, dtype=dtype)]
    return np.concatenate([*random, extreme, -extreme, *near, *(-k for k in near)]).astype(dtype)


def assert_close(exact, ulps: float, result: np.ndarray, *arguments: np.ndarray) -> None:
    """``result`` within ``ulps`` of the exact function: NaN outside its domain, infinite beyond the largest float."""
    info = np.finfo(result.dtype)
    with mpmath.workdps(60):
        for *inputs, got in zip(*arguments, result, strict=True):
            expected = _real(exact)(*(mpmath.mpf(float(v)) for v in inputs))
            if mpmath.isnan(expected):
                assert np.isnan(got), (inputs, got)
            elif abs(expected) > float(info.max):
                assert np.isinf(got) and (got > 0) == (expected > 0), (inputs, got)
            else:
                exponent = max(mpmath.frexp(expected)[1] - 1, info.minexp)
                error = abs(mpmath.mpf(float(got)) - expected) / mpmath.mpf(2) ** (exponent - info.nmant)
                assert error <= ulps, (inputs, got, float(error))


def test_every_function_is_tested():
    assert sorted(NAMES) == sorted(name for names in VECTOR_FUNCTIONS.values() for name in names)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", list(ONE))
def test_unary_functions_are_within_ulps_of_exact_value(name, dtype):
    exact, _, ulps = ONE[name]
    x = values(dtype, 150)
    if name in ("log", "log1p"):  # at 0 and -1 the value is infinite: see special values
        x = x[x > (0 if name == "log" else -1)]
    if name == "atanh":
        x = x[np.abs(x) != 1]
    assert_close(exact, ulps, apply(name, x), x)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", list(ONE))
def test_special_values_of_unary_functions_match_numpy(name, dtype):
    x = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, -2.0], dtype=dtype)
    with np.errstate(all="ignore"):
        expected = ONE[name][1](x)
    assert np.allclose(apply(name, x), expected, rtol=1e-6, atol=1e-7, equal_nan=True)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", list(TWO))
def test_binary_functions_are_within_ulps_of_exact_value(name, dtype):
    exact, _, ulps = TWO[name]
    x = values(dtype, 150)
    y = np.random.default_rng(4).permutation(x)
    if name == "power":  # beside powers of any base: of negative ones, with integral exponents
        x, y = np.abs(x), y.clip(-40, 40)
        x, y = np.concatenate([x, -x]), np.concatenate([y, np.rint(y)])
    x, y = x[x != 0], y[x != 0]  # 0 has a sign, which mpmath does not know: see special values
    assert_close(exact, ulps, apply(name, x, y), x, y)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", list(TWO))
def test_special_values_of_binary_functions_match_numpy(name, dtype):
    special = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 0.5]
    x, y = np.array(list(product(special, special)), dtype=dtype).T.copy()
    with np.errstate(all="ignore"):
        expected = TWO[name][1](x, y)
    assert np.allclose(apply(name, x, y), expected, rtol=1e-6, equal_nan=True)


@pytest.mark.parametrize("dtype", DTYPES)
def test_where_selects_second_argument_if_first_is_nonzero(dtype):
    condition = np.array([0.0, -0.0, 1.0, -1.0, 1e-30, np.inf, np.nan, 0.0], dtype)
    a, b = np.arange(8, dtype=dtype), np.array([np.nan, -1, np.nan, 2, 3, np.inf, 4, np.inf], dtype)
    assert np.array_equal(apply("where", condition, a, b), np.where(condition != 0, a, b), equal_nan=True)
