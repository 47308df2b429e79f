"""What happened while training: the losses of every epoch, where the best weights were, why it stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ..network import Network

Stopped = Literal["epochs", "patience", "callback", "deadline"]


@dataclass
class History:
    """Losses by epoch, train and validation in the same unit.

    ``train_loss[i]`` is the mean over epoch i's minibatches (weights move meanwhile; dropout is on);
    ``validation_loss[i]`` is taken after it, without dropout ([] when nothing was held out). ``unit`` names what a
    loss is measured in: ``"y"``, ``"y²"``, ``"nats"``, or ``"standardised"`` when several outputs were scaled each by
    its own size. ``best_epoch`` (from 0) is the one whose weights were kept. ``stopped``: ``"epochs"`` all done,
    ``"patience"`` no better validation loss for so many epochs, ``"callback"``, ``"deadline"`` out of time.
    """

    unit: str
    train_loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    best_epoch: int = 0
    stopped: Stopped = "epochs"

    @property
    def epochs(self) -> int:
        """How many epochs were trained."""
        return len(self.train_loss)


@dataclass(frozen=True)
class Epoch:
    """What a callback is given after each epoch (``number`` from 0, of at most ``epochs``).

    ``network()`` makes a copy of the network as it is now. A callback that returns True stops the training.
    """

    number: int
    epochs: int
    train_loss: float
    validation_loss: float | None
    network: Callable[[], Network]
