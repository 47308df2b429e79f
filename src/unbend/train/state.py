"""All that a training knows between two epochs: what a checkpoint keeps, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..activations import Activation
from ..arrays import Array
from ..errors import ModelError
from ..network import Loss, Optimizer, Recipe, Stack
from .checkpoint import Arrays, Checkpoint, Facts, digest
from .history import Stopped


@dataclass
class State:
    """The stack in training, each member's generator, its best weights so far, and the losses of the epochs done.

    ``best`` is laid out as ``stack.pairs``; ``train`` and ``validation`` hold one (m,) array per epoch; ``stopped``
    is None while there is more to do.
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
    def begin(cls, members: Sequence[Sequence[tuple[Array, Array]]], optimizer: Optimizer, seed: int) -> State:
        """Before the first epoch; member k's generator is made from (seed, k)."""
        stack, count = Stack.begin(members, optimizer), len(members)
        rngs = [np.random.default_rng([seed, k]) for k in range(count)]
        best = [(W.copy(), b.copy()) for W, b in stack.pairs]
        return cls(stack, rngs, best, np.full(count, np.inf), np.zeros(count, dtype=np.int64))

    def judge(self, epoch: int, losses: Array, held_out: Array | None) -> None:
        """Take in an epoch's losses (m,) and keep the weights that are the best so far, or the last."""
        self.train.append(losses)
        if held_out is not None:
            self.validation.append(held_out)
        judged = losses if held_out is None else held_out
        better = np.flatnonzero(judged < self.best_loss) if held_out is not None else np.arange(len(losses))
        self.best_loss[better], self.best_epoch[better] = judged[better], epoch
        for kept, now in zip(self.best, self.stack.pairs, strict=True):
            for to, of in zip(kept, now, strict=True):
                to[better] = of[better]

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
        for i, group in enumerate(self.stack.memory):
            for part, kinds in zip("Wb", group, strict=True):
                named |= {f"memory.{i}.{part}.{n}": a for n, a in enumerate(kinds)}
        return named

    def facts(self) -> Facts:
        """Everything that is no array, as plain values."""
        rngs = [rng.bit_generator.state for rng in self.rngs]
        return {"step": self.stack.step, "rngs": rngs, "stopped": self.stopped}

    def go_on(self, arrays: Arrays, facts: Facts) -> None:
        """Become the state that ``arrays`` and ``facts`` describe. Raises ``ValueError`` or ``TypeError`` if none."""
        layers = range(len(self.best))
        pairs = [(arrays[f"now.{i}.W"], arrays[f"now.{i}.b"]) for i in layers]
        kinds = range(len(self.stack.memory[0][0]))
        memory = [
            (tuple(arrays[f"memory.{i}.W.{n}"] for n in kinds), tuple(arrays[f"memory.{i}.b.{n}"] for n in kinds))
            for i in layers
        ]
        self.stack = Stack(pairs, memory, int(facts["step"]))
        self.best = [(arrays[f"best.{i}.W"], arrays[f"best.{i}.b"]) for i in layers]
        self.best_loss, self.best_epoch = arrays["best_loss"], arrays["best_epoch"]
        self.train, self.validation = list(arrays["train"]), list(arrays["validation"])
        for rng, state in zip(self.rngs, facts["rngs"], strict=True):
            rng.bit_generator.state = state
        self.stopped = facts["stopped"]
        if self.stopped not in (None, "epochs", "patience", "callback", "deadline"):
            raise ValueError(f"stopped: {self.stopped!r}"[:60])
        epochs = len(self.train)
        sound = self.finite and len(self.validation) in (0, epochs) and self.stack.step >= 0
        if not sound or not ((self.best_epoch >= 0) & (self.best_epoch < max(epochs, 1))).all():
            raise ValueError("numbers that no training leaves")


def restore(state: State, checkpoint: Checkpoint, belongs: dict[str, Any]) -> None:
    """Bring ``state`` to where the checkpoint says, if there is one of this job; keep it otherwise, to see that it can
    be. Raises ``ModelError``."""  # fmt: skip
    found = checkpoint.begin(belongs, state.arrays())
    if found is None:
        checkpoint.keep(state.arrays(), state.facts())
        return
    try:
        state.go_on(*found)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise ModelError("train.damaged_checkpoint", path=checkpoint.path, reason=reason) from error


def job(recipe: Recipe, members: Sequence[Sequence[tuple[Array, Array]]], **arguments: Any) -> dict[str, Any]:
    """What tells a training from every other: arguments as plain values, records and arrays with their digests."""
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
    """Its name, and a digest of its formulas: a user's own record may carry any name."""
    return f"{record.name} {digest(np.frombuffer(repr(record).encode(), np.uint8))[:6]}"
