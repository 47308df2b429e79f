"""The folds' models as networks of features: what importance and other questions about held-out rows need."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...network import Network
from ..fold_training import Pace
from ..network_model import LearningCurve, NetworkModel
from ..settings import Settings
from .compare_texts import TextComparison
from .text_blocks import products
from .text_fold import TextTable, standard_columns
from .text_networks import corrected_network, linear_network


def network_model(table: TextTable, found: TextComparison, network: Network) -> NetworkModel:
    """The final ``network``, how the folds' networks were trained, and these."""
    settings, done = found.folds[0].training.settings, len(found.folds[0].losses)
    done = min(len(fold.losses) for fold in found.folds)
    seconds = found.comparison.seconds[0]
    curve = LearningCurve(
        encoded=False,
        train=np.array([fold.losses[:done] for fold in found.folds]).T,
        held_out=np.array([fold.held_out[:done] for fold in found.folds]).T,
        best=found.round,
        stopped="deadline" if done < settings.rounds else "epochs",
    )
    straight = [_linear(table, found, k) for k in range(len(found.folds))]
    return NetworkModel(
        network=network,
        weight=found.weight,
        encoded_weight=0.0,
        curves=(curve,),
        members=1,
        rows=len(table.x),
        settings=Settings(
            members=1,
            hidden=(settings.neurons,),
            activation="relu",
            learning_rate=settings.rate,
            weight_decay=0.0,
            batch_size=1,
            steps=settings.rounds * settings.passes * len(table.x),
            max_rounds=settings.rounds,
        ),
        epochs=float(settings.passes),
        fold_networks=tuple(_corrected(table, found, k, net) for k, net in enumerate(straight)),
        fold_linear=tuple(straight),
        pace=Pace(settings.rounds, done, seconds / max(done, 1), seconds, done < settings.rounds),
    )


def fold_features(table: TextTable, found: TextComparison) -> Array:
    """(n, features) of the compared rows, each by the fold that held it out; NaN where none did."""
    texts, d = len(table.order.counts), _vector(found)
    k = found.folds[0].order.output.shape[1]
    x = np.full((len(table.x), table.x.shape[1] + texts * (k + d)), np.nan)
    for fold, number in zip(found.folds, found.rounds, strict=True):
        test = fold.rows[1]
        blocks = [table.x[test]]
        matrices = fold.weighted.split(fold.snapshots[number].vectors.reshape(-1, fold.training.settings.vector))
        for text, (rows, matrix) in enumerate(zip(fold.weighted.rows, matrices, strict=True)):
            blocks.append(fold.order.scores[test, text])
            blocks.append(products(rows, matrix, test)[:, :d])
        x[test] = np.concatenate(blocks, axis=1)
    return x


def _vector(found: TextComparison) -> int:
    """The numbers of an n-gram's vector; 0 where the final model has no network."""
    return found.folds[0].training.settings.vector if found.weight > 0 else 0


def _linear(table: TextTable, found: TextComparison, k: int) -> Network:
    return linear_network(found.folds[k].order.join, len(table.order.counts), _vector(found), table.target)


def _corrected(table: TextTable, found: TextComparison, k: int, linear: Network) -> Network:
    fold = found.folds[k]
    if not _vector(found):
        return linear
    _, mean, spread = standard_columns(table.x, fold.rows[0])
    net = fold.training.network(fold.snapshots[found.rounds[k]])
    return corrected_network(linear, net, found.weights[k], mean, spread, len(table.order.counts), table.target)
