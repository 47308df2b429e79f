"""`BinnedRows` are trained and run as the same rows with every feature spelled out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unbend.engine import infer, run_epoch
from unbend.engine.binned.rows import BinnedRows
from unbend.network import Stack
from unbend.network import infer as numpy_infer

from .compare import TOLERANCE, bits, job, max_difference, relative

PAIRS = [("sgd", "squared"), ("momentum", "absolute"), ("adamw", "logistic"), ("adam", "cross_entropy")]


@pytest.fixture(autouse=True)
def kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNBEND_ENGINE", "large")


def binned(n: int, columns: int, counts: list[int], dtype: str = "float64", seed: int = 0) -> BinnedRows:
    """n rows of so many columns, and of the bins of as many further columns as there are ``counts``."""
    rng = np.random.default_rng(seed)
    starts = np.cumsum([0, *counts])
    bins = np.column_stack([rng.integers(a, b, n) for a, b in pairwise(starts)])
    position = rng.choice([0.0, 0.3, 1.0], size=bins.shape) * rng.random(bins.shape)
    centre, scale = rng.random(starts[-1]), rng.uniform(0.5, 3, starts[-1])
    x = rng.standard_normal((n, columns))
    return BinnedRows(x.astype(dtype), bins.astype(np.int32), position.astype(dtype), starts, centre, scale)


def setting(counts: list[int], columns: int = 3, dtype: str = "float64", hidden: int = 9, outputs: int = 2, **more):
    """A job on dense features, and the same rows binned."""
    recipe, nets, (x, *rest) = job([columns + sum(counts), hidden, 7, outputs], ["tanh", "gelu", "identity"],
                                   dtype=dtype, **more)  # fmt: skip
    rows = binned(len(x), columns, counts, dtype)
    return recipe, nets, rows, (rows.dense(), *rest)


def difference(recipe, nets, rows: BinnedRows, dense, epochs: int = 2) -> float:
    def engine(recipe, stack, x, *arguments):
        return run_epoch(recipe, stack, rows, *arguments)

    return max_difference(engine, recipe, nets, dense, epochs=epochs)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("optimizer_name", "loss_name"), PAIRS)
@pytest.mark.parametrize("extras", [{}, {"members": 3, "decay": 0.01}])
def test_training_is_that_of_the_dense_features(dtype, optimizer_name, loss_name, extras):
    case = setting([5, 1, 20], dtype=dtype, optimizer_name=optimizer_name, loss_name=loss_name, **extras)
    assert difference(*case) < TOLERANCE[dtype]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counts=st.lists(st.integers(1, 40), min_size=1, max_size=5),
    columns=st.integers(1, 20),
    hidden=st.integers(1, 40),
    batch=st.integers(1, 70),
    members=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_any_shape(counts, columns, hidden, batch, members, seed):
    case = setting(counts, columns, hidden=hidden, batch=batch, members=members, seed=seed, rows=90, decay=0.1,
                   optimizer_name="adamw")  # fmt: skip
    assert difference(*case, epochs=1) < 1e-11


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_outputs_of_shared_rows_and_of_each_members_own(dtype):
    recipe, nets, rows, _ = setting([4, 30], dtype=dtype, members=3)
    pairs = Stack.begin(nets, recipe.optimizer).pairs
    assert relative(infer(recipe, pairs, rows), numpy_infer(recipe, pairs, rows.dense())) < TOLERANCE[dtype]
    parts = [[a[k * 50 : k * 50 + 50] for k in range(3)] for a in (rows.columns, rows.bins, rows.position)]
    own = replace(rows, **dict(zip(("columns", "bins", "position"), map(np.stack, parts), strict=True)))
    assert own.shape == (3, 50, 37)
    assert relative(infer(recipe, pairs, own), numpy_infer(recipe, pairs, own.dense())) < TOLERANCE[dtype]


def test_columns_without_bins():
    rng = np.random.default_rng(3)
    recipe, nets, rows, _ = setting([1], members=2)
    pairs = Stack.begin(nets, recipe.optimizer).pairs
    d = rows.columns.shape[1]
    pairs = [(pairs[0][0][:, :d], pairs[0][1]), *pairs[1:]]
    recipe = replace(recipe, layers=(replace(recipe.layers[0], inputs=d), *recipe.layers[1:]))
    alone = BinnedRows.of_columns(rng.normal(size=(700, d)).astype(rows.dtype))
    assert alone.shape == (700, d)
    assert relative(infer(recipe, pairs, alone), numpy_infer(recipe, pairs, alone.columns)) < 1e-12


def test_small_jobs_and_weighted_rows_are_spelled_out(monkeypatch):
    recipe, nets, rows, dense = setting([4, 3], weighted=True)
    assert difference(recipe, nets, rows, dense) < 1e-12
    monkeypatch.setenv("UNBEND_ENGINE", "numpy")
    assert difference(recipe, nets, rows, dense) == 0


def test_threads_do_not_change_a_bit(monkeypatch):
    recipe, nets, rows, (_, *rest) = setting([60, 60], members=3, batch=64, hidden=64, dtype="float32")
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv("UNBEND_THREADS", threads)
        stack = Stack.begin(nets, recipe.optimizer)
        losses = run_epoch(recipe, stack, rows, *rest)
        found.append([*bits(stack), losses.tobytes()])
    assert found[0] == found[1]


@pytest.mark.parametrize("engine", ["large", "numpy"])
def test_members_with_rows_of_their_own_are_trained_as_each_alone(monkeypatch, engine):
    recipe, nets, rows, (_, y, order, rate, *_) = setting([5, 1], members=2)
    other = replace(binned(len(rows.columns), 3, [5, 1], seed=1), centre=rows.centre, scale=rows.scale)
    own = replace(
        rows, **{name: np.stack([getattr(r, name) for r in (rows, other)]) for name in ("columns", "bins", "position")}
    )
    both = Stack.begin(nets, recipe.optimizer)
    monkeypatch.setenv("UNBEND_ENGINE", engine)
    losses = run_epoch(recipe, both, own, y, order, rate)
    for k, x in enumerate((rows, other)):
        alone = Stack.begin([nets[k]], recipe.optimizer)
        assert relative(run_epoch(recipe, alone, x, y, order[k : k + 1], rate), losses[k : k + 1]) < 1e-12
        for pair, of_both in zip(alone.pairs, both.pairs, strict=True):
            assert all(relative(a[0], b[k]) < 1e-12 for a, b in zip(pair, of_both, strict=True))
