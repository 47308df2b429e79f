"""Multistart: certified sets, hard synthetic ones, bounds, weights, undetermined and competing parameters."""

import json
import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from unbend.errors import BadInput, DataError
from unbend.solve import Formula

NONLINEAR = ["BoxBOD", "Chwirut2", "DanWood", "Eckerle4", "Gauss1", "Kirby2", "Lanczos3", "MGH10", "MGH17", "Misra1a",
             "Misra1b", "Nelson", "Rat42", "Roszman1"]  # fmt: skip
# parameters of terms that may change places
TERMS = {"Lanczos3": ["b1 b2", "b3 b4", "b5 b6"], "MGH17": ["b2 b4", "b3 b5"], "Gauss1": ["b3 b4 b5", "b6 b7 b8"]}


def digits(got: float, want: float) -> float:
    return 17.0 if got == want else -math.log10(abs(got - want) / abs(want))


def score(name: str, certified: dict[str, list[float]], fit: object) -> tuple[float, float]:
    """The worst digits of values and of standard errors, over the orders in which equal terms may stand."""
    groups = [g.split() for g in TERMS.get(name, [])]
    results = []
    for order in permutations(groups) if groups else [()]:
        place = {p: p for p in certified}
        for group, other in zip(groups, order, strict=True):
            place.update(zip(group, other, strict=True))
        values = min(digits(fit.values[place[p]], v[0]) for p, v in certified.items())  # type: ignore[attr-defined]
        errors = min(digits(fit.standard_errors[place[p]], v[1]) for p, v in certified.items())  # type: ignore[attr-defined]
        results.append((values, errors))
    return max(results)


@pytest.mark.parametrize("name", NONLINEAR)
def test_certified_values_from_both_starts_and_from_none(shared: Path, name: str) -> None:
    record = json.loads((shared / "data" / "nist" / f"{name}.json").read_text())
    x = np.array(record["x"], dtype=float).reshape(len(record["y"]), -1)
    data = {"y": np.array(record["y"]), **{v: x[:, i] for i, v in enumerate(record["variables"])}}
    formula = Formula(f"{record['response']} = {record['formula']}", variables=record["variables"])
    for start in [*record["starts"], None]:
        fit = formula.fit(data, start=start, seed=11)
        values, errors = score(name, record["certified"], fit)
        assert values >= 10 and errors >= 8
        assert digits(fit.rss, record["rss"]) >= 8
        assert digits(fit.residual_sd, record["residual_sd"]) >= 8
        assert fit.converged and fit.dof == record["dof"]


def made(
    text: str, truth: dict[str, float], x: np.ndarray, noise: float, seed: int
) -> tuple[Formula, dict[str, np.ndarray]]:
    formula = Formula("y = " + text, variables=["x"])
    y = formula(x=x, **truth) + noise * np.random.default_rng(seed).normal(size=len(x))
    return formula, {"x": x, "y": y}


