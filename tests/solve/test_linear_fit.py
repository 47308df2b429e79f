"""Exact least squares: certified values, mpmath with 60 digits, rank, weights, many rows."""

import json
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest

from unbend.errors import DataError, FormulaError
from unbend.solve import Formula
from unbend.solve.linear_least_squares.normal_equations import solve_normal_equations
from unbend.solve.linear_least_squares.refined_qr import solve_refined_qr
from unbend.solve.precision import decimal_arithmetic
from unbend.solve.precision.extended_precision import to_extended
from unbend.words import say

LINEAR = ["Norris", "Pontius", "NoInt1", "Longley", "Wampler1", "Wampler4"]


def digits(got: float, want: float) -> float:
    if got == want:
        return 17.0
    return -math.log10(abs(got - want) / abs(want)) if want else -math.log10(abs(got))


def certified(shared: Path, name: str) -> tuple[dict, Formula, dict[str, np.ndarray]]:  # type: ignore[type-arg]
    record = json.loads((shared / "data" / "nist" / f"{name}.json").read_text())
    x = np.array(record["x"], dtype=float).reshape(len(record["y"]), -1)
    data = {"y": np.array(record["y"]), **{v: x[:, i] for i, v in enumerate(record["variables"])}}
    return record, Formula(f"{record['response']} = {record['formula']}", variables=record["variables"]), data


@pytest.mark.parametrize("name", LINEAR)
def test_certified_coefficients_and_standard_errors(shared: Path, name: str) -> None:
    record, formula, data = certified(shared, name)
    fit = formula.fit(data)
    assert fit.method == "exact"
    for parameter, (value, deviation) in record["certified"].items():
        assert digits(fit.values[parameter], value) >= 14.0
        assert digits(fit.standard_errors[parameter], deviation) >= 14.0
    assert digits(fit.residual_sd, record["residual_sd"]) >= 14.0
    assert fit.dof == record["dof"]


def reference(X: list[list[str]], y: list[str]) -> tuple[list[float], list[float]]:
    """Coefficients and standard errors of decimals given as text, with 60 digits of mpmath."""
    with mpmath.workdps(60):
        A = mpmath.matrix([[mpmath.mpf(v) if isinstance(v, str) else v for v in row] for row in X])
        b = mpmath.matrix([mpmath.mpf(v) for v in y])
        inverse = (A.T * A) ** -1
        beta = inverse * (A.T * b)
        r = b - A * beta
        s2 = (r.T * r)[0] / (A.rows - A.cols)
        return [float(v) for v in beta], [float(mpmath.sqrt(s2 * inverse[i, i])) for i in range(A.cols)]


@pytest.mark.parametrize("degree", [3, 7, 10])
def test_ill_conditioned_polynomials_against_60_digits(degree: int) -> None:
    """Like the hardest certified set: 82 rows between -9 and -3, a polynomial of degree 10."""
    rng = np.random.default_rng(degree)
    x = np.sort(np.round(rng.uniform(-9, -3, 82), 9))
    y = np.round(0.8 + 0.01 * np.sin(x) + rng.normal(0, 0.003, 82), 4)
    with mpmath.workdps(60):
        rows = [[mpmath.mpf(repr(v)) ** k for k in range(degree + 1)] for v in x.tolist()]
    values, errors = reference(rows, [repr(v) for v in y.tolist()])
    formula = Formula("y = " + " + ".join(f"b{k}*x**{k}" for k in range(degree + 1)))
    fit = formula.fit({"x": x, "y": y})
    for k in range(degree + 1):
        assert digits(fit.values[f"b{k}"], values[k]) > 15.5
        assert digits(fit.standard_errors[f"b{k}"], errors[k]) > 14.5


def test_columns_of_functions_against_60_digits() -> None:
    x = np.round(np.linspace(0.5, 6, 40), 3)
    y = np.round(2 * np.log(x) - 0.3 * np.sin(x) + 0.1 / x + 0.01 * np.cos(40 * x), 5)
    with mpmath.workdps(60):
        points = [mpmath.mpf(repr(v)) for v in x.tolist()]
        rows = [[mpmath.log(p), mpmath.sin(p), 1 / p, mpmath.mpf("0.1")] for p in points]
    values, errors = reference(rows, [repr(v) for v in y.tolist()])
    fit = Formula("y = a*log(x) + b*sin(x) + c/x + 0.1*d").fit({"x": x, "y": y})
    for name, value, error in zip("abcd", values, errors, strict=True):
        assert digits(fit.values[name], value) > 15.0
        assert digits(fit.standard_errors[name], error) > 14.5


