"""`ScoredModel`: a fitted model with its scores on held-out rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import Array
from ..data import Problem
from ..display import Displayed
from .class_scores import ClassScores
from .compare import Comparison
from .model import Model
from .scores import accuracy, brier, probabilities, row_losses, score


@dataclass(frozen=True, eq=False)
class ScoredModel(Displayed):
    """One of the two models, fitted to all rows, with its mean held-out scores.

    Attributes
    ----------
    model : Model
        The model, which predicts from tables.
    score : float
        1 - held-out loss / that of the constant (R² for numbers, McFadden's for classes).
    rmse : float or None
        Root mean squared error in the target's unit; None for classes.
    log_loss, accuracy, brier : float or None
        Log loss in nats, the fraction of correct classes, the Brier score 0 … 2; None for numbers.
    class_scores : ClassScores or None
        Of two classes: areas under the ROC and the precision-recall curve, precision, recall and F1.
    """

    model: Model
    score: float
    rmse: float | None = None
    log_loss: float | None = None
    accuracy: float | None = None
    brier: float | None = None
    class_scores: ClassScores | None = None

    @classmethod
    def of(
        cls, model: Model, comparison: Comparison, compared: Problem, name: str, positive: str | None = None
    ) -> ScoredModel:
        """The model with the scores of ``name`` in the comparison of the problem ``compared``."""
        loss = comparison.mean(name)
        if not compared.classes:
            return cls(model, score(loss, comparison.mean("constant")), rmse=float(np.sqrt(loss)))
        output = comparison.outputs[name]
        reached = ~np.isnan(output[:, 0])
        rows = cls.on_rows(
            model, output[reached], compared.y[reached], compared.classes, comparison.mean("constant"), positive
        )
        return replace(rows, score=score(loss, comparison.mean("constant")), log_loss=loss)

    @classmethod
    def on_rows(
        cls,
        model: Model,
        output: Array,
        y: Array,
        classes: tuple[str, ...],
        constant_loss: float,
        positive: str | None = None,
    ) -> ScoredModel:
        """The model with its scores on rows that it was not fitted to, from its outputs (n, k) and y (n,)."""
        loss = float(row_losses(output, y, len(classes)).mean())
        value = score(loss, constant_loss)
        if not classes:
            return cls(model, value, rmse=float(np.sqrt(loss)))
        shares = probabilities(output)
        own = None
        if positive is not None:
            k = classes.index(positive)
            own = ClassScores.of(shares[:, k], y == k, positive)
        return cls(
            model,
            value,
            log_loss=loss,
            accuracy=accuracy(output, y),
            brier=brier(shares, y),
            class_scores=own,
        )

    def to_json(self) -> dict[str, Any]:
        """The scores by name, without those that do not apply."""
        scores = {
            "score": self.score,
            "rmse": self.rmse,
            "log_loss": self.log_loss,
            "accuracy": self.accuracy,
            "brier": self.brier,
            **({} if self.class_scores is None else self.class_scores.to_json()),
        }
        return {name: value for name, value in scores.items() if value is not None}
