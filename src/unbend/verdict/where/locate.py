"""`locate_bends`: from the network's gain to the columns that bend and a formula to copy, as a `Where`."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from ...data import Encoder, Problem
from ...network import Network
from ...network.scaling import Scaler
from ..column_screening import MANY, TAKEN, by_turns, clipped, curve_scores, pair_scores
from ..folds import Fold, folds_among
from .attribution import Curve, Pair, Suggestion, Where, gain_share
from .column_basis import ColumnBasis, column_bases
from .fold_fits import FoldFits, Task
from .formula_suggestion import suggest_formula
from .forward_selection import Selection, select_terms

MAX_ROWS = 4_000  # more would narrow intervals that are narrow already
MAX_FEATURES = 300  # of the linear model; where there are more, its strongest


def locate_bends(
    problem: Problem,
    encoder: Encoder,
    linear: Network,
    penalty: float,
    *,
    folds: Sequence[Fold],
    gain: float,
    seed: int,
    deadline: float | None = None,
) -> Where:
    """Where ``problem`` bends: curves and pairs of columns added to the linear model, judged on held-out rows.

    ``linear`` and ``penalty``: the linear model of all rows, on the features of ``encoder``, and the penalty it chose;
    ``folds``: (training rows, test rows), split as those of the comparison; ``gain``: what the network removes from the
    linear model's mean held-out loss there, in the loss's own unit. Whatever depends on the target is fitted on a
    fold's training rows; knots and scales come from the columns alone. Main effects first, then pairs (Hooker 2007), as
    in GA2M (Lou et al. 2013), but by least squares or logistic regression, each term tested.
    """
    rng = np.random.default_rng([seed, 5])
    x, y = encoder.transform(problem), problem.y
    rows = np.arange(problem.rows)
    if problem.rows > MAX_ROWS:
        rows = np.sort(rng.permutation(problem.rows)[:MAX_ROWS])
        x, y, folds = x[rows], y[rows], folds_among(folds, rows, problem.rows)
    ratio = float(np.mean([len(test) / len(train) for train, test in folds]))
    bases = column_bases(encoder, x)
    fits = FoldFits.of(Task(y, len(problem.classes), folds), _strongest_features(x, linear), penalty)
    if len(bases) > MANY:
        bases = _screened(bases, fits.residuals)
    selection = select_terms(
        bases,
        fits,
        gain=gain,
        ratio=ratio,
        rng=rng,
        out_of_time=(lambda: False) if deadline is None else (lambda: time.monotonic() > deadline),
    )
    suggestion = suggest_formula(
        selection, bases, problem, rows=rows, order=_columns_by_weight(encoder, linear, x), gain=gain, ratio=ratio
    )
    return _where(selection, suggestion, gain, ratio)


def _screened(bases: list[ColumnBasis], residuals: Array) -> list[ColumnBasis]:
    """Those of so many columns whose curves and products say most about the residuals, and all categories."""
    columns = [n for n, basis in enumerate(bases) if basis.values.ndim == 1]
    z = clipped(np.column_stack([bases[n].values for n in columns]))
    r = residuals / np.maximum(np.sqrt((residuals**2).sum(axis=0)), 1e-300)
    r = r[None].astype(np.float32)
    chosen = {columns[i] for i in by_turns([curve_scores(z, r)[0], pair_scores(z, r)[0]], TAKEN)}
    return [basis for n, basis in enumerate(bases) if n in chosen or basis.values.ndim > 1]


def _columns_by_weight(encoder: Encoder, linear: Network, x: Array) -> list[str]:
    """The columns, those with the largest standardised coefficients first."""
    weight = np.abs(linear.layers[0].W).max(axis=1) * x.std(axis=0)
    return list(dict.fromkeys(encoder.sources[i] for i in np.argsort(-weight, kind="stable")))


def _strongest_features(x: Array, linear: Network) -> Array:
    """The linear model's features, standardised; where there are too many, those with the largest coefficients."""
    scaled = Scaler.of(x)(x)
    weight = np.abs(linear.layers[0].W).max(axis=1) * x.std(axis=0)
    strongest = np.sort(np.argsort(-weight, kind="stable")[:MAX_FEATURES])
    return scaled[:, strongest]


def _where(selection: Selection, suggestion: Suggestion | None, gain: float, ratio: float) -> Where:
    curves = [Curve(k[0], *gain_share(reduction, gain, ratio), True) for k, reduction in selection.terms if len(k) == 1]
    curves += [Curve(name, *gain_share(r, gain, ratio), False) for name, r in selection.not_selected.items()]
    pairs = [Pair((k[0], k[1]), *gain_share(r, gain, ratio)) for k, r in selection.terms if len(k) == 2]
    reached, interval = gain_share(selection.start.losses - selection.end.losses, gain, ratio)
    return Where(
        curves=tuple(sorted(curves, key=lambda c: (not c.bends, -c.share))),
        pairs=tuple(sorted(pairs, key=lambda p: -p.share)),
        reached=reached,
        interval=interval,
        suggestion=suggestion,
        cut=selection.cut,
    )
