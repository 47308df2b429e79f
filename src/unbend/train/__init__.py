"""Training: minibatches, early stopping, the weights of the best epoch, history, checkpoints."""

from .history import Epoch, History
from .loop import Outcome, Plan, train_stack
from .schedules import cosine
from .train import train

__all__ = ["Epoch", "History", "Outcome", "Plan", "cosine", "train", "train_stack"]
