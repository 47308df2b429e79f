"""`train_stack`: epochs of minibatches for a stack of members, with early stopping; each member's best weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..engine import infer, run_epoch
from ..errors import BadInput
from ..network import Recipe, Stack
from .checkpoint import Checkpoint, digest
from .history import Stopped
from .random_draws import dropout_masks, random_order
from .schedules import Schedule, constant
from .state import TrainingState, job_identity, restore

VALIDATION_CELLS = 1 << 24  # of the validation rows' inputs that are gathered at a time
Pairs = list[tuple[Array, Array]]
EpochCallback = Callable[[int, Array, Array | None, Stack], bool | None]
ValidationLoss = Callable[[Array, Array], Array]  # outputs (m, v, outputs), targets (m, v, …) -> losses (m,)


@dataclass(frozen=True)
class Plan:
    """How long and how fast: epochs, learning rate and its schedule, patience in epochs, when to stop at the latest.

    With ``minibatches`` an "epoch" is that many minibatches, from as many random orders of the rows as they need: a
    small data set is then not validated after every pass, a large one several times in one pass.
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
    *,
    train_rows: Array,
    validation_rows: Array | None,
    plan: Plan,
    seed: int,
    weights: Array | None = None,
    on_epoch: EpochCallback | None = None,
    checkpoint: Checkpoint | None = None,
    validation_loss: ValidationLoss | None = None,
    stack: Stack | None = None,
) -> Outcome:
    """Train several networks of the same layers jointly on shared rows.

    Parameters
    ----------
    recipe : Recipe
    members : sequence of m lists of (W, b)
        The initial weights of each network.
    x, y : ndarray (N, inputs) and (N, outputs)
        All rows; for a loss over classes, y holds class numbers (N,).
    train_rows, validation_rows : ndarray of int (m, n) and (m, v)
        The row numbers each member is trained and validated on; no validation where the second is None.
    plan : Plan
    seed : int
        Each member has a random order of its own, drawn from (``seed``, member).
    weights : ndarray (N,), optional
        Row weights.
    on_epoch : callable, optional
        Called after every epoch with (epoch, train losses (m,), validation losses or None, the stack); stops the
        training by returning True.
    checkpoint : Checkpoint, optional
        Written from time to time and at the end; a resumed training gives the same bits as an uninterrupted one.
    validation_loss : callable, optional
        Maps the members' outputs (m, v, outputs) and targets on the validation rows to m losses; by default each
        member's own mean loss.
    stack : Stack, optional
        Weights and optimizer state to continue from, in place, instead of ``members``.

    Returns
    -------
    Outcome

    Raises
    ------
    BadInput
        When a loss or a weight stops being a finite number.
    """
    state = _initial_state(recipe, members, x, y, train_rows=train_rows, validation_rows=validation_rows, plan=plan,
                           seed=seed, weights=weights, checkpoint=checkpoint, stack=stack)  # fmt: skip
    stack = state.stack
    length = train_rows.shape[1] if plan.minibatches is None else plan.minibatches * recipe.batch_size
    for epoch in range(len(state.train), plan.epochs):
        if state.stopped is not None:
            break
        order = np.stack([random_order(rng, rows, length) for rng, rows in zip(state.rngs, train_rows, strict=True)])
        rate = plan.rate * plan.schedule(epoch / plan.epochs)
        # overflow and NaN show in the loss, which is checked right below
        with np.errstate(over="ignore", invalid="ignore"):
            masks = dropout_masks(recipe, state.rngs, order, x.dtype)
            losses = run_epoch(
                recipe, stack, x=x, y=y, order=order, rate=rate, weights=weights, masks=masks, epochs=plan.epochs
            )
            held_out = None
            if validation_rows is not None:
                held_out = evaluate(
                    recipe, stack, x, y, validation_rows, weights=weights, calls=plan.epochs,
                    validation_loss=validation_loss,
                )  # fmt: skip
        if not (np.isfinite(losses).all() and (held_out is None or np.isfinite(held_out).all())):
            raise BadInput("train.diverged", epoch=epoch + 1, rate=f"{rate:.3g}")
        state.record_epoch(epoch, losses, held_out)
        state.stopped = _stop_reason(state, epoch, plan, on_epoch)
        if checkpoint is not None and checkpoint.due and state.stopped is None and state.finite:
            checkpoint.write(state.arrays(), state.values())
    state.stopped = state.stopped or "epochs"
    if not state.finite:  # in the very last step
        raise BadInput("train.diverged", epoch=len(state.train), rate=f"{plan.rate:.3g}")
    if checkpoint is not None:
        checkpoint.write(state.arrays(), state.values())
    best = [state.member(k) for k in range(len(members))]
    validation = np.array(state.validation) if state.validation else None
    return Outcome(best, np.array(state.train), validation, state.best_epoch, state.stopped)


def _initial_state(
    recipe: Recipe,
    members: Sequence[Sequence[tuple[Array, Array]]],
    x: Array,
    y: Array,
    *,
    train_rows: Array,
    validation_rows: Array | None,
    plan: Plan,
    seed: int,
    weights: Array | None,
    checkpoint: Checkpoint | None,
    stack: Stack | None,
) -> TrainingState:
    """The state before the next epoch: a new one, or the checkpoint's."""
    state = TrainingState.begin(members, recipe.optimizer, seed)
    if stack is not None:
        state.stack = stack
    if checkpoint is not None:
        identity = job_identity(
            recipe,
            members,
            epochs=int(plan.epochs),
            learning_rate=float(plan.rate),
            schedule=plan.schedule.__name__,
            patience=plan.patience,
            minibatches=plan.minibatches,
            seed=int(seed),
            data=digest(x, y, train_rows, validation_rows, weights),
        )
        restore(state, checkpoint, identity)
    return state


def _stop_reason(state: TrainingState, epoch: int, plan: Plan, on_epoch: EpochCallback | None) -> Stopped | None:
    """Why the training ends early after this epoch, or None."""
    held_out = state.validation[-1] if state.validation else None
    if on_epoch is not None and on_epoch(epoch, state.train[-1], held_out, state.stack):
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
    *,
    weights: Array | None = None,
    calls: int = 1,
    validation_loss: ValidationLoss | None = None,
) -> Array:
    """The loss (m,) of each member on its ``rows`` (m, v), without dropout.

    ``calls`` is how often this will be called: compiling pays for many.
    """
    size = max(1, VALIDATION_CELLS // max(1, len(rows) * x.shape[1]))
    parts = [
        infer(recipe, stack.pairs, x[rows[:, start : start + size]], calls=calls)
        for start in range(0, rows.shape[1], size)
    ]
    outputs = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
    if validation_loss is not None:
        return validation_loss(outputs, y[rows])
    losses, _ = recipe.loss.per_row(outputs, y[rows])
    mean: Array = np.average(losses.astype(np.float64), axis=-1, weights=None if weights is None else weights[rows])
    return mean