def test_a18_the_articles_system_is_solved() -> None:
    x = np.array([-1.0, 0.0, 1.0, 2.0])
    fit = Formula("y = a*x**2 + b*x + c").fit({"x": x, "y": 3 * x**2 - 2 * x + 0.5})
    assert fit.values == {"a": 3.0, "b": -2.0, "c": 0.5}
    assert fit.standard_errors == {"a": 0.0, "b": 0.0, "c": 0.0}
    assert fit.r2 == 1.0


def test_dependent_columns_are_named() -> None:
    x = np.arange(8.0)
    fit = Formula("y = a*u + b*v + c*w + d", variables=["u", "v", "w"]).fit(
        {"u": x, "v": 2 * x + 1, "w": x**2, "y": x**2 + x}
    )
    assert len(fit.undetermined) == 1
    said = fit.undetermined[0]
    assert all(name in said for name in ("a", "b", "d"))
    assert any(f"[{column}] = " in said for column in ("u", "v", "1"))
    assert math.isnan(fit.standard_errors["a"]) and math.isfinite(fit.standard_errors["c"])
    assert np.allclose(fit.fitted, x**2 + x)


def test_column_of_zeros_is_named() -> None:
    fit = Formula("y = a*x + b*z").fit({"x": np.arange(5.0), "z": np.zeros(5), "y": np.arange(5.0) * 2})
    assert fit.values["a"] == 2 and "b" in fit.undetermined[0]


def test_dependence_is_exact_in_decimals() -> None:
    """0.1 + 0.2 = 0.3 holds for decimals, not for doubles."""
    x = np.array([0.1, 0.2, 0.4, 0.7, 1.1])
    z = np.array([0.3, 0.6, 1.2, 2.1, 3.3])
    fit = Formula("y = a*x + b*z").fit({"x": x, "z": z, "y": x})
    assert len(fit.undetermined) == 1


def test_r_squared_about_the_mean_or_about_zero() -> None:
    x = np.arange(1.0, 9.0)
    y = x + np.array([0.1, -0.2, 0.3, 0.1, -0.1, 0.2, -0.3, 0.1])
    data = {"x": x, "y": y}
    for text, centre in (("y = a*x + b", y.mean()), ("y = a*x", 0.0), ("y = a*x + b*(x - 1)", y.mean())):
        fit = Formula(text).fit(data)
        assert fit.r2 == pytest.approx(1 - fit.rss / np.sum((y - centre) ** 2), rel=1e-12)


def test_weights_are_those_of_scipy() -> None:
    from scipy.optimize import curve_fit

    rng = np.random.default_rng(1)
    x = np.linspace(0, 5, 30)
    sigma = rng.uniform(0.1, 2, 30)
    y = 2 * x + 1 + sigma * rng.normal(size=30)
    want, covariance = curve_fit(lambda x, a, b: a * x + b, x, y, sigma=sigma)
    fit = Formula("y = a*x + b").fit({"x": x, "y": y}, sigma=sigma)
    assert list(fit.values.values()) == pytest.approx(list(want), rel=1e-7)
    assert list(fit.standard_errors.values()) == pytest.approx(list(np.sqrt(np.diag(covariance))), rel=1e-6)
    column = Formula("y = a*x + b").fit({"x": x, "y": y, "s": sigma}, sigma="s")
    assert column.values == fit.values


