"""One epoch, the reference for everything fast, against loops written out here."""

from __future__ import annotations

import numpy as np
import pytest

import unbend as ub
from unbend.network import Recipe, Stack, infer, losses, optimizer, run_epoch

RNG = np.random.default_rng(8)
X, Y, C = RNG.normal(size=(11, 2)), RNG.normal(size=(11, 2)), RNG.integers(0, 2, 11)
LAYERS = (ub.Dense(2, 3, "tanh"), ub.Dense(3, 2))
NETS = [ub.Network(LAYERS, seed=k, dtype="float64") for k in range(3)]


def by_hand(net: ub.Network, order: np.ndarray, batch: int, weights: np.ndarray, mask: np.ndarray,
            classes: bool) -> tuple[list[np.ndarray], float]:  # fmt: skip
    """Plain gradient descent on one network, the chain rule written out; (W1, b1, W2, b2) and the mean loss."""
    (W1, b1), (W2, b2) = [(W.copy(), b.copy()) for W, b in net.arrays]
    total = 0.0
    for start in range(0, len(order), batch):
        rows, keep = order[start : start + batch], mask[start : start + batch]
        w = weights[rows][:, None]
        h = np.tanh(X[rows] @ W1 + b1) * keep
        o = h @ W2 + b2
        if classes:
            p = np.exp(o) / np.exp(o).sum(axis=1, keepdims=True)
            total += -(w[:, 0] * np.log(p[np.arange(len(rows)), C[rows]])).sum()
            delta = w * (p - np.eye(2)[C[rows]]) / len(rows)
        else:
            total += (w * (o - Y[rows]) ** 2).mean(axis=1).sum()
            delta = w * (o - Y[rows]) / len(rows)  # 2 * r / 2 outputs
        back = delta @ W2.T * (1 - np.tanh(X[rows] @ W1 + b1) ** 2) * keep
        W2, b2 = W2 - 0.1 * h.T @ delta, b2 - 0.1 * delta.sum(axis=0)
        W1, b1 = W1 - 0.1 * X[rows].T @ back, b1 - 0.1 * back.sum(axis=0)
    return [W1, b1, W2, b2], total / len(order)


@pytest.mark.parametrize("classes", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("dropped", [False, True])
@pytest.mark.parametrize("batch", [1, 4, 11, 50])
def test_epoch_matches_explicit_computation(batch: int, dropped: bool, weighted: bool, classes: bool) -> None:
    record = losses["cross_entropy" if classes else "squared"]
    sgd = optimizer("sgd")
    recipe = Recipe(LAYERS, record, sgd, batch)
    stack = Stack.begin([net.arrays for net in NETS], sgd)
    order = np.stack([RNG.permutation(11)[:9] for _ in NETS])
    weights = RNG.uniform(0, 2, 11) if weighted else np.ones(11)
    masks = (RNG.random((3, 9, 3)) > 0.4) / 0.6 if dropped else np.ones((3, 9, 3))
    mean = run_epoch(recipe, stack, X, C if classes else Y, order, 0.1, weights if weighted else None,
                     [masks, None] if dropped else None)  # fmt: skip
    assert stack.step == -(-9 // batch)
    for k, net in enumerate(NETS):
        arrays, loss = by_hand(net, order[k], batch, weights, masks[k], classes)
        assert mean[k] == pytest.approx(loss, rel=1e-12)
        got = [a for pair in stack.member(k) for a in pair]
        for a, b in zip(got, arrays, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-13)


def test_members_are_independent_and_start_arrays_unchanged() -> None:
    adam = optimizer("adam")
    recipe = Recipe(LAYERS, losses["squared"], adam, 4)
    before = [a.copy() for net in NETS for pair in net.arrays for a in pair]
    order = np.stack([RNG.permutation(11) for _ in NETS])
    stack = Stack.begin([net.arrays for net in NETS], adam)
    together = [run_epoch(recipe, stack, X, Y, order, 0.01) for _ in range(3)]
    for k, net in enumerate(NETS):
        alone = Stack.begin([net.arrays], adam)
        mean = [run_epoch(recipe, alone, X, Y, order[k : k + 1], 0.01) for _ in range(3)]
        np.testing.assert_allclose([m[0] for m in mean], [m[k] for m in together], rtol=1e-12)
        for (W, b), (V, c) in zip(stack.member(k), alone.member(0), strict=True):
            np.testing.assert_allclose(W, V, rtol=1e-10, atol=1e-13)
            np.testing.assert_allclose(b, c, rtol=1e-10, atol=1e-13)
    after = [a for net in NETS for pair in net.arrays for a in pair]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_infer() -> None:
    sgd = optimizer("sgd")
    recipe = Recipe((ub.Dense(2, 3, "tanh", dropout=0.5), ub.Dense(3, 2)), losses["squared"], sgd, 4)
    output = infer(recipe, Stack.begin([net.arrays for net in NETS], sgd).pairs, X)
    assert output.shape == (3, 11, 2)
    for k, net in enumerate(NETS):  # no dropout in inference
        np.testing.assert_allclose(output[k], net(X), rtol=1e-12)
