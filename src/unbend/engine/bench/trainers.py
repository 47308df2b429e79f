"""Who trains, without a framework of their own to set up: ``unbend``, the bare products, scikit-learn."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from ...arrays import Array
from ...network import Stack
from ...network import run_epoch as plain_epoch
from .. import run_epoch
from .contest import Contest, Epoch, NotHere
from .trainers_jax import jax_scan
from .trainers_tinygrad import tinygrad_steps
from .trainers_torch import torch_compiled, torch_eager

Trainer = Callable[[Contest], Epoch]


def unbend(contest: Contest) -> Epoch:
    """The engine, by the way it chooses itself."""
    recipe, order = contest.recipe, contest.order[None]
    stack = Stack.begin([contest.network.arrays], recipe.optimizer)
    return lambda: run_epoch(recipe, stack, contest.x, contest.y, order, contest.rate)


def plain(contest: Contest) -> Epoch:
    """The NumPy reference that the engine is tested against."""
    recipe, order = contest.recipe, contest.order[None]
    stack = Stack.begin([contest.network.arrays], recipe.optimizer)
    return lambda: plain_epoch(recipe, stack, contest.x, contest.y, order, contest.rate)


def products(contest: Contest) -> Epoch:
    """The matrix products of every step by NumPy's ``matmul`` and nothing else: forward, deltas, gradients."""
    weights = [W.copy() for W, _ in contest.network.arrays]

    def room(n: int) -> list[tuple[Array, Array, Array, Array]]:
        return [(np.empty((n, W.shape[1]), W.dtype), np.ones((n, W.shape[1]), W.dtype) / 100,
                 np.empty((n, W.shape[0]), W.dtype), np.empty_like(W)) for W in weights]  # fmt: skip

    rooms = {n: room(n) for n in {contest.batch, contest.rows % contest.batch or contest.batch}}

    def epoch() -> None:
        for start in range(0, contest.rows, contest.batch):
            x = contest.x[start : start + contest.batch]
            h, room = x, rooms[len(x)]
            for W, (z, _, _, _) in zip(weights, room, strict=True):
                np.matmul(h, W, out=z)
                h = z
            for i in range(len(weights) - 1, -1, -1):
                before = x if i == 0 else room[i - 1][0]
                _, delta, back, gradient = room[i]
                np.matmul(before.T, delta, out=gradient)
                if i:
                    np.matmul(delta, weights[i].T, out=back)

    return epoch


def sklearn(contest: Contest) -> Epoch:
    """scikit-learn's ``MLPClassifier``: ``partial_fit`` is one epoch of minibatches."""
    try:
        neural: Any = import_module("sklearn.neural_network")
    except ImportError as error:
        raise NotHere(str(error)) from None
    model = neural.MLPClassifier(
        contest.sizes[1:-1], activation={"relu": "relu", "sigmoid": "logistic", "tanh": "tanh"}[contest.activation],
        solver=contest.optimizer, batch_size=contest.batch, learning_rate_init=contest.rate, alpha=0.0, momentum=0.0,
        nesterovs_momentum=False, random_state=0,
    )  # fmt: skip
    classes = np.arange(contest.sizes[-1])

    def epoch() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.partial_fit(contest.x, contest.y, classes=classes)

    return epoch


TRAINERS: dict[str, Trainer] = {
    "unbend": unbend,
    "products alone": products,
    "PyTorch": torch_eager,
    "torch.compile": torch_compiled,
    "JAX": jax_scan,
    "scikit-learn": sklearn,
    "tinygrad": tinygrad_steps,
    "NumPy reference": plain,
}
SLOW = ("torch.compile", "tinygrad")
QUICK = ("unbend", "products alone", "PyTorch", "JAX", "scikit-learn")
