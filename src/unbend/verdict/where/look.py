"""The whole look: from a table and the network's gain to the columns that bend and the formula to copy."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from ...data import Encoder, Problem
from ...network import Network
from ...network.scaling import Scaler
from ..folds import Fold
from .answer import Curve, Pair, Suggestion, Where
from .fits import Fits, Task
from .search import Found, search
from .shapes import shapes
from .shares import share
from .suggest import suggest

MOST_ROWS = 8_000  # that are looked at; more would narrow intervals that are narrow already
MOST_FEATURES = 300  # of the straight model; where there are more, its strongest


def look(
    problem: Problem,
    encoder: Encoder,
    straight: Network,
    penalty: float,
    folds: Sequence[Fold],
    gain: float,
    seed: int,
    deadline: float | None = None,
) -> Where:
    """Where ``problem`` bends: curves and pairs of columns on top of the straight model, judged on held-out rows.

    ``straight`` and ``penalty``: the straight model of all rows, on the features of ``encoder``, and the penalty it
    chose; ``folds``: (training rows, test rows), dealt as those of the comparison; ``gain``: what the network takes off
    the straight model's mean held-out loss there, in the loss's own unit. Whatever is learned from the target is
    learned from a fold's training rows; knots and scales come from the columns alone. Main effects first, then pairs
    (Hooker 2007), as in GA2M (Lou et al. 2013), but by least squares or logistic regression, each term tested.
    """
    rng = np.random.default_rng([seed, 5])
    x, y = encoder.transform(problem), problem.y
    kept = np.arange(problem.rows)
    if problem.rows > MOST_ROWS:
        kept = np.sort(rng.permutation(problem.rows)[:MOST_ROWS])
        x, y, folds = x[kept], y[kept], _inside(folds, kept, problem.rows)
    ratio = float(np.mean([len(test) / len(train) for train, test in folds]))
    task = Task(y, len(problem.classes), folds)
    columns = shapes(encoder, x)
    start = Fits.of(task, _strongest(x, straight), penalty)
    late = (lambda: False) if deadline is None else (lambda: time.monotonic() > deadline)
    found = search(columns, start, gain, ratio, rng, late)
    change = suggest(found, columns, problem, kept, _heaviest(encoder, straight, x), gain, ratio)
    return _answer(found, change, gain, ratio)


def _inside(folds: Sequence[Fold], kept: Array, rows: int) -> list[Fold]:
    """The folds among the kept rows alone, numbered anew."""
    number = np.full(rows, -1)
    number[kept] = np.arange(len(kept))
    pairs = [(number[train], number[test]) for train, test in folds]
    return [(train[train >= 0], test[test >= 0]) for train, test in pairs]


def _heaviest(encoder: Encoder, straight: Network, x: Array) -> list[str]:
    """The columns, those that weigh most in the straight model first."""
    weight = np.abs(straight.layers[0].W).max(axis=1) * x.std(axis=0)
    return list(dict.fromkeys(encoder.sources[i] for i in np.argsort(-weight, kind="stable")))


def _strongest(x: Array, straight: Network) -> Array:
    """The straight model's features, standardised; where there are too many, those that weigh most in it."""
    scaled = Scaler.of(x)(x)
    weight = np.abs(straight.layers[0].W).max(axis=1) * x.std(axis=0)
    strongest = np.sort(np.argsort(-weight, kind="stable")[:MOST_FEATURES])
    return scaled[:, strongest]


def _answer(found: Found, change: Suggestion | None, gain: float, ratio: float) -> Where:
    curves = [Curve(k[0], *share(taken, gain, ratio), True) for k, taken in found.terms if len(k) == 1]
    curves += [Curve(name, *share(taken, gain, ratio), False) for name, taken in found.single.items()]
    pairs = [Pair((k[0], k[1]), *share(taken, gain, ratio)) for k, taken in found.terms if len(k) == 2]
    return Where(
        tuple(sorted(curves, key=lambda c: (not c.bends, -c.share))),
        tuple(sorted(pairs, key=lambda p: -p.share)),
        *share(found.start.losses - found.end.losses, gain, ratio),
        suggestion=change,
        cut=found.cut,
    )
