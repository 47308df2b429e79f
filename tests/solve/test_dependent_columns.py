"""Columns that depend on each other at the precision of the data are found; ill-conditioned but exact ones are not."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from unbend.formula.language.grammar import parse
from unbend.solve import Formula
from unbend.solve.linear_least_squares import linear_fit
from unbend.solve.precision.data_rounding import DataRounding

Columns = Callable[[np.ndarray, np.ndarray, type], np.ndarray]
# the column v computed from u and w in floating point, and the parameters that it leaves open
COMPUTED: dict[str, tuple[Columns, str]] = {
    "a multiple": (lambda u, w, t: t(3) * u, "ab"),
    "a quotient": (lambda u, w, t: u / t(7), "ab"),
    "Fahrenheit": (lambda u, w, t: u * t(1.8) + t(32), "abd"),
    "back to Celsius": (lambda u, w, t: (u - t(32)) * t(5) / t(9), "abd"),
    "a sum": (lambda u, w, t: u + w, "abc"),
    "a difference": (lambda u, w, t: u - w, "abc"),
    "a mean": (lambda u, w, t: (u + w) / t(2), "abc"),
    "a combination": (lambda u, w, t: t(1e3) * u - t(0.017) * w + t(4), "abcd"),
    "a standardised column": (lambda u, w, t: (u - u.mean()) / u.std(), "abd"),
    "a share": (lambda u, w, t: t(1) - u, "abd"),
    "a constant": (lambda u, w, t: np.full(len(u), t(0.1)), "bd"),
}


def table(name: str, rows: int, seed: int, dtype: type = np.float64) -> dict[str, np.ndarray]:
    rng = np.random.default_rng([seed, rows])
    u, w = rng.normal(15, 8, rows).astype(dtype), rng.normal(0, 1, rows).astype(dtype)
    return {"u": u, "w": w, "v": COMPUTED[name][0](u, w, dtype), "y": (u / 2 + rng.normal(0, 0.3, rows)).astype(dtype)}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", COMPUTED)
def test_a_computed_column_is_named(name: str, dtype: type) -> None:
    for rows in (10, 50, 1_000):
        fit = Formula("y = a*u + b*v + c*w + d").fit(table(name, rows, 0, dtype))
        assert len(fit.undetermined) == 1
        assert {n for n, error in fit.standard_errors.items() if math.isnan(error)} == set(COMPUTED[name][1])
        assert max(abs(v) for v in fit.values.values()) < 1e4
        assert fit.digits_lost < 3
        assert np.sum(fit.residuals**2) == pytest.approx(fit.rss, rel=1e-6)


@pytest.mark.parametrize("name", ["Fahrenheit", "a mean", "a standardised column"])
@pytest.mark.parametrize("function", ["", " + k*sin(w)"])
def test_a_computed_column_of_many_rows_is_named(name: str, function: str) -> None:
    """40,000 rows: decimals for sums alone, extended precision where functions would take too long."""
    fit = Formula("y = a*u + b*v + c*w + d" + function).fit(table(name, 40_000, 1))
    assert len(fit.undetermined) == 1
    assert {n for n, error in fit.standard_errors.items() if math.isnan(error)} == set(COMPUTED[name][1])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ["a quotient", "Fahrenheit", "a mean"])
def test_a_computed_column_in_a_search_is_named(name: str, dtype: type) -> None:
    data = table(name, 80, 3, dtype)
    data["y"] = data["y"] + np.exp(-data["w"])
    fit = Formula("y = a*u + b*v + c*w + d + f*exp(-k*w)", variables=["u", "v", "w"]).fit(data)
    assert fit.method == "search" and len(fit.undetermined) == 1
    assert {n for n, error in fit.standard_errors.items() if math.isnan(error)} == set(COMPUTED[name][1])


def test_a_search_in_single_precision_stays_determined() -> None:
    rng = np.random.default_rng(9)
    x = np.linspace(0, 10, 200).astype(np.float32)
    y = (3 * np.exp(-0.5 * x) + 2 * np.exp(-0.8 * x) + 0.01 * rng.normal(size=200)).astype(np.float32)
    fit = Formula("y = a*exp(-k*x) + b*exp(-q*x)").fit({"x": x, "y": y})
    assert fit.undetermined == () and all(math.isfinite(e) for e in fit.standard_errors.values())


def test_weights_change_no_dependence() -> None:
    data = table("Fahrenheit", 60, 2)
    sigma = np.exp(np.random.default_rng(0).normal(0, 2, 60))
    fit = Formula("y = a*u + b*v + c*w + d").fit(data, sigma=sigma)
    assert {n for n, error in fit.standard_errors.items() if math.isnan(error)} == set("abd")


def test_functions_of_columns_that_were_computed_outside() -> None:
    rng = np.random.default_rng(4)
    length, width = rng.uniform(1, 30, 80), rng.uniform(0.1, 2, 80)
    y = rng.normal(size=80)
    area = {"length": length, "width": width, "area": length * width, "y": y}
    for text, data in (
        ("y = a*area + b*length*width + c", area),
        ("y = a*length**2 + b*squared + c*length", {"length": length, "squared": length**2, "y": y}),
        ("y = a*logarithm + b*log(length) + c", {"length": length, "logarithm": np.log(length), "y": y}),
        ("y = a*ratio + b*length/width**2", {"length": length, "width": width, "ratio": length / width**2, "y": y}),
    ):
        fit = Formula(text, variables=[n for n in data if n != "y"]).fit(data)
        assert len(fit.undetermined) == 1
        assert math.isnan(fit.standard_errors["a"]) and math.isnan(fit.standard_errors["b"])


def test_two_dependences_are_both_named() -> None:
    rng = np.random.default_rng(5)
    u, w = rng.normal(size=(2, 70))
    data = {"u": u, "w": w, "p": u / 3, "q": 0.1 * u + 0.7 * w, "y": rng.normal(size=70)}
    fit = Formula("y = a*u + b*w + c*p + d*q", variables=["u", "w", "p", "q"]).fit(data)
    assert len(fit.undetermined) == 2 and fit.dof == 68


@pytest.mark.parametrize("level", [1e-6, 1e-9, 1e-12])
@pytest.mark.parametrize("rows", [12, 300, 40_000])
def test_information_above_rounding_stays_determined(level: float, rows: int) -> None:
    rng = np.random.default_rng(rows)
    u, noise = rng.normal(1, 1, rows), rng.normal(size=rows)
    fit = Formula("y = a*u + b*v + c").fit({"u": u, "v": 2 * u * (1 + level * noise), "y": u + 1e-3 * noise})
    assert fit.undetermined == () and math.isfinite(fit.standard_errors["b"])


def test_information_of_clocks_stays_determined() -> None:
    """Seconds since 1970, and a second column that differs by thousandths of a second."""
    rng = np.random.default_rng(6)
    start = 1.7e9 + np.sort(rng.uniform(0, 1e4, 200))
    fit = Formula("y = a*start + b*stop + c", variables=["start", "stop"]).fit(
        {"start": start, "stop": start + np.round(rng.uniform(0.001, 1, 200), 3), "y": rng.normal(size=200)}
    )
    assert fit.undetermined == ()


@pytest.mark.parametrize(
    ("rows", "dtype"), [(14, np.float64), (14, np.float32), (100, np.float64), (100, np.float32), (5_000, np.float64)]
)
def test_polynomials_are_never_dependent(rows: int, dtype: type) -> None:
    rng = np.random.default_rng(rows)
    for low, width, degree in ((-9, 6, 10), (0, 1, 9), (1, 5, 7), (100, 3, 6), (1990, 30, 5)):
        x = rng.uniform(low, low + width, rows).astype(dtype)
        text = "y = " + " + ".join(f"b{k}*x**{k}" for k in range(degree + 1))
        assert Formula(text).fit({"x": x, "y": rng.normal(size=rows)}).undetermined == ()


def test_certified_sets_stay_determined(shared: Path) -> None:
    for name in ("Longley", "Wampler1", "Wampler4", "Pontius", "Norris", "NoInt1"):
        record = json.loads((shared / "data" / "nist" / f"{name}.json").read_text())
        x = np.array(record["x"], dtype=float).reshape(len(record["y"]), -1)
        data = {"y": np.array(record["y"]), **{v: x[:, i] for i, v in enumerate(record["variables"])}}
        formula = Formula(f"{record['response']} = {record['formula']}", variables=record["variables"])
        assert formula.fit(data).undetermined == ()


def test_extended_precision_agrees_with_decimals(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    x = rng.uniform(-9, -3, 120)
    data = {"x": x, "v": x / 3 + 1, "y": np.sin(x) + rng.normal(0, 0.1, 120)}
    formula = Formula("y = a + b*x + c*x**2 + d*x**3 + f*x**4 + g*v", variables=["x", "v"])
    exact = formula.fit(data)
    monkeypatch.setattr(linear_fit, "_MAX_EXACT_WORK", 0)
    extended = formula.fit(data)
    assert extended.undetermined == exact.undetermined and len(exact.undetermined) == 1
    for name, value in exact.values.items():
        assert extended.values[name] == pytest.approx(value, rel=1e-9)
    assert extended.rss == pytest.approx(exact.rss, rel=1e-12)


def test_unit_roundoff_is_that_of_the_numbers() -> None:
    rng = np.random.default_rng(8)
    doubles = rng.normal(size=50)
    single = doubles.astype(np.float32).astype(float)
    counts, prices = np.arange(50.0), np.round(doubles, 2)

    def roundoffs(**data: np.ndarray) -> dict[str, float]:
        return DataRounding([parse("x")], data, list(data)).unit_roundoffs

    assert roundoffs(x=doubles, n=counts, p=prices) == {"x": 2**-53, "n": 2**-53, "p": 2**-53}
    assert roundoffs(x=single, z=doubles, n=counts) == {"x": 2**-24, "z": 2**-53, "n": 2**-24}
