"""`fit_final_models`: the straight model and the network of all rows, as networks of one encoder's features."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ...data import Encoder, Problem
from ...network import Network
from ...text.fasttext.int8_blocks import Int8Blocks
from ...text.sparse_rows import beside, from_dense
from ...text.weighting import weigh
from ..fit_data import FitData
from ..scores import row_losses
from .bend_network import BendTraining
from .compare_texts import TextComparison
from .joined_columns import Join, fit_join
from .linear_fit import LinearFit
from .selection import LAST_PASSES, PASSES, frequent_columns
from .straight_fold import scaled_columns
from .text_blocks import ORDER
from .text_column_encoder import TextColumnEncoder
from .text_features import TextFeatures
from .text_fold import TextTable, standard_columns
from .text_networks import corrected_network, linear_network
from .text_target import TextTarget


@dataclass(frozen=True, eq=False)
class FinalModels:
    """Both networks take the features of ``encoder``.

    ``bytes_cost`` is the fraction by which the linear model's held-out loss rises because the n-grams' weights are
    stored in one byte each; ``completed``, the fraction of the network's passes that there was time for.
    """

    encoder: Encoder
    linear: Network
    network: Network
    bytes_cost: float
    completed: float = 1.0


def fit_final_models(
    data: FitData,
    rows: Array,
    fitted: Array,
    table: TextTable,
    found: TextComparison,
    seed: int,
    deadline: float | None,
) -> FinalModels:
    """The n-grams' weights are fitted to the rows ``fitted``; the join and the network to the compared ``rows`` among
    them, whose scores come from the folds that held them out."""  # fmt: skip
    problem, target = data.problem, table.target
    if len(fitted) < problem.rows:
        problem, rows = problem.take(fitted), np.searchsorted(fitted, rows)
    whole = TextTarget(_in_unit(problem.y, target), target.classes, target.centre, target.unit)
    cost = float(np.median([fold.order.cost for fold in found.folds]))
    scores, rounding = _score_features(problem, data.encoder, whole, cost, rows, seed, deadline)
    join = _final_join(table, found)
    parts: list[tuple[TextFeatures, ...]] = [(score,) for score in scores]
    vector = 0
    network, completed = None, 1.0
    if found.weight > 0:
        features, net, completed = _trained(table, found, seed, deadline)
        parts = [(score, own) for score, own in zip(scores, features, strict=True)]
        vector = features[0].count
        _, mean, spread = standard_columns(table.x, np.arange(len(table.x)))
        linear = linear_network(join, len(parts), vector, target)
        network = corrected_network(linear, net, found.weight, mean, spread, len(parts), target)
    linear = linear_network(join, len(parts), vector, target)
    encoder = data.encoder.with_texts(
        [
            TextColumnEncoder(column.name, feature_names(column.name, target.classes, vector), own)
            for column, own in zip(problem.texts, parts, strict=True)
        ]
    )
    cost_of_bytes = _bytes_cost(table, found, join.factor * rounding)
    return FinalModels(encoder, linear, network or linear, cost_of_bytes, completed)


def _score_features(
    problem: Problem,
    encoder: Encoder,
    target: TextTarget,
    cost: float,
    rows: Array,
    seed: int,
    deadline: float | None,
) -> tuple[list[TextFeatures], Array]:
    """What each text's n-grams add to the outputs of the straight model of all rows; and by how much its outputs of
    some ``rows`` (k,) change as the weights are rounded to bytes, (k, outputs)."""  # fmt: skip
    everything = np.ones(problem.rows, bool)
    weightings, parts = [], []
    for column in problem.texts:
        counts = ORDER.count(problem.arrays.texts(column.name))
        weightings.append(frequent_columns(counts, target))
        counts = weightings[-1].columns_of(counts)
        parts.append(weigh(counts, weightings[-1].idf, counts.values))
    widths = [part.width for part in parts]
    x = encoder.transform(problem)
    if x.shape[1]:
        parts.append(from_dense(scaled_columns(x, np.arange(problem.rows))))
    fit = LinearFit(beside(parts), target.y, len(target.classes), everything, seed, x.shape[1], in_place=True)
    fit.fit(cost, PASSES + LAST_PASSES, deadline)
    matrices = np.split(fit.weights[0], np.cumsum(widths))[: len(widths)]
    features = [
        TextFeatures(ORDER, weighting, Int8Blocks.from_matrix(matrix))
        for weighting, matrix in zip(weightings, matrices, strict=True)
    ]
    return features, fit.outputs_in_bytes(rows) - fit.outputs(rows)


def _bytes_cost(table: TextTable, found: TextComparison, rounding: Array) -> float:
    """By what fraction the held-out loss rises where outputs change by ``rounding`` (rows, outputs)."""
    output, classes = _in_unit(found.comparison.outputs["linear"], table.target), len(table.target.classes)
    known = ~np.isnan(output[:, 0])
    before, after = (
        float(row_losses(one[known], table.target.y[known], classes).mean()) for one in (output, output + rounding)
    )
    return after / before - 1 if before > 0 else 0.0


def _final_join(table: TextTable, found: TextComparison) -> Join:
    """The join of all compared rows, by the scores that they had when they were held out."""
    test = np.concatenate([fold.rows[1] for fold in found.folds])
    scores = np.concatenate([fold.order.scores[fold.rows[1]].sum(axis=1) for fold in found.folds])
    return fit_join(scores, table.x[test], table.target.y[test], len(table.target.classes))


def _trained(
    table: TextTable, found: TextComparison, seed: int, deadline: float | None
) -> tuple[list[TextFeatures], Network, float]:
    """The network of all compared rows, standing on the outputs that the folds gave the rows they held out; and the
    fraction of its passes that there was time for."""  # fmt: skip
    target, settings = table.target, found.folds[0].training.settings
    base = _in_unit(found.comparison.outputs["linear"], target)
    rows = np.flatnonzero(~np.isnan(base[:, 0]))
    weighted = table.inside.weigh(target, np.ones(len(base), bool), settings.most)
    dense = standard_columns(table.x, np.arange(len(base)))[0]
    training = BendTraining(weighted.joint, dense, np.nan_to_num(base), target.y, len(target.classes), seed, settings)
    for _ in range(found.round + 1):
        training.advance(rows, deadline)
        if deadline is not None and time.monotonic() > deadline:
            break
    matrices = weighted.split(training.parameters.vectors.reshape(-1, settings.vector))
    features = [
        TextFeatures(table.inside.grams, weighted.weighting(text), Int8Blocks.from_matrix(matrix))
        for text, matrix in enumerate(matrices)
    ]
    planned = (found.round + 1) / settings.rounds
    return features, training.network(training.parameters), min(1.0, training.completed / planned)


def _in_unit(y: Array, target: TextTarget) -> Array:
    """Class numbers, or numbers in the unit of the fitted target."""
    return y if target.classes else (y - target.centre) / target.unit


def feature_names(column: str, classes: tuple[str, ...], vector: int) -> tuple[str, ...]:
    """The names of a text's features."""
    scores = [f"{column}: {label}" for label in classes] if len(classes) > 2 else [column]
    return (*scores, *[f"{column} v{i + 1}" for i in range(vector)])
