"""Least squares from sums over shards: fractions, certified values, cuts and orders, extremes."""

import math
import pickle
from fractions import Fraction
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_linear_fit import LINEAR, certified, digits

from unbend.errors import BadInput, DataError, ShapeError
from unbend.solve.streamed import least_squares_sums
from unbend.solve.streamed.exact_products import add_products, decimal_rests
from unbend.solve.streamed.exact_sums import ExactSums
from unbend.solve.streamed.least_squares_sums import ROWS, LeastSquaresSums
from unbend.solve.streamed.reference import reference_scaler
from unbend.solve.streamed.ridge_choice import choose_penalty
from unbend.solve.streamed.sums_solution import SumsSolution

BLOCK = 4096  # rows of a block, where more would only take longer
any_double = st.floats(allow_nan=False, allow_infinity=False)


def fractions(values: np.ndarray) -> list[list[Fraction]]:
    return [[Fraction(float(v)) for v in row] for row in values]


def totals(sums: ExactSums) -> list[Fraction]:
    integers, exponent = sums.integers()
    return [i * Fraction(2) ** exponent for i in integers]


def bits(solution: SumsSolution) -> tuple[object, ...]:
    s = solution
    numbers = [s.intercept, s.intercept_error, s.rss, s.tss, s.condition, s.digits]
    return (*(a.tobytes() for a in (s.coefficients, s.standard_errors, np.array(numbers))), s.rows, s.undetermined)


def table(rows: int, columns: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, columns)) * 10.0 ** rng.integers(-3, 4, columns) + rng.normal(size=columns) * 5
    return x, x @ rng.normal(size=columns) + 2 + rng.normal(size=rows)


@settings(deadline=None)
@given(st.lists(st.tuples(any_double, st.integers(-900, 900)), max_size=30), st.randoms())
def test_exact_sums_are_those_of_fractions_in_any_order(terms: list[tuple[float, int]], random: object) -> None:
    sums, others = ExactSums((1,)), ExactSums((1,))
    for value, exponent in terms:
        sums.add(np.array([value]), exponent)
    random.shuffle(terms)  # type: ignore[attr-defined]
    for value, exponent in terms[::2]:
        others.add(np.array([value]), exponent)
    rest = ExactSums((1,))
    for value, exponent in terms[1::2]:
        rest.add(np.array([value]), exponent)
    others.merge(rest)
    want = sum((Fraction(v) * Fraction(2) ** e for v, e in terms), Fraction(0))
    assert totals(sums) == totals(others) == [want]


def test_exact_sums_carry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unbend.solve.streamed.exact_sums._TERMS", 3)
    sums, values = ExactSums((2,)), np.array([-(2.0**53) + 1, 2.0**53 - 1])
    for _ in range(1000):
        sums.add(values, 31)
    assert totals(sums) == [Fraction(v) * 1000 * 2**31 for v in values.tolist()]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(any_double, any_double, st.floats(0, 1e300)), min_size=1, max_size=6), st.booleans())
def test_products_of_any_doubles_are_exact(rows: list[tuple[float, float, float]], weighted: bool) -> None:
    x, w = np.array([row[:2] for row in rows]), np.array([row[2] for row in rows])
    sums = ExactSums((2, 2))
    add_products(sums, [x], w if weighted else None)
    X, W = fractions(x), [Fraction(v) if weighted else Fraction(1) for v in w.tolist()]
    want = [
        sum(v * r[i] * r[j] for v, r in zip(W, X, strict=True)) if i <= j else 0 for i in range(2) for j in range(2)
    ]
    assert totals(sums) == want


@settings(deadline=None)
@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 22))
def test_doubles_are_read_as_decimals(numerator: int, places: int) -> None:
    value = numerator / 10**places
    want = Fraction(numerator, 10**places)
    rest = float(decimal_rests(np.array([value]))[0])
    assert abs(Fraction(value) + Fraction(rest) - want) <= abs(want) / 2**103


def test_decimal_rests_of_other_doubles_are_zero() -> None:
    assert not decimal_rests(np.array([1 / 3, 0.0, 1e300, 5e-324, -1e22, math.pi * 1e8])).any()


