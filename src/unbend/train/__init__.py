"""Training: minibatches, early stopping, the best weights kept, the history."""

from .history import Epoch, History
from .loop import Outcome, Plan, cosine, train_stack
from .train import train

__all__ = ["Epoch", "History", "Outcome", "Plan", "cosine", "train", "train_stack"]
