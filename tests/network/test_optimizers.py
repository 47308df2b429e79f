"""Optimisers against textbook loops written out here: five steps, number by number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import unbend as ub
from unbend.errors import ShapeError
from unbend.network import Optimizer, Recipe, Stack, losses, optimizer, optimizers, run_epoch, with_l1
from unbend.network.epoch import optimizer_step

STEPS, RATE, DECAY = 5, 0.05, 0.3
GRADIENTS = np.random.default_rng(0).normal(0, 2, (STEPS, 3))
START = np.array([1.0, -2.0, 0.5])


def sgd(p: np.ndarray, decay: float) -> np.ndarray:
    for g in GRADIENTS:
        p = p - RATE * (g + decay * p)
    return p


def momentum(p: np.ndarray, decay: float) -> np.ndarray:
    v = np.zeros(3)
    for g in GRADIENTS:
        v = 0.9 * v - RATE * (g + decay * p)
        p = p + v
    return p


def adam(p: np.ndarray, decay: float, apart: float = 0.0) -> np.ndarray:
    m, v = np.zeros(3), np.zeros(3)
    for t, g in enumerate(GRADIENTS, 1):
        g = g + decay * p
        m = 0.9 * m + (1 - 0.9) * g
        v = 0.999 * v + (1 - 0.999) * g**2
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        p = p - RATE * (m_hat / (np.sqrt(v_hat) + 1e-8) + apart * p)
    return p


def adamw(p: np.ndarray, decay: float) -> np.ndarray:
    return adam(p, 0.0, decay)


LOOPS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "sgd": sgd, "momentum": momentum, "adam": adam, "adamw": adamw
}  # fmt: skip


def run(name: str, decay: float) -> Stack:
    """Five steps on W (3, 1); the bias gets the same gradient as the first weight and starts like it."""
    record = optimizer(name)
    recipe = Recipe((ub.Dense(3, 1),), losses["squared"], record, 1, decay)
    stack = Stack.begin([[(START[:, None].copy(), START[:1].copy())]], record)
    for g in GRADIENTS:
        optimizer_step(recipe, stack, [(g[None, :, None], g[None, :1, None])], RATE)
    return stack


@pytest.mark.parametrize("name", list(optimizers))
@pytest.mark.parametrize("decay", [0.0, DECAY])
def test_five_steps_match_reference_loops(name: str, decay: float) -> None:
    stack = run(name, decay)
    np.testing.assert_allclose(stack.pairs[0][0][0, :, 0], LOOPS[name](START, decay), rtol=1e-12)
    # the bias is never decayed
    np.testing.assert_allclose(stack.pairs[0][1][0, 0], LOOPS[name](START, 0.0)[:1], rtol=1e-12)
    assert stack.step == STEPS


def test_reference_loops_differ() -> None:
    ends = [loop(START, DECAY) for loop in LOOPS.values()]
    assert all(np.abs(a - b).max() > 1e-3 for i, a in enumerate(ends) for b in ends[:i])
    # where the decay is added matters: Adam puts it in the moments, AdamW beside them
    assert np.abs(adam(START, DECAY) - adamw(START, DECAY)).max() > 1e-3
    np.testing.assert_allclose(adam(START, 0.0), adamw(START, 0.0))


@pytest.mark.parametrize("name", list(optimizers))
def test_dtype_preserved_and_start_unchanged(name: str) -> None:
    W, b = np.ones((2, 3), np.float32), np.zeros(3, np.float32)
    record = optimizer(name)
    stack = Stack.begin([[(W, b)]], record)
    optimizer_step(Recipe((ub.Dense(2, 3),), losses["squared"], record, 1, 0.1), stack,
         [(np.ones((1, 2, 3), np.float32), np.ones((1, 1, 3), np.float32))], 0.1)  # fmt: skip
    assert all(a.dtype == np.float32 for pair in stack.pairs for a in pair)
    assert all(a.dtype == np.float32 for pair in stack.optimizer_state for kept in pair for a in kept)
    assert (W == 1).all() and not (stack.pairs[0][0] == 1).any()
    assert len(stack.optimizer_state[0][0]) == len(record.state)


def test_names() -> None:
    assert list(optimizers) == ["sgd", "momentum", "adam", "adamw"]
    own = Optimizer("own", (("new", "p - rate*sign(g)"),))
    assert optimizer(own) is own
    moved = own.move(np.ones(2), np.array([3.0, -4.0]), 0.1, 0.0, 1.0, 1.0)
    assert len(moved) == 1
    np.testing.assert_allclose(moved[0], [0.9, 1.1])
    with pytest.raises(ShapeError, match=r"'rmsprop'.*adamw"):
        optimizer("rmsprop")


@pytest.mark.parametrize(("name", "rate", "steps"), [("sgd", 0.05, 2000), ("momentum", 0.02, 2000)])
def test_l1_converges_to_lasso(name: str, rate: float, steps: int) -> None:
    from sklearn.linear_model import Lasso

    rng = np.random.default_rng(3)
    x = rng.normal(size=(80, 6))
    y = x @ np.array([2.0, -1.0, 0, 0, 0.5, 0]) + 3 + rng.normal(0, 0.3, 80)
    lasso = Lasso(alpha=0.4, tol=1e-12, max_iter=100_000).fit(x, y)  # |y - o|^2 / 2n + alpha |w|
    net = ub.Network([ub.Dense(6, 1)], seed=0, dtype="float64")
    recipe = Recipe((ub.Dense(6, 1),), losses["squared"], with_l1(name), 80, 2 * 0.4)  # |y - o|^2 / n + decay |w|
    stack = Stack.begin([net.arrays], recipe.optimizer)
    for _ in range(steps):
        run_epoch(recipe, stack, x, y[:, None], np.arange(80)[None], rate)
    W, b = stack.member(0)[0]
    assert W[:, 0] == pytest.approx(lasso.coef_, abs=1e-9) and b[0] == pytest.approx(lasso.intercept_)
    assert np.array_equal(W[:, 0] == 0, lasso.coef_ == 0) and 0 < (lasso.coef_ == 0).sum() < 6