def test_many_rows_agree_with_the_exact_way() -> None:
    rng = np.random.default_rng(3)
    x = np.round(np.sort(rng.uniform(-9, -3, 300)), 6)
    y = np.round(np.sin(x) + rng.normal(0, 0.1, 300), 5)
    weights = rng.uniform(0.5, 2, 300)
    for w in (None, weights):
        with decimal_arithmetic.context():
            columns = [decimal_arithmetic.to_decimals(x) ** k for k in range(1, 6)]
            ones = decimal_arithmetic.to_decimals(np.ones(300))
            want = solve_normal_equations(
                [ones, *columns],
                decimal_arithmetic.to_decimals(y),
                None if w is None else decimal_arithmetic.to_decimals(w),
            )
        long = to_extended(x)
        got = solve_refined_qr([long**0, *(long**k for k in range(1, 6))], to_extended(y), w)
        assert np.allclose(got.coefficients, want.coefficients, rtol=1e-11)
        assert np.allclose(got.inverse_gram, want.inverse_gram, rtol=1e-7)
        assert got.rss == pytest.approx(want.rss, rel=1e-13)
        assert got.tss == pytest.approx(want.tss, rel=1e-12)
        assert (got.rank, got.dependencies) == (want.rank, [])


def test_many_rows_name_dependent_columns() -> None:
    x = np.random.default_rng(0).normal(size=60_000)
    fit = Formula("y = a*x + b*z + c").fit({"x": x, "z": 3 * x, "y": x + 1})
    assert len(fit.undetermined) == 1
    assert np.allclose(fit.fitted, x + 1)


def test_offset_and_transformed_response() -> None:
    x = np.linspace(1, 3, 9)
    fit = Formula("log(y) = a + b*x + 2*x**2").fit({"x": x, "y": np.exp(0.5 - x + 2 * x**2)})
    assert fit.values == pytest.approx({"a": 0.5, "b": -1.0}, rel=1e-9)


def test_bad_data_is_refused() -> None:
    formula = Formula("y = a*log(x) + b")
    good = np.array([1.0, 2.0, 3.0])
    for data, word in (
        ({"x": good}, "y"),
        ({"x": good, "y": good[:2]}, "lengths"),
        ({"x": np.array(["a", "b", "c"]), "y": good}, "numbers"),
        ({"x": np.array([1.0, np.inf, 2.0]), "y": good}, "row 2"),
        ({"x": np.array([1.0, -2.0, 3.0]), "y": good}, "row 2"),
        ({"x": good.reshape(3, 1), "y": good}, "dimension"),
        ({"x": np.full(3, np.nan), "y": good}, "no row"),
    ):
        with pytest.raises(DataError, match=word):
            Formula(str(formula), variables=["x"]).fit(data)
    with pytest.raises(FormulaError, match="y = a"):
        Formula("a*x").fit({"x": good})
    with pytest.raises(DataError, match="row 2"):
        formula.fit({"x": good, "y": good}, sigma=[1, 0, 1])


def test_missing_values_are_left_out_and_told() -> None:
    x = np.array([0.0, 1.0, np.nan, 3.0, 4.0])
    fit = Formula("y = a*x + b").fit({"x": x, "y": np.array([1.0, 3.0, 5.0, 7.0, np.nan])})
    assert fit.values == {"a": 2.0, "b": 1.0} and fit.rows == 3
    assert "2 of 5" in fit.notes[0]


def test_no_freedom_left() -> None:
    fit = Formula("y = a*x + b").fit({"x": np.array([1.0, 2.0]), "y": np.array([1.0, 3.0])})
    assert fit.values == {"a": 2.0, "b": -1.0}
    assert math.isnan(fit.residual_sd) and fit.notes


def test_predict() -> None:
    fit = Formula("y = a*x + b").fit({"x": np.arange(4.0), "y": 2 * np.arange(4.0) + 1})
    assert fit.predict({"x": [10.0, np.nan]}).tolist()[0] == 21.0
    assert np.isnan(fit.predict({"x": [10.0, np.nan]})[1])
    assert np.abs(fit.residuals).max() == 0
    assert say("solve.method_exact") in str(fit)


def test_tables_from_elsewhere(tmp_path: Path) -> None:
    import pandas

    frame = pandas.DataFrame({"x": [0.0, 1.0, 2.0], "y": [1.0, 3.0, 5.0], "name": ["a", "b", "c"]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    for table in (frame, str(tmp_path / "t.csv"), frame.to_dict("list")):
        if isinstance(table, dict):
            table.pop("name")
        assert Formula("y = a*x + b").fit(table).values == {"a": 2.0, "b": 1.0}
