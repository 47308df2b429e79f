"""The loop: epochs of minibatches for a stack of members, early stopping, the best weights of each kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..engine import infer, run_epoch
from ..errors import BadInput
from ..network import Recipe, Stack
from .checkpoint import Checkpoint, digest
from .history import Stopped
from .state import State, job, restore

Pairs = list[tuple[Array, Array]]
Watch = Callable[[int, Array, Array | None, Stack], bool | None]
Judge = Callable[[Array, Array], Array]  # outputs (m, v, outputs) and targets (m, v, …) held out -> scores (m,)
Schedule = Callable[[float], float]  # share of the training done, 0…1 -> factor of the learning rate


def constant(share: float) -> float:
    """The learning rate stays."""
    return 1.0


def cosine(share: float) -> float:
    """A short linear rise, then half a cosine down to 0 (Loshchilov & Hutter 2017, eq. 5, without restarts)."""
    rise = 0.05
    return (share + 0.01) / rise if share < rise - 0.01 else 0.5 * (1 + math.cos(math.pi * (share - rise) / (1 - rise)))


@dataclass(frozen=True)
class Plan:
    """How long and how fast: epochs, learning rate and its schedule, patience in epochs, when to stop at the latest.

    With ``minibatches`` an "epoch" is so many minibatches, from as many random orders of the rows as that takes: few
    rows are then not judged after every pass, many rows several times in one.
    """

    epochs: int
    rate: float
    schedule: Schedule = constant
    patience: int | None = None
    deadline: float | None = None  # time.monotonic() seconds
    minibatches: int | None = None


@dataclass
class Outcome:
    """The trained members and their losses: ``train`` and ``validation`` (epochs, m), ``best`` epoch of each member."""

    members: list[Pairs]
    train: Array
    validation: Array | None
    best: Array
    stopped: Stopped


def train_stack(
    recipe: Recipe,
    members: Sequence[Sequence[tuple[Array, Array]]],
    x: Array,
    y: Array,
    train_rows: Array,
    validation_rows: Array | None,
    plan: Plan,
    seed: int,
    weights: Array | None = None,
    watch: Watch | None = None,
    checkpoint: Checkpoint | None = None,
    judge: Judge | None = None,
    stack: Stack | None = None,
) -> Outcome:
    """Train ``members`` (each a list of (W, b)) together on shared rows.

    ``x`` (N, inputs) and ``y`` (N, outputs) or class numbers (N,) hold all rows; ``train_rows`` (m, n) and
    ``validation_rows`` (m, v) say which rows each member learns from and is judged on; ``weights`` (N,) are row
    weights. Each member has a random order of its own, drawn from (``seed``, member). ``judge`` scores the members on
    rows held out, lower is better; by default each by its own mean loss. ``watch`` is called after every epoch with
    (epoch, train losses (m,), validation losses, the stack) and stops the training by returning True.
    ``checkpoint`` keeps the state now and then, and at the end; a resumed training gives the same bits as one that was
    never cut. ``stack`` goes on with that one, its numbers and the optimiser's memory, in place, and not from
    ``members``. Raises ``BadInput`` when a loss stops being a finite number.
    """
    state = State.begin(members, recipe.optimizer, seed)
    if stack is not None:
        state.stack = stack
    if checkpoint is not None:
        data = digest(x, y, train_rows, validation_rows, weights)
        how = {"epochs": int(plan.epochs), "learning_rate": float(plan.rate), "schedule": plan.schedule.__name__,
               "patience": plan.patience, "minibatches": plan.minibatches, "seed": int(seed), "data": data}  # fmt: skip
        restore(state, checkpoint, job(recipe, members, **how))
    stack = state.stack
    length = train_rows.shape[1] if plan.minibatches is None else plan.minibatches * recipe.batch_size
    for epoch in range(len(state.train), plan.epochs):
        if state.stopped is not None:
            break
        order = np.stack([_order(rng, rows, length) for rng, rows in zip(state.rngs, train_rows, strict=True)])
        rate = plan.rate * plan.schedule(epoch / plan.epochs)
        # overflow and NaN show in the loss, which is looked at right below
        with np.errstate(over="ignore", invalid="ignore"):
            masks = _masks(recipe, state.rngs, order, x.dtype)
            losses = run_epoch(recipe, stack, x, y, order, rate, weights, masks, epochs=plan.epochs)
            held_out = None
            if validation_rows is not None:
                held_out = evaluate(recipe, stack, x, y, validation_rows, weights, plan.epochs, judge)
        if not (np.isfinite(losses).all() and (held_out is None or np.isfinite(held_out).all())):
            raise BadInput("train.diverged", epoch=epoch + 1, rate=f"{rate:.3g}")
        state.judge(epoch, losses, held_out)
        state.stopped = _stops(state, epoch, plan, watch)
        if checkpoint is not None and checkpoint.due and state.stopped is None and state.finite:
            checkpoint.keep(state.arrays(), state.facts())
    state.stopped = state.stopped or "epochs"
    if not state.finite:  # in the very last step
        raise BadInput("train.diverged", epoch=len(state.train), rate=f"{plan.rate:.3g}")
    if checkpoint is not None:
        checkpoint.keep(state.arrays(), state.facts())
    best = [state.member(k) for k in range(len(members))]
    validation = np.array(state.validation) if state.validation else None
    return Outcome(best, np.array(state.train), validation, state.best_epoch, state.stopped)


def _stops(state: State, epoch: int, plan: Plan, watch: Watch | None) -> Stopped | None:
    """Why the training ends after this epoch, before its last, or None."""
    held_out = state.validation[-1] if state.validation else None
    if watch is not None and watch(epoch, state.train[-1], held_out, state.stack):
        return "callback"
    if held_out is not None and plan.patience is not None and np.all(epoch - state.best_epoch >= plan.patience):
        return "patience"
    if plan.deadline is not None and time.monotonic() > plan.deadline and epoch + 1 < plan.epochs:
        return "deadline"
    return None


def evaluate(
    recipe: Recipe,
    stack: Stack,
    x: Array,
    y: Array,
    rows: Array,
    weights: Array | None,
    calls: int = 1,
    judge: Judge | None = None,
) -> Array:
    """The score (m,) of each member on its ``rows`` (m, v), without dropout; ``calls``: how often that is asked."""
    outputs = infer(recipe, stack.pairs, x[rows], calls=calls)
    if judge is not None:
        return judge(outputs, y[rows])
    value, _ = recipe.loss.per_row(outputs, y[rows])
    kept = None if weights is None else weights[rows]
    mean: Array = np.average(value.astype(np.float64), axis=-1, weights=kept)
    return mean


def _order(rng: np.random.Generator, rows: Array, length: int) -> Array:
    """``length`` rows in random order: of one pass, or of as many as it takes."""
    passes = [rng.permutation(rows) for _ in range(-(-length // len(rows)))]
    return np.concatenate(passes)[:length]


def _masks(
    recipe: Recipe, rngs: Sequence[np.random.Generator], order: Array, dtype: np.dtype[Any]
) -> list[Array | None] | None:
    """Dropout factors along ``order`` for each layer: 0, or 1/(1 - dropout) so that the mean stays."""
    if not any(d.dropout for d in recipe.layers):
        return None
    masks: list[Array | None] = []
    for dense in recipe.layers:
        if dense.dropout:
            shape = (order.shape[1], dense.outputs)
            kept = np.stack([rng.random(shape, dtype=np.float32) >= dense.dropout for rng in rngs])
            masks.append(kept.astype(dtype) / dtype.type(1 - dense.dropout))
        else:
            masks.append(None)
    return masks
