"""`History`: the result of a training: the losses of every epoch, which epoch was best, why it stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ..display import Displayed
from ..network import Network

Stopped = Literal["epochs", "patience", "callback", "deadline"]


@dataclass
class History(Displayed):
    """Losses by epoch; those of training and validation are in the same unit.

    Attributes
    ----------
    unit : {"y", "y²", "nats", "standardised"}
        What a loss is measured in; ``"standardised"`` when several outputs were scaled each by its own size.
    train_loss : list of float
        ``train_loss[i]`` is the mean over epoch i's minibatches: the weights change meanwhile, and dropout is on.
    validation_loss : list of float
        Taken after each epoch, without dropout; [] when no rows were held out.
    best_epoch : int
        The epoch, from 0, whose weights the trained network has.
    stopped : {"epochs", "patience", "callback", "deadline"}
        Why the training ended: all epochs done, no better validation loss for ``patience`` epochs, a callback
        returned True, or out of time.
    """

    unit: str
    train_loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    best_epoch: int = 0
    stopped: Stopped = "epochs"

    @property
    def epochs(self) -> int:
        """The number of epochs trained."""
        return len(self.train_loss)

    def __repr__(self) -> str:
        if not self.train_loss:
            return "History(no epochs)"
        validation = f", validation {self.validation_loss[self.best_epoch]:.4g}" if self.validation_loss else ""
        losses = f"training loss {self.train_loss[self.best_epoch]:.4g}{validation} {self.unit}"
        return f"History({self.epochs} epochs, best {self.best_epoch}: {losses}; stopped: {self.stopped})"


@dataclass(frozen=True)
class Epoch:
    """What a callback receives after each epoch; a callback that returns True stops the training.

    Attributes
    ----------
    number : int
        Of this epoch, from 0.
    epochs : int
        The number of epochs planned.
    train_loss : float
    validation_loss : float or None
        None when no rows were held out.
    network : callable
        ``network()`` makes a copy of the network as it is now.
    """

    number: int
    epochs: int
    train_loss: float
    validation_loss: float | None
    network: Callable[[], Network]
