"""The engine compared with the NumPy reference: the same job run by both, and their largest relative difference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unbend.network import Dense, Network, Recipe, Stack, loss, optimizer, run_epoch

TOLERANCE = {"float32": 1e-5, "float64": 1e-12}


def job(sizes, acts, *, loss_name="squared", optimizer_name="sgd", batch=10, rows=150, members=1, dtype="float32",
        decay=0.0, weighted=False, dropout=0.0, seed=0):  # fmt: skip
    """A recipe and the arguments of ``run_epoch`` after ``stack``, with a stack to start from."""
    rng = np.random.default_rng(seed)
    layers = tuple(
        Dense(a, b, act, dropout=dropout if i + 2 < len(sizes) else 0.0)
        for i, (a, b, act) in enumerate(zip(sizes, sizes[1:], acts, strict=False))
    )
    recipe = Recipe(layers, loss(loss_name), optimizer(optimizer_name), batch, decay)
    n = rows + 7
    x = rng.standard_normal((n, sizes[0])).astype(dtype)
    if recipe.loss.classes:
        y = rng.integers(0, sizes[-1], n)
    elif loss_name == "logistic":
        y = rng.integers(0, 2, (n, sizes[-1])).astype(dtype)
    else:
        y = rng.standard_normal((n, sizes[-1])).astype(dtype)
    order = np.stack([rng.permutation(n)[:rows] for _ in range(members)])
    weights = rng.uniform(0.5, 1.5, n).astype(dtype) if weighted else None
    masks = None
    if dropout:
        masks = [((rng.random((members, rows, d.outputs)) >= d.dropout) / (1 - d.dropout)).astype(dtype)
                 if d.dropout else None for d in layers]  # fmt: skip
    nets = [Network(layers, seed=seed + k, dtype=dtype).arrays for k in range(members)]
    nets = [[(W, b + rng.standard_normal(b.shape).astype(dtype) / 4) for W, b in net] for net in nets]
    return recipe, nets, (x, y, order, 0.01, weights, masks)


def max_difference(engine, recipe, nets, arguments, epochs=1) -> float:
    """The largest difference in weights, optimizer state and loss, each relative to the largest number of its array."""
    one, two = (Stack.begin(nets, recipe.optimizer) for _ in range(2))
    for _ in range(epochs):
        wanted = run_epoch(recipe, one, *arguments)
        got = engine(recipe, two, *arguments)
    assert one.step == two.step
    worst = relative(got, wanted)
    for a, b in zip(numbers(two), numbers(one), strict=True):
        assert a.dtype == b.dtype and a.shape == b.shape
        worst = max(worst, relative(a, b))
    return worst


def numbers(stack: Stack) -> list[np.ndarray]:
    """Every array of the stack."""
    return [a for pair in stack.pairs for a in pair] + [a for g in stack.optimizer_state for part in g for a in part]


def relative(got: np.ndarray, wanted: np.ndarray) -> float:
    """The largest difference against the largest number wanted."""
    return float(np.max(np.abs(got - wanted)) / max(float(np.max(np.abs(wanted))), 1e-3))


def bits(stack: Stack) -> Sequence[bytes]:
    """The stack's numbers, bit by bit."""
    return [a.tobytes() for a in numbers(stack)]