@pytest.mark.parametrize("name", LINEAR)
def test_certified_sets_in_seven_shards_of_any_order(shared: Path, name: str) -> None:
    record, formula, data = certified(shared, name)
    x, y = formula.system(data).A, data["y"]
    intercept = bool((x[:, 0] == 1).all())
    x = x[:, 1:] if intercept else x
    found = set()
    for seed in range(3):
        rng = np.random.default_rng(seed)
        total = LeastSquaresSums(x.shape[1], exact=True)
        for part in rng.permutation(7):
            sums = LeastSquaresSums(x.shape[1], exact=True)
            for rows in np.array_split(np.array_split(np.arange(len(y)), 7)[part], seed + 1):
                sums.add(x[rows], y[rows])
            total.merge(pickle.loads(pickle.dumps(sums)))
        solution = total.solve(intercept=intercept)
        found.add(bits(solution))
        got = zip([solution.intercept, *solution.coefficients], [solution.intercept_error, *solution.standard_errors],
                  strict=True)  # fmt: skip
        own = list(got)[not intercept :]
        for (value, error), (want, deviation) in zip(own, record["certified"].values(), strict=True):
            assert digits(value, want) >= 14.0
            assert digits(error, deviation) >= 14.0
    assert len(found) == 1


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 2 * BLOCK + 100), max_size=5), st.booleans(), st.booleans(), st.permutations(range(3)))
def test_bits_do_not_depend_on_batches_and_orders(
    cuts: list[int], weighted: bool, exact: bool, order: list[int]
) -> None:
    x, y = table(2 * BLOCK + 100, 2)
    weights = np.random.default_rng(1).random(len(y)) if weighted else None
    reference = reference_scaler(x[:100], y[:100])

    def shard(number: int, cuts: list[int], transposed: bool) -> LeastSquaresSums:
        with patch.object(least_squares_sums, "ROWS", BLOCK):
            sums = LeastSquaresSums(2, reference=reference, folds=2, exact=exact)
        own = np.asfortranarray(x) if transposed else x
        for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), len(y)], strict=True):
            w = None if weights is None else weights[a:b]
            sums.add(own[a:b], y[a:b] + number, w, fold=np.arange(a, b) // 3 * 7 % 5 % 2)
        return sums

    whole, parts = shard(0, [], False), [shard(number, cuts, True) for number in order]
    for number in (1, 2):
        whole.merge(shard(number, [], False))
    merged = parts[0]
    merged.merge(parts[1])
    merged.merge(parts[2])
    assert bits(whole.solve()) == bits(merged.solve())
    assert choose_penalty(whole) == choose_penalty(merged)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("kind", ["plain", "weighted", "no intercept", "float32"])
def test_against_statsmodels(kind: str, exact: bool) -> None:
    sm = pytest.importorskip("statsmodels.api")
    x, y = table(20_000, 3)
    x = x.astype(np.float32) if kind == "float32" else x
    weights = np.random.default_rng(1).random(len(y)) if kind == "weighted" else None
    intercept = kind != "no intercept"
    sums = LeastSquaresSums(3, reference=reference_scaler(x[:500], y[:500]), exact=exact)
    sums.add(x, y, weights)
    solution = sums.solve(intercept=intercept)
    design = np.column_stack([x, np.ones(len(y))]) if intercept else x.astype(float)
    want = sm.WLS(y, design, 1.0 if weights is None else weights).fit()
    assert solution.coefficients == pytest.approx(want.params[:3], rel=1e-10)
    assert solution.standard_errors == pytest.approx(want.bse[:3], rel=1e-10)
    if intercept:
        assert [solution.intercept, solution.intercept_error] == pytest.approx([want.params[3], want.bse[3]], rel=1e-9)
    assert (solution.rss, solution.r2) == pytest.approx((want.ssr, want.rsquared), rel=1e-10)
    assert solution.dof == want.df_resid and solution.undetermined == ()
    assert solution.digits > 9


@pytest.mark.parametrize("name", LINEAR)
def test_digits_of_sums_in_doubles_are_not_overstated(shared: Path, name: str) -> None:
    _, formula, data = certified(shared, name)
    x, y = formula.system(data).A[:, 1:] if name != "NoInt1" else formula.system(data).A, data["y"]
    solutions = []
    for exact in (False, True):
        sums = LeastSquaresSums(x.shape[1], reference=reference_scaler(x, y), exact=exact)
        sums.add(x, y, low=np.zeros_like(x) if exact else None)
        solutions.append(sums.solve())
    rough, exactly = solutions
    size = np.fmax(np.abs(exactly.coefficients), exactly.standard_errors)
    error = np.max(np.abs(rough.coefficients - exactly.coefficients) / size)
    assert error <= 10.0 ** -(rough.digits - 1)
    assert exactly.digits > 15.9


@pytest.mark.parametrize("scale", [1e150, 1e-150, 1e-300])
@pytest.mark.parametrize("exact", [False, True])
def test_extreme_units(scale: float, exact: bool) -> None:
    x, y = table(300, 2)
    sums, plain = LeastSquaresSums(2, exact=exact), LeastSquaresSums(2, exact=True)
    sums.add(x * [scale, 1.0], y)
    plain.add(x, y, low=np.zeros_like(x))
    solution, want = sums.solve(), plain.solve()
    assert solution.coefficients * [scale, 1.0] == pytest.approx(want.coefficients, rel=1e-9)
    assert solution.standard_errors * [scale, 1.0] == pytest.approx(want.standard_errors, rel=1e-9)


def test_dependent_and_constant_columns_are_undetermined() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 50, (2, 200)).astype(float)
    x = np.column_stack([a, np.full(200, 7.0), b, 2 * a - 3 * b + 5])
    sums = LeastSquaresSums(4, exact=True)
    sums.add(x, a + b)
    solution = sums.solve()
    assert len(solution.undetermined) == 2
    for found in solution.undetermined:
        rebuilt = found.constant + sum(f * x[:, j] for j, f in found.factors.items())
        assert rebuilt == pytest.approx(x[:, found.column], abs=1e-9)
        assert solution.coefficients[found.column] == 0 and math.isnan(solution.standard_errors[found.column])
    assert x @ solution.coefficients + solution.intercept == pytest.approx(a + b)
    assert solution.dof == 197


