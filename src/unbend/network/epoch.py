"""`run_epoch`: one epoch of minibatch training in plain NumPy, the reference for the tests of the compiled engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..activations import Activation
from ..arrays import Array
from .gradient import Pair, backward, forward
from .layers import Dense
from .losses import Loss
from .optimizers import Optimizer, corrections


@dataclass(frozen=True)
class Recipe:
    """How networks are trained: layers, loss, optimizer and its settings; everything but the weights.

    Parameters
    ----------
    layers : tuple of Dense
    loss : Loss
    optimizer : Optimizer
    batch_size : int
        Rows per minibatch.
    weight_decay : float, default 0
        Decay of the weights W per step, in units of the learning rate; biases are exempt.
    """

    layers: tuple[Dense, ...]
    loss: Loss
    optimizer: Optimizer
    batch_size: int
    weight_decay: float = 0.0

    @property
    def activations(self) -> list[Activation]:
        """The activation of each layer."""
        return [d.record for d in self.layers]


@dataclass
class Stack:
    """The weights and optimizer state of m networks of the same layers, in training, stacked along the first axis.

    Attributes
    ----------
    pairs : list of (W, b)
        Per layer: W (m, inputs, outputs) and b (m, 1, outputs).
    optimizer_state : list of (tuple of ndarray, tuple of ndarray)
        The optimizer's state per layer: arrays of W's shape, and arrays of b's shape.
    step : int
        The number of steps done.
    """

    pairs: list[Pair]
    optimizer_state: list[tuple[tuple[Array, ...], tuple[Array, ...]]]
    step: int = 0

    @classmethod
    def begin(cls, members: Sequence[Sequence[tuple[Array, Array]]], optimizer: Optimizer) -> Stack:
        """Before the first step, from each member's (W, b) pairs; the arrays are copied."""
        pairs = [
            (np.stack([m[i][0] for m in members]), np.stack([m[i][1][None] for m in members]))
            for i in range(len(members[0]))
        ]
        optimizer_state = [
            (tuple(np.zeros_like(W) for _ in optimizer.state), tuple(np.zeros_like(b) for _ in optimizer.state))
            for W, b in pairs
        ]
        return cls(pairs, optimizer_state)

    def member(self, k: int) -> list[tuple[Array, Array]]:
        """Member k's (W, b) pairs, b (outputs,); copies."""
        return [(W[k].copy(), b[k, 0].copy()) for W, b in self.pairs]


def run_epoch(
    recipe: Recipe,
    stack: Stack,
    x: Array,
    y: Array,
    order: Array,
    rate: float,
    weights: Array | None = None,
    masks: Sequence[Array | None] | None = None,
) -> Array:
    """Train ``stack`` in place on the rows in ``order``, minibatch by minibatch.

    Parameters
    ----------
    recipe : Recipe
    stack : Stack
    x : ndarray (N, inputs), or (m, N, inputs) where every member has rows of its own
    y : ndarray (N, outputs), or class numbers (N,); (m, N, outputs) where every member has targets of its own
    order : ndarray of int (m, n)
        Each member's row numbers, in its own order.
    rate : float
        The learning rate.
    weights : ndarray (N,), optional
        Row weights of mean 1.
    masks : sequence of ndarray (m, n, units) or None, optional
        Dropout factors per layer, along ``order``.

    Returns
    -------
    ndarray (m,)
        Each member's mean training loss.
    """
    activations = recipe.activations
    total: Array = np.zeros(order.shape[0])
    for start in range(0, order.shape[1], recipe.batch_size):
        rows = order[:, start : start + recipe.batch_size]
        batch_masks = [None if m is None else m[:, start : start + recipe.batch_size] for m in masks] if masks else None
        output, tape = forward(activations, stack.pairs, of_members(x, rows), batch_masks)
        value, slope = recipe.loss.per_row(output, of_members(y, rows))
        if weights is not None:
            value, slope = value * weights[rows], slope * weights[rows][..., None]
        total += value.sum(axis=-1)
        gradients, _ = backward(stack.pairs, tape, slope / slope.dtype.type(rows.shape[1]))
        optimizer_step(recipe, stack, gradients, rate)
    mean: Array = total / order.shape[1]
    return mean


def of_members(a: Array, rows: Array) -> Array:
    """Each member's ``rows`` (m, b), from those of all members or from each member's own (m, N, k)."""
    chosen: Array = a[np.arange(len(a))[:, None], rows] if a.ndim == 3 else a[rows]
    return chosen


def optimizer_step(recipe: Recipe, stack: Stack, gradients: Sequence[Pair], rate: float) -> None:
    """One step of the optimizer on every W and b; weight decay applies to W only."""
    stack.step += 1
    c1, c2 = corrections(stack.step)
    for i, pair in enumerate(stack.pairs):
        new_pair: list[Array] = []
        new_state: list[tuple[Array, ...]] = []
        for p, g, old_state, decay in zip(
            pair, gradients[i], stack.optimizer_state[i], (recipe.weight_decay, 0.0), strict=True
        ):
            new, *state = recipe.optimizer.move(p, g, *old_state, rate, decay, c1, c2)
            new_pair.append(new)
            new_state.append(tuple(state))
        stack.pairs[i] = (new_pair[0], new_pair[1])
        stack.optimizer_state[i] = (new_state[0], new_state[1])


def infer(recipe: Recipe, pairs: Sequence[Pair], x: Array) -> Array:
    """Every member's output (m, n, outputs) for x (n, inputs), without dropout."""
    h = x
    for record, (W, b) in zip(recipe.activations, pairs, strict=True):
        h = record(h @ W + b)
    return h
