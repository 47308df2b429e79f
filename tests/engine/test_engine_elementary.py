"""The kernels' own functions against exact values: everywhere, at the ends of the range, and where they are special."""

from __future__ import annotations

from functools import cache

import mpmath
import numpy as np
import pytest

NAMES = ["exp", "expm1", "tanh", "log", "log1p", "erf", "erfc", "cbrt", "sin", "tan", "asinh", "sign"]
ULPS = {"erfc": 6, "sign": 0}  # others 3


@cache
def kernels(dtype: str):
    """One compiled function that applies the n-th of ``NAMES`` to an array."""
    import numba

    from unbend.engine.simd import elementary, error_function, functions as lanes_functions
    from unbend.engine.simd.vector import lanes, load, store

    count = 16 if dtype == "float32" else 8
    modules = (elementary, error_function, lanes_functions)
    found = {n: next(getattr(m, n) for m in modules if hasattr(m, n)) for n in NAMES}
    space = {"lanes": lanes, "load": load, "store": store, **found}
    body = [f"        if which == {i}: store(b, i, {name}(load(a, i, like)))" for i, name in enumerate(NAMES)]
    text = "\n".join(["def apply(which, a, b):", f"    like = lanes(a, {count})",
                      f"    for i in range(0, a.shape[0], {count}):", *body])  # fmt: skip
    exec(text, space)
    return numba.njit(error_model="numpy")(space["apply"])


def applied(name: str, x: np.ndarray) -> np.ndarray:
    filled = np.concatenate([x, np.ones(-len(x) % 16, x.dtype)])
    out = np.empty_like(filled)
    kernels(x.dtype.name)(NAMES.index(name), filled, out)
    return out[: len(x)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_within_some_ulps_of_the_exact_value(name, dtype):
    rng = np.random.default_rng(3)
    x = np.concatenate([rng.normal(0, 1, 150), rng.normal(0, 1e-4, 50), rng.uniform(-100, 100, 100), [0.0, 1.0, -1.0]])
    x = x.astype(dtype)
    exact = {"expm1": mpmath.expm1, "log1p": mpmath.log1p, "cbrt": lambda v: mpmath.sign(v) * mpmath.cbrt(abs(v))}
    if name in ("log", "log1p"):
        x = np.abs(x) + x.dtype.type(1e-30)
    got = applied(name, x)
    assert got.dtype == x.dtype
    with mpmath.workdps(60):
        for value, answer in zip(x, got, strict=True):
            wanted = exact.get(name, getattr(mpmath, name, None))(mpmath.mpf(float(value)))
            if np.finfo(dtype).tiny < abs(wanted) < float(np.finfo(dtype).max):
                unit = float(np.spacing(np.abs(x.dtype.type(float(wanted)))))
                assert abs(mpmath.mpf(float(answer)) - wanted) <= ULPS.get(name, 3) * unit, (value, answer)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["exp", "expm1", "tanh", "log", "log1p", "cbrt", "sign"])
def test_special_values_are_numpys(name, dtype):
    tiny = np.finfo(dtype).smallest_subnormal
    x = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, tiny, -tiny, 1e4, -1e4, -1.0, -2.0], dtype=dtype)
    with np.errstate(all="ignore"):
        wanted = getattr(np, name)(x)
    assert np.array_equal(np.isnan(applied(name, x)), np.isnan(wanted))
    assert np.allclose(applied(name, x), wanted, rtol=1e-6, equal_nan=True)
