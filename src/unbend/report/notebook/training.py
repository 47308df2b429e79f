"""The view of a training's history."""

from __future__ import annotations

from ...train.history import History
from ..html import paragraph
from ..pictures import training_history


def history(found: History) -> str:
    """The learning curves, and the record in words."""
    return (training_history(found) if found.train_loss else "") + paragraph(repr(found))
