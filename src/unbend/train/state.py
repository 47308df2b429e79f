"""`TrainingState`: the state of a training between two epochs, exactly what a checkpoint stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..activations import Activation
from ..arrays import Array
from ..errors import ModelError
from ..network import Loss, Optimizer, Recipe, Stack
from .checkpoint import Arrays, Checkpoint, Values, digest
from .history import Stopped


@dataclass
class TrainingState:
    """The stack in training, each member's random generator, its best weights so far, and the losses of each epoch.

    ``best`` has the layout of ``stack.pairs``; ``best_loss`` and ``best_epoch`` are (m,); ``train`` and ``validation``
    hold one (m,) array per epoch; ``stopped`` is None while the training runs.
    """

    stack: Stack
    rngs: list[np.random.Generator]
    best: list[tuple[Array, Array]]
    best_loss: Array
    best_epoch: Array
    train: list[Array] = field(default_factory=list)
    validation: list[Array] = field(default_factory=list)
    stopped: Stopped | None = None

    @classmethod
    def begin(cls, members: Sequence[Sequence[tuple[Array, Array]]], optimizer: Optimizer, seed: int) -> TrainingState:
        """Before the first epoch; member k's generator is made from (seed, k)."""
        stack, count = Stack.begin(members, optimizer), len(members)
        rngs = [np.random.default_rng([seed, k]) for k in range(count)]
        best = [(W.copy(), b.copy()) for W, b in stack.pairs]
        return cls(stack, rngs, best, np.full(count, np.inf), np.zeros(count, dtype=np.int64))

    def record_epoch(self, epoch: int, train: Array, validation: Array | None) -> None:
        """Add an epoch's losses (m,); store the members' weights as the best ones where these are, or as the last."""
        self.train.append(train)
        if validation is None:
            losses, improved = train, np.arange(len(train))
        else:
            self.validation.append(validation)
            losses, improved = validation, np.flatnonzero(validation < self.best_loss)
        self.best_loss[improved], self.best_epoch[improved] = losses[improved], epoch
        for best_pair, pair in zip(self.best, self.stack.pairs, strict=True):
            for best, current in zip(best_pair, pair, strict=True):
                best[improved] = current[improved]

    def member(self, k: int) -> list[tuple[Array, Array]]:
        """Member k's best (W, b) pairs; copies."""
        return Stack(self.best, []).member(k)

    @property
    def finite(self) -> bool:
        """Whether every weight, now and in the best, is a finite number."""
        return all(
            bool(np.isfinite(a).all()) for pairs in (self.stack.pairs, self.best) for pair in pairs for a in pair
        )

    def arrays(self) -> Arrays:
        """Every array by name."""
        named: Arrays = {"best_loss": self.best_loss, "best_epoch": self.best_epoch}
        for name, rows in (("train", self.train), ("validation", self.validation)):
            named[name] = np.array(rows).reshape(-1, len(self.rngs))
        for name, pairs in (("now", self.stack.pairs), ("best", self.best)):
            named |= {
                f"{name}.{i}.{part}": a for i, pair in enumerate(pairs) for part, a in zip("Wb", pair, strict=True)
            }
        for i, group in enumerate(self.stack.optimizer_state):
            for part, slots in zip("Wb", group, strict=True):
                named |= {f"memory.{i}.{part}.{n}": a for n, a in enumerate(slots)}
        return named

    def values(self) -> Values:
        """Everything that is not an array, as a JSON object."""
        rngs = [rng.bit_generator.state for rng in self.rngs]
        return {"step": self.stack.step, "rngs": rngs, "stopped": self.stopped}

    def load(self, arrays: Arrays, values: Values) -> None:
        """Restore a stored state. Raises ``ValueError``, ``TypeError``, ``KeyError``… where it is not a valid one."""
        layers = range(len(self.best))
        pairs = [(arrays[f"now.{i}.W"], arrays[f"now.{i}.b"]) for i in layers]
        slots = range(len(self.stack.optimizer_state[0][0]))
        optimizer_state = [
            (tuple(arrays[f"memory.{i}.W.{n}"] for n in slots), tuple(arrays[f"memory.{i}.b.{n}"] for n in slots))
            for i in layers
        ]
        self.stack = Stack(pairs, optimizer_state, int(values["step"]))
        self.best = [(arrays[f"best.{i}.W"], arrays[f"best.{i}.b"]) for i in layers]
        self.best_loss, self.best_epoch = arrays["best_loss"], arrays["best_epoch"]
        self.train, self.validation = list(arrays["train"]), list(arrays["validation"])
        for rng, state in zip(self.rngs, values["rngs"], strict=True):
            rng.bit_generator.state = state
        self.stopped = values["stopped"]
        if self.stopped not in (None, "epochs", "patience", "callback", "deadline"):
            raise ValueError(f"stopped: {self.stopped!r}"[:60])
        epochs = len(self.train)
        valid = self.finite and len(self.validation) in (0, epochs) and self.stack.step >= 0
        if not valid or not ((self.best_epoch >= 0) & (self.best_epoch < max(epochs, 1))).all():
            raise ValueError("numbers that no training produces")


def restore(state: TrainingState, checkpoint: Checkpoint, job: dict[str, Any]) -> None:
    """Continue from the checkpoint if there is one of this job; else write the initial state, as a test that it can be.

    Raises ``ModelError``.
    """
    stored = checkpoint.load(job, state.arrays())
    if stored is None:
        checkpoint.write(state.arrays(), state.values())
        return
    try:
        state.load(*stored)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise ModelError("train.damaged_checkpoint", path=checkpoint.path, reason=reason) from error


def job_identity(recipe: Recipe, members: Sequence[Sequence[tuple[Array, Array]]], **arguments: Any) -> dict[str, Any]:
    """What distinguishes a training from every other: arguments as plain values, digests of records and arrays."""
    return {
        "layers": [f"{d.inputs}-{d.outputs} {_record(d.record)} {d.dropout:g}" for d in recipe.layers],
        "loss": _record(recipe.loss),
        "optimizer": _record(recipe.optimizer),
        "batch_size": int(recipe.batch_size),
        "weight_decay": float(recipe.weight_decay),
        "start": digest(*(a for member in members for pair in member for a in pair)),
        **arguments,
    }


def _record(record: Activation | Loss | Optimizer) -> str:
    """Its name, and a digest of its formulas: a user's own record may have any name."""
    return f"{record.name} {digest(np.frombuffer(repr(record).encode(), np.uint8))[:6]}"
