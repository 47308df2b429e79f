"""`TreeScores`: the held-out scores of boosted trees, and their gains over the linear model and the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..data import Problem
from ..display import Displayed
from .compare import Comparison
from .gain import Gain
from .scores import accuracy, score
from .tree_model import NAME


@dataclass(frozen=True, kw_only=True)
class TreeScores(Displayed):
    """Held-out scores of boosted trees, on the same folds as both models.

    Attributes
    ----------
    score : float
        1 - held-out loss / that of the constant.
    rmse : float or None
        Root mean squared error in the target's unit; None for classes.
    log_loss, accuracy : float or None
        None for numbers.
    over_constant, over_linear, over_network : Gain
        The fraction of the loss of the constant, the linear model and the network that they remove, with its 95 %
        interval.
    network_cut : bool
        Whether the networks were not fully trained, so that a gain over them says nothing.
    """

    score: float
    rmse: float | None = None
    log_loss: float | None = None
    accuracy: float | None = None
    over_constant: Gain
    over_linear: Gain
    over_network: Gain
    network_cut: bool = False

    @classmethod
    def of(cls, comparison: Comparison, compared: Problem) -> TreeScores:
        """Their scores in the comparison of the problem ``compared``."""
        own, output = comparison.of(NAME), comparison.outputs[NAME]
        constant, linear, network = (
            Gain.over(comparison.of(model), own, comparison.ratio) for model in ("constant", "linear", "network")
        )
        reached = ~np.isnan(output[:, 0])
        classes, loss = bool(compared.classes), float(own.mean())
        return cls(
            score=score(loss, comparison.mean("constant")),
            rmse=None if classes else float(np.sqrt(loss)),
            log_loss=loss if classes else None,
            accuracy=accuracy(output[reached], compared.y[reached]) if classes else None,
            over_constant=constant,
            over_linear=linear,
            over_network=network,
            network_cut=comparison.is_cut,
        )

    def over(self, model: Literal["linear", "network"]) -> Gain:
        """The gain over one of the two models."""
        return self.over_linear if model == "linear" else self.over_network

    def answer(self, model: Literal["linear", "network"]) -> Literal["better", "worse", "unclear", "cut"]:
        """Whether trees do better than one of the two models: only where they also beat the constant, and *cut* where
        that model was not fully trained."""  # fmt: skip
        if model == "network" and self.network_cut:
            return "cut"
        answer = self.over(model).answer
        return "unclear" if answer == "better" and self.over_constant.answer != "better" else answer

    def to_json(self) -> dict[str, Any]:
        """Everything by name, without what does not apply."""
        scores = {"score": self.score, "rmse": self.rmse, "log_loss": self.log_loss, "accuracy": self.accuracy}
        return {
            **{name: value for name, value in scores.items() if value is not None},
            "over_linear": self.over_linear.to_json(),
            "over_network": self.over_network.to_json(),
        }
