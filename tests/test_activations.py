"""Activation records: values and slopes against mpmath, kinks, ranges, dtypes, a user's own formula."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import unbend as ub
from unbend.activations import Activation, activation
from unbend.errors import FormulaError
from unbend.formula.printing.numpy_functions import numpy_function

NAMES = list(ub.activations)
EPS = float(np.finfo(np.float64).eps)
X = mp.mpf
LAMBDA, ALPHA = X(1.0507009873554805), X(1.6732632423543772)
Pair = tuple[Callable[[mp.mpf], mp.mpf], Callable[[mp.mpf], mp.mpf]]


def _sigmoid(x: mp.mpf) -> mp.mpf:
    return 1 / (1 + mp.exp(-x))


def _phi(x: mp.mpf) -> mp.mpf:  # the standard normal distribution function
    return mp.erfc(-x / mp.sqrt(2)) / 2


def _mish_slope(x: mp.mpf) -> mp.mpf:
    u = mp.log1p(mp.exp(x))
    return mp.tanh(u) + x * _sigmoid(x) * mp.sech(u) ** 2


def _clip(x: mp.mpf, low: float, high: float) -> mp.mpf:
    return min(max(x, X(low)), X(high))


# value and slope, written from the definitions (not from the records)
EXACT: dict[str, Pair] = {
    "identity": (lambda x: x, lambda x: X(1)),
    "step": (lambda x: X(x > 0), lambda x: X(0)),
    "sigmoid": (_sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x)),
    "tanh": (mp.tanh, lambda x: mp.sech(x) ** 2),
    "relu": (lambda x: max(x, X(0)), lambda x: X(x > 0)),
    "leaky_relu": (lambda x: x if x > 0 else X(0.01) * x, lambda x: X(1) if x > 0 else X(0.01)),
    "elu": (lambda x: x if x > 0 else mp.expm1(x), lambda x: X(1) if x > 0 else mp.exp(x)),
    "selu": (lambda x: LAMBDA * (x if x > 0 else ALPHA * mp.expm1(x)),
             lambda x: LAMBDA * (1 if x > 0 else ALPHA * mp.exp(x))),
    "gelu": (lambda x: x * _phi(x), lambda x: _phi(x) + x * mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)),
    "silu": (lambda x: x * _sigmoid(x), lambda x: _sigmoid(x) * (1 + x * _sigmoid(-x))),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), _sigmoid),
    "mish": (lambda x: x * mp.tanh(mp.log1p(mp.exp(x))), _mish_slope),
    "softsign": (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2),
    "hard_tanh": (lambda x: _clip(x, -1, 1), lambda x: X(abs(x) < 1)),
    "hard_sigmoid": (lambda x: _clip(x / 6 + X(1) / 2, 0, 1), lambda x: X(1) / 6 if abs(x) < 3 else X(0)),
    "relu6": (lambda x: _clip(x, 0, 6), lambda x: X(0 < x < 6)),
    "abs": (abs, lambda x: X(int(mp.sign(x)))),
    "sin": (mp.sin, mp.cos),
    "gaussian": (lambda x: mp.exp(-x * x), lambda x: -2 * x * mp.exp(-x * x)),
}  # fmt: skip

# what a textbook formula may use, at the working precision of mpmath
TEXTBOOK: dict[str, Any] = {
    **{name: getattr(mp, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "erf", "pi", "e")},
    "abs": abs, "max": max, "min": min, "where": lambda condition, one, other: one if condition else other,
}  # fmt: skip


def textbook(formula: str) -> Pair:
    """Value and slope of a record without an oracle above: its textbook formula and numerical derivative."""
    code = compile(formula, "formula", "eval")

    def value(x: mp.mpf) -> mp.mpf:
        return X(eval(code, {"__builtins__": {}, **TEXTBOOK, "x": x}))

    return value, lambda x: mp.diff(value, x)


# the slope each record states at its kinks
AT_KINKS = {
    "step": {0.0: 0.0},
    "relu": {0.0: 0.0},
    "leaky_relu": {0.0: 0.01},
    "selu": {0.0: float(LAMBDA * ALPHA)},
    "hard_tanh": {-1.0: 0.0, 1.0: 0.0},
    "hard_sigmoid": {-3.0: 0.0, 3.0: 0.0},
    "relu6": {0.0: 0.0, 6.0: 0.0},
    "abs": {0.0: 0.0},
}
RNG = np.random.default_rng(7)
POINTS = np.concatenate(
    [RNG.normal(0, 3, 60), RNG.uniform(-40, 40, 50), RNG.uniform(-750, 750, 20),
     [0.0, -0.0, 1e-8, -1e-8, 1e-300, -1e-300], [-1, 1, -3, 3, 6], [300, -300, 500, -500, 745, -745, 1000, -1000]]
)  # fmt: skip


def exact(name: str, x: np.ndarray) -> tuple[list[mp.mpf], list[mp.mpf]]:
    value, slope = EXACT[name] if name in EXACT else textbook(ub.activations[name].formula)
    with mp.workdps(50):
        return [value(X(float(a))) for a in x], [slope(X(float(a))) for a in x]


def errors(got: np.ndarray, true: list[mp.mpf]) -> np.ndarray:
    with mp.workdps(50):
        return np.array([abs(float(X(float(g)) - t)) for g, t in zip(got, true, strict=True)])


def test_oracles_cover_records_and_slopes_at_kinks_are_listed() -> None:
    """A record without an oracle of its own is compared with its textbook formula."""
    assert set(EXACT) <= set(NAMES)
    assert {n: set(r.kinks) for n, r in ub.activations.items() if r.kinks} == {n: set(k) for n, k in AT_KINKS.items()}


@pytest.mark.parametrize("name", ["sigmoid", "gelu", "mish", "elu", "softsign"])
def test_textbook_formula_matches_oracle(name: str) -> None:
    x = np.array([-12.3, -1.5, -1e-3, 0.25, 3.0, 9.75])
    value, slope = textbook(ub.activations[name].formula)
    with mp.workdps(50):
        for got, wanted in zip((map(value, map(X, x)), map(slope, map(X, x))), exact(name, x), strict=True):
            assert all(abs(g - w) < 1e-20 for g, w in zip(got, wanted, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_value_and_slope_within_two_ulp(name: str) -> None:
    """2 ulp of the result, or of 1 where the result is smaller (its tail is tested relatively below)."""
    record = ub.activations[name]
    for got, true in zip((record(POINTS), record.derivative(POINTS)), exact(name, POINTS), strict=True):
        allowed = 2 * np.spacing(np.maximum(1.0, np.abs(np.array([float(t) for t in true]))))
        assert np.all(errors(got, true) <= allowed), POINTS[np.argmax(errors(got, true) / allowed)]


@pytest.mark.parametrize("name", NAMES)
def test_tails_have_relative_accuracy(name: str) -> None:
    x = np.concatenate([RNG.uniform(-35, -3, 40), RNG.uniform(3, 35, 40)])
    record = ub.activations[name]
    # exp(-x²) and erfc magnify the last bit of x by about x²
    growth = 1 + x * x if name in ("gelu", "gaussian") else np.full(len(x), 1.0)
    for which, (got, true) in enumerate(zip((record(x), record.derivative(x)), exact(name, x), strict=True)):
        size = np.abs(np.array([float(t) for t in true]))
        if name == "sin" or (name, which) in [("tanh", 1), ("elu", 1), ("selu", 1)]:
            size = np.maximum(size, 1)  # 1 - tanh² and expm1 + 1 cancel, sin crosses 0: accurate to the last bits of 1
        assert np.all(errors(got, true) <= 8 * EPS * growth * size + 1e-307)


@pytest.mark.parametrize("name", NAMES)
def test_extremes_stay_finite_and_kinks_state_their_slope(name: str) -> None:
    record = ub.activations[name]
    far = np.array([-1000.0, -500.0, -300.0, 300.0, 500.0, 1000.0])
    for kind in (np.float32, np.float64):
        assert np.isfinite(record(far.astype(kind))).all() and np.isfinite(record.derivative(far.astype(kind))).all()
    for kink, slope in AT_KINKS.get(name, {}).items():
        assert record.derivative(np.array([kink]))[0] == slope
        # a kink is one: the slope or the value differs from side to side
        below, above = record.derivative(np.array([kink - 1e-9, kink + 1e-9]))
        jump = np.ptp(record(np.array([kink - 1e-9, kink + 1e-9])))
        assert abs(above - below) > 0.1 or jump > 0.5
    # and there are no others: elsewhere value and slope change little from point to point
    x = np.linspace(-12, 12, 24_001)
    x = x[np.all([np.abs(x - k) > 0.01 for k in record.kinks], axis=0)] if record.kinks else x
    near = np.diff(x) < 0.0011
    assert np.abs(np.diff(record(x)))[near].max() < 0.003
    assert np.abs(np.diff(record.derivative(x)))[near].max() < 0.003


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_dtype_shape_input_and_nan(name: str, kind: str) -> None:
    record = ub.activations[name]
    x = np.array([[-2.5, np.nan, 0.0], [0.7, 5.0, -0.1]], dtype=kind)
    before = x.copy()
    value, slope = record(x), record.derivative(x)
    np.testing.assert_array_equal(x, before)
    assert value.dtype == slope.dtype == x.dtype and value.shape == slope.shape == x.shape
    assert not np.shares_memory(value, x)
    np.testing.assert_array_equal(np.isnan(value), np.isnan(x))
    both = record.value_and_slope(x)
    np.testing.assert_array_equal(both[0], value)
    np.testing.assert_array_equal(both[1], slope)
    if kind == "float32":
        wide = record(x.astype(np.float64))
        np.testing.assert_allclose(value, wide, rtol=1e-6, atol=1e-6)


@given(hnp.arrays(st.sampled_from([np.float32, np.float64]), hnp.array_shapes(min_dims=0, max_dims=3, max_side=4),
                  elements=st.floats(-1000, 1000, width=32)), st.sampled_from(NAMES))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_array(x: np.ndarray, name: str) -> None:
    record = ub.activations[name]
    value, slope = record(x), record.derivative(x)
    low, high = record.range
    slack = 4 * float(np.finfo(x.dtype).eps)
    assert value.shape == slope.shape == x.shape and value.dtype == slope.dtype == x.dtype
    assert np.all(value >= low - slack) and np.all(value <= high + slack)
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("name", NAMES)
def test_record_is_consistent(name: str) -> None:
    record = ub.activations[name]
    x = np.linspace(-25, 25, 5001)
    textbook = numpy_function(("x",), (("h", record.formula),), ("h",))(x)
    np.testing.assert_allclose(record(x), textbook, rtol=1e-9, atol=1e-12)
    wide = record(np.concatenate([x, np.linspace(-1000, 1000, 2001)]))
    for bound, reached in zip(record.range, (wide.min(), wide.max()), strict=True):
        assert abs(reached) >= 9.99 if np.isinf(bound) else abs(reached - bound) < 2e-3
    at = np.linspace(-25, 25, 5001)[np.argmin(record(x))]
    lowest = min(wide.min(), record(np.linspace(at - 0.02, at + 0.02, 100_001)).min())
    assert record.range[0] <= lowest + 1e-16 and wide.max() <= record.range[1]
    if name in ("gelu", "silu", "mish"):  # a lowest point inside
        assert lowest == pytest.approx(record.range[0], rel=1e-12)
    assert record.affine == ((1.0, 0.0) if name == "identity" else None)
    assert record.bends == (name != "identity") and record.learns == (name != "step")
    assert record.tex and record.name == name and activation(name) is record and activation(record) is record


def test_initial_weights_are_a_field_of_the_record() -> None:
    he = {"relu", "leaky_relu", "relu6", "elu", "gelu", "silu", "mish", "softplus", "abs"}
    assert {name for name in EXACT if ub.activations[name].init == "he"} == he  # those of version 0.1.0
    assert activation("max(x, 0.2*x)").init == activation("x*exp(-x**2)").init == "glorot"
    own = replace(ub.activations["tanh"], name="own", init="he")
    assert pickle.loads(pickle.dumps(own)).init == "he"
    by_record, by_name = (ub.Network([layer], seed=4) for layer in (ub.Dense(3, 5, own), ub.Dense(3, 5, "relu")))
    np.testing.assert_array_equal(by_record.layers[0].W, by_name.layers[0].W)


def test_whole_numbers_and_lists_become_float64() -> None:
    relu = ub.activations["relu"]
    assert relu([-1, 2]).tolist() == [0.0, 2.0] and relu([-1, 2]).dtype == np.float64
    assert relu.derivative([True, False]).tolist() == [1.0, 0.0]
    assert relu(3).shape == ()


def test_table_is_read_only() -> None:
    with pytest.raises(TypeError):
        ub.activations["mine"] = ub.activations["relu"]  # type: ignore[index]


@pytest.mark.parametrize("name", [*NAMES, "x*exp(-x**2)"])
def test_a_used_record_can_be_copied_and_pickled(name: str) -> None:
    record = activation(name)
    x = np.linspace(-2, 2, 9)
    expected = record.derivative(x)
    assert isinstance(record.learns, bool)
    for other in (pickle.loads(pickle.dumps(record)), copy.deepcopy(record)):
        assert other == record
        np.testing.assert_array_equal(other.derivative(x), expected)


# a user's own formula ----------------------------------------------------------------------------------------------


def test_own_leaky_relu() -> None:
    record = activation("max(x, 0.2*x)")
    assert record.name == record.formula == "max(x, 0.2*x)" and record.kinks == (0.0,)
    assert record(np.array([-2.0, 0.0, 3.0])).tolist() == [-0.4, 0.0, 3.0]
    assert record.derivative(np.array([-2.0, 3.0])).tolist() == [0.2, 1.0]
    assert record.derivative(np.zeros(1))[0] in (0.2, 1.0)
    assert record.bends and record.learns and activation("max(x, 0.2*x)") is record
    assert record(np.ones(2, np.float32)).dtype == np.float32


def test_own_smooth_formula() -> None:
    record = activation("x*exp(-x**2)")
    x = np.linspace(-4, 4, 801)
    np.testing.assert_allclose(record(x), x * np.exp(-(x**2)), rtol=1e-14, atol=1e-300)
    np.testing.assert_allclose(record.derivative(x), (1 - 2 * x**2) * np.exp(-(x**2)), rtol=1e-12, atol=1e-15)
    assert record.kinks == () and record.affine is None
    assert ub.check_gradient(record, x)


@pytest.mark.parametrize(
    ("text", "affine", "learns"),
    [("2*x + 1", (2.0, 1.0), True), ("x/4 - 3", (0.25, -3.0), True), ("5", (0.0, 5.0), False),
     ("-x", (-1.0, 0.0), True), ("x**2", None, True), ("where(x > 1, 1, 0)", None, False), ("floor(x)", None, False)],
)  # fmt: skip
def test_own_straight_formula(text: str, affine: tuple[float, float] | None, learns: bool) -> None:
    record = activation(text)
    assert record.affine == affine and record.bends == (affine is None) and record.learns == learns


@pytest.mark.parametrize(
    ("text", "key", "part"),
    [("a*x", "activations.only_x", "'a'"), ("relux", "activations.no_such", "'relu'"),
     ("sigmoyd", "activations.no_such", "'sigmoid'"), ("log(x)", "activations.not_finite", "log(x)"),
     ("1/x", "activations.not_finite", "1/x"), ("exp(exp(exp(x)))", "activations.not_finite", "exp")],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "ko"])
def test_formulas_that_cannot_be_used(text: str, key: str, part: str, language: str) -> None:
    ub.set_language(language)
    with pytest.raises(FormulaError) as caught:
        activation(text)
    assert caught.value.key == key and part in str(caught.value)
    assert "at" in caught.value.values


@pytest.mark.parametrize("what", ["x +", "import os", "__import__('os')", "x[0]", "lambda x: x", ""])
def test_text_that_is_no_formula(what: str) -> None:
    with pytest.raises(FormulaError):
        activation(what)


def test_other_types_are_rejected() -> None:
    with pytest.raises(FormulaError, match="got int"):
        activation(3)  # type: ignore[arg-type]
    own = Activation("mine", "3*x", "3x", "3*x", "3", (-np.inf, np.inf))
    assert activation(own) is own and own.affine == (3.0, 0.0)
