"""`HeldOut`: how well a straight model of text does on rows that it was not fitted to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HeldOut:
    """Measured on held-out rows, by a model fitted to the others with the same settings.

    ``loss`` is the mean log loss, or the mean squared error; ``score`` the accuracy, or R². ``bytes_cost`` is how much
    the loss rose by storing each weight in one byte, ``score_cost`` how much the score fell. ``cost`` is the weight of
    the losses against the penalty, chosen because its loss is least.
    """

    rows: int
    score: float
    loss: float
    bytes_cost: float
    cost: float
    score_cost: float = 0.0