WAVES = (
    "b1 + b2*cos(2*pi*x/12) + b3*sin(2*pi*x/12) + b5*cos(2*pi*x/b4) + b6*sin(2*pi*x/b4)"
    " + b8*cos(2*pi*x/b7) + b9*sin(2*pi*x/b7)"
)
PEAKS = "b1*exp(-b2*x) + b3*exp(-(x - b4)**2/b5**2) + b6*exp(-(x - b7)**2/b8**2)"
CUBICS = "(b1 + b2*x + b3*x**2 + b4*x**3)/(1 + b5*x + b6*x**2 + b7*x**3)"
# formula, true parameters, x, standard deviation of the noise: shapes that start-less fits are known to fail on
HARD = {
    "unknown periods": (WAVES, [10.5, 3.1, 0.53, 44.3, -1.6, 0.53, 26.9, 0.21, 1.5], np.arange(1.0, 169), 2.2),
    "overlapping peaks": (PEAKS, [98.9, 0.0109, 100.7, 111.6, 23.3, 73.7, 147.8, 19.7], np.arange(1.0, 251), 2.3),
    "ratio of cubics": (CUBICS, [1288.0, 1491.0, 583.0, 75.4, 0.966, 0.398, 0.0497], np.linspace(-3.06, 2.2, 37), 12.0),
    "ratio of cubics, scaled": (
        CUBICS, [1.08, -0.123, 0.00409, -1.43e-6, -0.00576, 2.41e-4, -1.23e-7], np.linspace(14, 851, 236), 0.08),
    "shifted power": ("b1*(b2 + x)**(-1/b3)", [-2523.5, 46.74, 0.932], np.geomspace(7.45, 20.8, 154), 0.0019),
    "growth": ("b1/((1 + exp(b2 - b3*x))**(1/b4))", [700.0, 5.28, 0.76, 1.28], np.arange(1.0, 16), 28.0),
    "enzyme": ("b1*(x**2 + x*b2)/(x**2 + x*b3 + b4)", [0.193, 0.191, 0.123, 0.136],
               np.array([4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625]), 0.003),
    "decay over a line": ("exp(-b1*x)/(b2 + b3*x)", [0.19, 0.0061, 0.0105], np.repeat(np.linspace(0.5, 6, 40), 5), 3.3),
    "saturation": ("b1*(1 - (1 + 2*b2*x)**(-0.5))", [636.4, 2.08e-4], np.linspace(77, 760, 14), 0.05),
    "three decays": ("b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)", [0.0951, 1.0, 0.8607, 3.0, 1.5576, 5.0],
                     np.round(np.arange(24) * 0.05, 2), 1e-6),
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
def test_no_start_reaches_the_minimum_near_the_truth(name: str) -> None:
    text, truth, x, noise = HARD[name]
    values = {f"b{i + 1}": v for i, v in enumerate(truth)}
    for seed in (0, 1):
        formula, data = made(text, values, x, noise, seed)
        best = formula.fit(data, start=values)
        fit = formula.fit(data, seed=seed)
        assert fit.rss <= best.rss * (1 + 1e-9)


@pytest.mark.parametrize("name", ["unknown periods", "growth", "enzyme", "decay over a line"])
def test_never_worse_than_starting_at_ones(name: str) -> None:
    from scipy.optimize import least_squares

    text, truth, x, noise = HARD[name]
    formula, data = made(text, {f"b{i + 1}": v for i, v in enumerate(truth)}, x, noise, 5)
    ones = least_squares(
        lambda b: formula(x=x, **dict(zip(formula.parameters, b, strict=True))) - data["y"],
        np.ones(len(truth)),
        x_scale="jac",
    )
    assert formula.fit(data).rss <= 2 * ones.cost * (1 + 1e-9)


def test_same_seed_same_bits() -> None:
    text, truth, x, noise = HARD["growth"]
    formula, data = made(text, {f"b{i + 1}": v for i, v in enumerate(truth)}, x, noise, 2)
    assert formula.fit(data, seed=4).values == formula.fit(data, seed=4).values


def test_weights_are_those_of_scipy() -> None:
    from scipy.optimize import curve_fit

    rng = np.random.default_rng(1)
    x = np.linspace(0.1, 5, 40)
    sigma = rng.uniform(0.01, 0.2, 40)
    y = 3 * np.exp(-0.7 * x) + sigma * rng.normal(size=40)
    want, covariance = curve_fit(lambda x, a, b: a * np.exp(-b * x), x, y, p0=[3, 0.7], sigma=sigma)
    fit = Formula("y = a*exp(-b*x)").fit({"x": x, "y": y}, sigma=sigma)
    assert list(fit.values.values()) == pytest.approx(list(want), rel=1e-6)
    assert list(fit.standard_errors.values()) == pytest.approx(list(np.sqrt(np.diag(covariance))), rel=1e-4)


def test_bounds_hold_and_are_noted() -> None:
    x = np.linspace(0, 5, 30)
    data = {"x": x, "y": 3 * np.exp(-0.7 * x)}
    fit = Formula("y = a*exp(-b*x)").fit(data, bounds={"b": (None, 0.5)})
    assert fit.values["b"] == 0.5 and fit.at_bounds == ("b",)
    assert math.isnan(fit.standard_errors["b"]) and math.isfinite(fit.standard_errors["a"])
    assert "b" in " ".join(fit.notes)
    inside = Formula("y = a*exp(-b*x)").fit(data, bounds={"a": (0, 10), "b": (0, 10)})
    assert inside.values == pytest.approx({"a": 3.0, "b": 0.7}, rel=1e-9)


def test_bounds_on_a_linear_formula() -> None:
    x = np.arange(6.0)
    fit = Formula("y = a*x + b").fit({"x": x, "y": 2 * x + 1}, bounds={"a": (0, 1)})
    assert fit.values["a"] == 1.0
    assert fit.values["b"] == pytest.approx(np.mean(x + 1))


def test_undetermined_parameters_are_named() -> None:
    x = np.linspace(0, 4, 20)
    fit = Formula("y = a*b*exp(-c*x)").fit({"x": x, "y": 2 * np.exp(-x) + 0.01 * np.cos(9 * x)})
    assert math.isnan(fit.standard_errors["a"]) and math.isnan(fit.standard_errors["b"])
    assert math.isfinite(fit.standard_errors["c"])
    assert "a" in fit.undetermined[0] and "b" in fit.undetermined[0]


def test_competing_minima_are_listed() -> None:
    """Two periods explain few noisy rows about equally well."""
    x = np.arange(24.0)
    y = np.cos(2 * np.pi * x / 5) + 0.97 * np.cos(2 * np.pi * x / 8.5)
    fit = Formula("y = a*cos(2*pi*x/p) + b*sin(2*pi*x/p)").fit({"x": x, "y": y})
    assert fit.minima
    periods = sorted([fit.values["p"], fit.minima[0].values["p"]])
    assert periods == pytest.approx([5, 8.5], rel=0.08)
    assert all(m.rss >= fit.rss for m in fit.minima)


def test_slow_waves_are_preferred_to_their_aliases() -> None:
    x = np.arange(60.0)
    y = 2 * np.cos(2 * np.pi * x / 17.3) + 0.1 * np.cos(x**2)
    for seed in range(3):
        fit = Formula("y = a*cos(2*pi*x/p) + b*sin(2*pi*x/p)").fit({"x": x, "y": y}, seed=seed)
        assert fit.values["p"] == pytest.approx(17.3, rel=0.01)


def test_start_is_used_and_checked() -> None:
    x = np.linspace(0, 4, 20)
    data = {"x": x, "y": 2 * np.exp(-x)}
    formula = Formula("y = a*exp(-b*x)")
    for start in ({"a": 1, "b": 0.5}, [1, 0.5]):
        assert formula.fit(data, start=start).values == pytest.approx({"a": 2.0, "b": 1.0}, rel=1e-9)
    for start in ({"a": 1}, {"a": 1, "b": 1, "c": 1}, [1], [1, math.nan]):
        with pytest.raises(BadInput):
            formula.fit(data, start=start)
    for bounds in ({"c": (0, 1)}, {"a": (1, 0)}, {"a": 3}):
        with pytest.raises(BadInput):
            formula.fit(data, bounds=bounds)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="outside"):
        formula.fit(data, start=[1, 5], bounds={"b": (0, 2)})