@pytest.mark.parametrize("single", [False, True])
def test_columns_dependent_up_to_rounding(single: bool) -> None:
    celsius = np.random.default_rng(0).normal(20, 8, 5000).astype(np.float32 if single else np.float64)
    x = np.column_stack([celsius, (celsius * 1.8 + 32).astype(celsius.dtype)])
    for exact in (False, True):
        sums = LeastSquaresSums(2, reference=reference_scaler(x, celsius), exact=exact)
        sums.add(x, celsius.astype(float))
        solution = sums.solve()
        assert len(solution.undetermined) == 1
        assert exact or single or solution.digits == 0


@pytest.mark.parametrize("many", [0, 80])
def test_many_columns_are_solved_in_doubles_as_in_decimals(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unbend.solve.streamed.sums_system.MANY", many)
    x, y = table(2000, 12)
    rough, exactly = LeastSquaresSums(12, reference=reference_scaler(x, y)), LeastSquaresSums(12, exact=True)
    rough.add(x, y)
    exactly.add(x, y, low=np.zeros_like(x))
    for penalty in (0.0, 0.2):
        one, two = rough.solve(penalty), exactly.solve(penalty)
        assert one.coefficients == pytest.approx(two.coefficients, rel=1e-9)
        assert one.intercept == pytest.approx(two.intercept, rel=1e-9)
        assert one.standard_errors == pytest.approx(two.standard_errors, rel=1e-10, nan_ok=True)
        assert (one.rss, one.tss) == pytest.approx((two.rss, two.tss), rel=1e-10)


def test_ridge_is_that_of_scikit_learn() -> None:
    sklearn = pytest.importorskip("sklearn.linear_model")
    x, y = table(3000, 3)
    sums = LeastSquaresSums(3, reference=reference_scaler(x, y))
    sums.add(x, y)
    solution, deviation = sums.solve(penalty=0.3), x.std(axis=0)
    want = sklearn.Ridge(alpha=0.3 * len(y), solver="cholesky").fit((x - x.mean(axis=0)) / deviation, y)
    assert solution.coefficients * deviation == pytest.approx(want.coef_, rel=1e-9)
    assert np.isnan(solution.standard_errors).all()


def test_few_rows() -> None:
    with pytest.raises(DataError):
        LeastSquaresSums(2).solve()
    sums = LeastSquaresSums(2, exact=True)
    sums.add(np.empty((0, 2)), np.empty(0))
    sums.add(np.array([[1.0, 2.0]]), np.array([3.0]))
    solution = sums.solve()
    assert (solution.intercept, solution.rss, solution.dof, solution.rows) == (3.0, 0.0, 0, 1)
    assert {d.column for d in solution.undetermined} == {0, 1}


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("exact", [False, True])
def test_numbers_that_are_not_finite_are_refused_with_their_row(bad: float, exact: bool) -> None:
    x, y = table(ROWS + 50, 2)
    x[ROWS + 7, 1] = bad
    sums = LeastSquaresSums(["width", "height"], exact=exact)
    with pytest.raises(DataError, match=f"height.*row {ROWS + 8}"):
        sums.add(x, y)
        sums.solve()


def test_bad_arguments() -> None:
    sums = LeastSquaresSums(2)
    with pytest.raises(ShapeError):
        sums.add(np.ones((3, 3)), np.ones(3))
    with pytest.raises(DataError, match="row 2"):
        sums.add(np.ones((3, 2)), np.ones(3), np.array([1.0, -1.0, 1.0]))
        sums.solve()
    with pytest.raises(ShapeError):
        sums.add(np.ones((3, 2)), np.ones(3), fold=np.array([0, 1, 0]))
    with pytest.raises(BadInput):
        LeastSquaresSums(2).merge(LeastSquaresSums(2, exact=True))
