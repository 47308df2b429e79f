"""One pass over the rows in minibatches, in plain NumPy: the reference that everything fast is tested against."""

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
    """How a stack of members is trained: everything but the numbers."""

    layers: tuple[Dense, ...]
    loss: Loss
    optimizer: Optimizer
    batch_size: int
    weight_decay: float = 0.0

    @property
    def activations(self) -> list[Activation]:
        """The record of each layer."""
        return [d.record for d in self.layers]


@dataclass
class Stack:
    """The numbers in training: ``pairs`` W (m, inputs, outputs) and b (m, 1, outputs), memory, steps so far."""

    pairs: list[Pair]
    memory: list[tuple[tuple[Array, ...], tuple[Array, ...]]]
    step: int = 0

    @classmethod
    def begin(cls, members: Sequence[Sequence[tuple[Array, Array]]], optimizer: Optimizer) -> Stack:
        """From each member's (W, b) pairs; the arrays are copied."""
        pairs = [
            (np.stack([m[i][0] for m in members]), np.stack([m[i][1][None] for m in members]))
            for i in range(len(members[0]))
        ]
        memory = [
            (tuple(np.zeros_like(W) for _ in optimizer.state), tuple(np.zeros_like(b) for _ in optimizer.state))
            for W, b in pairs
        ]
        return cls(pairs, memory)

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
    """Train ``stack`` in place on the rows in ``order``, minibatch by minibatch; the mean training loss (m,).

    ``x`` (N, inputs), ``y`` (N, outputs) or class numbers (N,), shared by the members; ``order`` (m, n) holds each
    member's row numbers in its own order; ``weights`` (N,) are row weights of mean 1; ``masks`` are dropout factors
    (m, n, units) per layer, along ``order``.
    """
    activations = recipe.activations
    total: Array = np.zeros(order.shape[0])
    for start in range(0, order.shape[1], recipe.batch_size):
        rows = order[:, start : start + recipe.batch_size]
        kept = [None if m is None else m[:, start : start + recipe.batch_size] for m in masks] if masks else None
        output, tape = forward(activations, stack.pairs, x[rows], kept)
        value, slope = recipe.loss.per_row(output, y[rows])
        if weights is not None:
            value, slope = value * weights[rows], slope * weights[rows][..., None]
        total += value.sum(axis=-1)
        gradients, _ = backward(stack.pairs, tape, slope / slope.dtype.type(rows.shape[1]))
        move(recipe, stack, gradients, rate)
    mean: Array = total / order.shape[1]
    return mean


def move(recipe: Recipe, stack: Stack, gradients: Sequence[Pair], rate: float) -> None:
    """One step of the optimiser on every W and b; decay touches W alone."""
    stack.step += 1
    c1, c2 = corrections(stack.step)
    for i, pair in enumerate(stack.pairs):
        moved: list[Array] = []
        memories: list[tuple[Array, ...]] = []
        for p, g, memory, decay in zip(pair, gradients[i], stack.memory[i], (recipe.weight_decay, 0.0), strict=True):
            new, *memory_after = recipe.optimizer.move(p, g, *memory, rate, decay, c1, c2)
            moved.append(new)
            memories.append(tuple(memory_after))
        stack.pairs[i] = (moved[0], moved[1])
        stack.memory[i] = (memories[0], memories[1])


def infer(recipe: Recipe, pairs: Sequence[Pair], x: Array) -> Array:
    """Every member's output (m, n, outputs) for x (n, inputs), without dropout."""
    h = x
    for record, (W, b) in zip(recipe.activations, pairs, strict=True):
        h = record(h @ W + b)
    return h