def test_formula_without_a_value_anywhere() -> None:
    with pytest.raises(DataError, match="start"):
        Formula("y = log(-1 - (a*x)**2) + exp(b*x)").fit({"x": np.arange(5.0), "y": np.arange(5.0)})


@pytest.mark.parametrize("text", ["y = a/(x - x)", "y = a*log(-abs(x)) + b"])
def test_a_formula_without_a_value_anywhere_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no start"):
        Formula(text).fit({"x": [1.0, 2.0, 3.0, 4.0], "y": [1.0, 2.0, 3.0, 5.0]})


@pytest.mark.parametrize("constant", [4.0, 4.1, 1e6 + 0.1, -1 / 3, 0.0])
@pytest.mark.parametrize(
    ("text", "open_name"),
    [("a*exp(-k*x) + c", "k"), ("a*sin(k*x) + c", "k"), ("a*x**k + c", "k"), ("a/(1 + (x/k)**2) + c", "k")],
)
def test_a_constant_response_leaves_what_is_inside_open(constant: float, text: str, open_name: str) -> None:
    for rows in (10, 40, 200):
        x = np.linspace(0.1, 5, rows)
        fit = Formula("y = " + text).fit({"x": x, "y": np.full(rows, constant)})
        assert math.isnan(fit.r2)
        assert math.isnan(fit.standard_errors[open_name]) and any(open_name in s for s in fit.undetermined)
        assert np.allclose(fit.fitted, constant, rtol=1e-14) and fit.converged


def test_a_constant_response_has_no_r_squared_on_many_rows() -> None:
    x = np.linspace(0, 1, 40_000)
    for text in ("y = a*x + b", "y = a*x + b*sin(x) + c"):
        fit = Formula(text).fit({"x": x, "y": np.full(40_000, 4.1)})
        assert math.isnan(fit.r2)


@pytest.mark.parametrize("seed", range(6))
def test_a_minimum_with_outliers_has_converged(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0, 10, 30))
    y = 3 * np.sin(3.1 * x + 0.4) + 1 + 0.1 * rng.normal(size=30)
    y[[5, 20]] += [60, -45]
    assert Formula("y = a*sin(w*x + p) + c").fit({"x": x, "y": y}, bounds={"w": (2, 5)}).converged


@pytest.mark.parametrize("seed", range(3))
def test_a_minimum_on_a_large_offset_has_converged(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 10, 60)
    y = 1e6 + 5 * np.exp(-0.4 * x) + 9 * np.exp(-2 * x) + 0.01 * rng.normal(size=60)
    assert Formula("y = a*exp(-k*x) + b*exp(-q*x) + c").fit({"x": x, "y": y}).converged


@pytest.mark.parametrize("seed", range(6))
def test_as_many_rows_as_parameters_have_converged(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.array([0.0, 1.0, 3.0]) + rng.uniform(0, 0.5, 3)
    fit = Formula("y = a*exp(-k*x) + c").fit({"x": x, "y": 2 * np.exp(-0.7 * x) + 0.3 + 0.01 * rng.normal(size=3)})
    assert fit.rss < 1e-30 and fit.converged
