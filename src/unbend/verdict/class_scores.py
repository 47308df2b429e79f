"""Scores of two classes: areas under the ROC and precision-recall curves; precision, recall and F1 at thresholds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..arrays import Array
from ..data.ranks import average_ranks
from ..errors import DataError

RARE = 0.1  # of the rows: a class with less is rare, and accuracy says little about it


@dataclass(frozen=True, kw_only=True)
class ThresholdScores:
    """Scores when a row counts as positive from the probability ``threshold``.

    ``precision`` is the fraction of rows counted as positive that are (0 where none is), ``recall`` the fraction of
    positive rows that are found, ``f1`` their harmonic mean.
    """

    threshold: float
    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, predicted: Array, actual: Array, threshold: float) -> ThresholdScores:
        """Of decisions (n,) and whether each row is positive (n,)."""
        hits = float(np.sum(predicted & actual))
        precision = hits / max(float(predicted.sum()), 1.0)
        recall = hits / max(float(actual.sum()), 1.0)
        f1 = 2 * hits / max(float(predicted.sum() + actual.sum()), 1.0)
        return cls(threshold=threshold, precision=precision, recall=recall, f1=f1)


@dataclass(frozen=True, kw_only=True)
class ClassScores:
    """How well held-out probabilities tell the class ``positive`` from the other one.

    Attributes
    ----------
    positive : str
        The class that precision and recall are about.
    share : float
        Its fraction of the held-out rows: the average precision of guessing.
    roc_auc : float
        Area under the ROC curve: the probability that a positive row gets a higher probability than a negative one.
    average_precision : float
        Area under the precision-recall curve, as steps.
    at_half : ThresholdScores
        Scores at the threshold 0.5.
    at_best_f1 : ThresholdScores
        Scores at the threshold with the largest F1; each half of the rows is judged by the other half's threshold, so
        that they are no better than on new rows. ``threshold`` is that of all rows.
    """

    positive: str
    share: float
    roc_auc: float
    average_precision: float
    at_half: ThresholdScores
    at_best_f1: ThresholdScores

    @classmethod
    def of(cls, probability: Array, actual: Array, positive: str) -> ClassScores | None:
        """Of probabilities (n,) and whether each row is positive (n,); None where one class alone was held out."""
        if actual.all() or not actual.any():
            return None
        return cls(
            positive=positive,
            share=float(actual.mean()),
            roc_auc=roc_auc(probability, actual),
            average_precision=average_precision(probability, actual),
            at_half=ThresholdScores.of(probability > 0.5, actual, 0.5),
            at_best_f1=_at_best_f1(probability, actual),
        )

    @property
    def rare(self) -> bool:
        """Whether one of the classes has less than ``RARE`` of the rows."""
        return min(self.share, 1 - self.share) < RARE

    def to_json(self) -> dict[str, Any]:
        """Everything by name."""
        return asdict(self)


def roc_auc(probability: Array, actual: Array) -> float:
    """The fraction of pairs of a positive and a negative row in the right order, ties counted half."""
    positives = int(actual.sum())
    ranks = average_ranks(probability)
    return float((ranks[actual].sum() - positives * (positives + 1) / 2) / (positives * (len(actual) - positives)))


def average_precision(probability: Array, actual: Array) -> float:
    """Sum of precision * increase of recall over the thresholds, from the highest down."""
    hits, counted, _ = _counts(probability, actual)
    return float(np.sum(hits / counted * np.diff(hits, prepend=0.0)) / actual.sum())


def positive_class(classes: tuple[str, ...], y: Array, requested: str | None) -> str | None:
    """The positive class of two: the one requested, else the second, or the rarer where the other has more than
    1 - ``RARE`` of the rows. Raises ``DataError`` for one that is not there, or more classes."""  # fmt: skip
    if requested is not None and len(classes) != 2:
        raise DataError("verdict.positive_needs_two", got=requested, count=len(classes))
    if requested is not None and requested not in classes:
        raise DataError("verdict.no_such_class", got=requested, known=", ".join(classes))
    if len(classes) != 2:
        return None
    return requested or classes[0 if np.mean(y == 0) < RARE else 1]


def _counts(probability: Array, actual: Array) -> tuple[Array, Array, Array]:
    """Positive rows and all rows from each distinct probability up, and the probabilities, from the highest down."""
    order = np.argsort(-probability, kind="stable")
    p = probability[order]
    last = np.append(p[1:] != p[:-1], True)
    return np.cumsum(actual[order])[last].astype(float), np.flatnonzero(last) + 1.0, p[last]


def _best_threshold(probability: Array, actual: Array) -> float:
    hits, counted, thresholds = _counts(probability, actual)
    return float(thresholds[int(np.argmax(hits / (counted + actual.sum())))])


def _at_best_f1(probability: Array, actual: Array) -> ThresholdScores:
    half = np.random.default_rng(0).permutation(len(actual)) % 2 == 0
    predicted = np.zeros(len(actual), dtype=bool)
    for own, other in ((half, ~half), (~half, half)):
        threshold = _best_threshold(probability[other], actual[other]) if actual[other].any() else 0.5
        predicted[own] = probability[own] >= threshold
    return ThresholdScores.of(predicted, actual, _best_threshold(probability, actual))
