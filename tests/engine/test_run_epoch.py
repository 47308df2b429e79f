"""``engine.run_epoch`` gives what the plain NumPy reference gives, by both kernels, in both float types."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unbend.activations import activations
from unbend.engine import run_epoch
from unbend.network import Stack, with_l1
from unbend.network import run_epoch as reference

from .compare import TOLERANCE, bits, job, max_difference, numbers

KERNELS = ("small", "large")
DTYPES = ("float32", "float64")
# every optimiser and every loss, once each
PAIRS = [
    ("sgd", "squared"),
    ("momentum", "absolute"),
    ("adam", "huber"),
    ("adamw", "logistic"),
    ("sgd", "cross_entropy"),
]
LEARNING = [name for name in activations if name != "step"]
FORMULAS = ["max(x, 0.2*x)", "x*exp(-x**2) + log(1 + abs(x))**3", "where(x > 1, sin(x), cos(x)) + atan2(x, 2)"]
TANH = ["tanh"] * 6 + ["identity"]


@pytest.fixture(params=KERNELS)
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("UNBEND_ENGINE", request.param)
    return str(request.param)


def shaped(*sizes: int) -> tuple[list[int], list[str]]:
    """Sizes, and tanh in all layers but the last."""
    return list(sizes), [*["tanh"] * (len(sizes) - 2), "identity"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("optimizer_name", "loss_name"), PAIRS)
@pytest.mark.parametrize("extras", [{}, {"members": 3, "weighted": True, "dropout": 0.3, "decay": 0.01}])
def test_optimisers_and_losses(kernel, dtype, optimizer_name, loss_name, extras):
    setting = job(*shaped(3, 9, 4), optimizer_name=optimizer_name, loss_name=loss_name, dtype=dtype, **extras)
    assert max_difference(run_epoch, *setting, epochs=2) < TOLERANCE[dtype]


@pytest.mark.parametrize("dtype", DTYPES)
def test_targets_of_each_member(kernel, dtype):
    """(members, N, outputs): every member learns its own."""
    setting = job(*shaped(3, 9, 4), dtype=dtype, members=3)
    recipe, nets, (x, y, *rest) = setting
    own = np.stack([y, 2 * y, y[::-1]])
    assert max_difference(run_epoch, recipe, nets, (x, own, *rest), epochs=2) < TOLERANCE[dtype]


def test_an_optimiser_with_l1(kernel):
    setting = job(*shaped(3, 9, 4), optimizer_name=with_l1("momentum"), decay=0.3, dtype="float64")
    assert max_difference(run_epoch, *setting, epochs=2) < TOLERANCE["float64"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_activation_and_formulas(kernel, dtype):
    acts = [*LEARNING, *FORMULAS]
    for start in range(0, len(acts), 3):  # one kernel for all: the records are the same set in each network
        some = acts[start:] + acts[:start]
        setting = job([3, *[7] * (len(acts) - 1), 2], some, dtype=dtype, rows=60)
        assert max_difference(run_epoch, *setting) < TOLERANCE[dtype], some[0]


@pytest.mark.parametrize("sizes", [(1, 1), (7, 1), (1, 9, 1), (3, 17, 5, 33, 2), (70, 90, 3), (5, 130, 66, 20)])
@pytest.mark.parametrize("batch", [1, 7, 64, 128, 200])
def test_shapes_and_batches_not_divisible_by_lanes(kernel, sizes, batch):
    assert max_difference(run_epoch, *job(*shaped(*sizes), batch=batch, rows=199 if batch > 1 else 40)) < 1e-5


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(1, 40), min_size=2, max_size=5),
    batch=st.integers(1, 70),
    rows=st.integers(1, 90),
    members=st.integers(1, 3),
    weighted=st.booleans(),
    dropout=st.sampled_from([0.0, 0.5]),
    seed=st.integers(0, 99),
)
def test_random_architectures(kernel, sizes, batch, rows, members, weighted, dropout, seed):
    setting = job(*shaped(*sizes), batch=batch, rows=rows, members=members, weighted=weighted, dropout=dropout,
                  dtype="float64", seed=seed)  # fmt: skip
    assert max_difference(run_epoch, *setting) < 1e-12


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("members", [1, 2, 5])
def test_one_and_two_threads_give_identical_results(kernel, dtype, members, monkeypatch):
    recipe, nets, arguments = job(
        *shaped(200, 300, 20), dtype=dtype, batch=100, rows=450, members=members, weighted=True
    )
    found = []
    for threads in ("1", "2", "2"):
        monkeypatch.setenv("UNBEND_THREADS", threads)
        stack = Stack.begin(nets, recipe.optimizer)
        losses = run_epoch(recipe, stack, *arguments)
        found.append([*bits(stack), losses.tobytes()])
    assert found[0] == found[1] == found[2]


def test_member_trains_identically_alone_and_in_stack(kernel):
    recipe, nets, (x, y, order, rate, _, _) = job(*shaped(4, 20, 3), members=4)
    stacked, alone = Stack.begin(nets, recipe.optimizer), Stack.begin(nets[2:3], recipe.optimizer)
    run_epoch(recipe, stacked, x, y, order, rate)
    run_epoch(recipe, alone, x, y, order[2:3], rate)
    for (W, b), (W2, b2) in zip(stacked.member(2), alone.member(0), strict=True):
        assert np.array_equal(W, W2) and np.array_equal(b, b2)


def test_previous_arrays_of_stack_are_not_modified(kernel):
    recipe, nets, arguments = job(*shaped(3, 9, 4), optimizer_name="adam", loss_name="huber")
    stack = Stack.begin(nets, recipe.optimizer)
    held = numbers(stack)
    copies = [a.copy() for a in held]
    run_epoch(recipe, stack, *arguments)
    assert all(np.array_equal(a, c) for a, c in zip(held, copies, strict=True))
    assert not np.array_equal(stack.pairs[0][0], copies[0])


def test_read_only_and_strided_arrays(kernel):
    recipe, nets, (x, y, order, rate, *_) = job(*shaped(3, 9, 4))
    x, y = np.asfortranarray(x), y[::-1]
    for array in (x, y, order):
        array.flags.writeable = False
    assert max_difference(run_epoch, recipe, nets, (x, y, order.astype(np.int32), rate)) < 1e-5


def test_nan_and_overflow_propagate(kernel):
    recipe, nets, (x, y, order, rate, *_) = job(*shaped(3, 9, 4), dtype="float64")
    with np.errstate(all="ignore"):
        stack, plain = Stack.begin(nets, recipe.optimizer), Stack.begin(nets, recipe.optimizer)
        x[order[0, 5], 1] = np.nan
        got, wanted = run_epoch(recipe, stack, x, y, order, rate), reference(recipe, plain, x, y, order, rate)
        assert np.isnan(got).all() and np.isnan(wanted).all()
        assert all(np.isnan(W).any() for W, _ in stack.pairs)
        x = np.nan_to_num(x) * 1e300
        assert not np.isfinite(run_epoch(recipe, Stack.begin(nets, recipe.optimizer), x, y * 1e300, order, 1.0)).all()


def test_mixed_dtypes_fall_back_to_numpy(kernel):
    """No dtype is changed silently."""
    recipe, nets, (x, y, order, rate, *_) = job(*shaped(3, 9, 4), dtype="float32")
    assert max_difference(run_epoch, recipe, nets, (x, y.astype(np.float64), order, rate)) == 0


def test_indices_out_of_range_raise_as_in_numpy(kernel):
    recipe, nets, (x, y, order, rate, *_) = job(*shaped(3, 9, 4), loss_name="cross_entropy")
    for rows, classes in ((order + 1_000, y), (order, y + 100)):
        with pytest.raises(IndexError):
            run_epoch(recipe, Stack.begin(nets, recipe.optimizer), x, classes, rows, rate)
