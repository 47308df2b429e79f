"""`linear_of_all_rows`: the linear model, least squares or logistic, fitted to every row of a large table."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from .. import log
from ..arrays import Array
from ..data import Problem
from ..network import Network
from ..network.scaling import Scaler
from ..solve.streamed.least_squares_sums import LeastSquaresSums
from ..solve.streamed.logistic_newton import fit_logistic
from ..solve.streamed.logistic_sums import LogisticSums
from ..solve.streamed.reference import reference_scaler
from ..solve.streamed.ridge_choice import choose_penalty
from ..train.checkpoint import digest
from ..verdict.compare import with_a_column
from ..verdict.linear_model import fit_linear
from .encoded_blocks import BlockEncoder
from .hashing import hash_rows
from .merged_pass import SavedPass, SavedPasses, merged
from .shard import Shard
from .shard_map import ShardMap
from .source import Source

FOLD_SEED = 1  # of the hashes that put rows into folds
FOLDS = 5  # by which the penalty of least squares is chosen …
FOLD_ROWS = 64  # … of so many neighbouring rows of a file each time
MANY_COLUMNS = 100  # from which on it is that of the sample
MANY_WEIGHTS = 500  # of a logistic regression: beyond, its second derivatives take too long for each row
LEAST_DIGITS = 8.0  # that are certain in every coefficient; else the rows are summed again without rounding


class AllRowsModel(NamedTuple):
    """The linear model as a network of one layer, and whether its sums were taken without rounding."""

    network: Network
    exact: bool = False


def linear_of_all_rows(
    source: Source,
    encoder: BlockEncoder,
    problem: Problem,
    *,
    rows: int,
    seed: int,
    shard_map: ShardMap,
    passes: SavedPasses | None = None,
) -> AllRowsModel | None:
    """The linear model of the source's ``rows`` rows with a target.

    The sample, ``problem``, gives what needs no more rows: about the columns' means and deviations, a start, and the
    penalty where all rows cannot choose it; as a prior counts the less, the more rows there are, it is divided by the
    rows in all. Where the rounding of sums in doubles leaves a coefficient fewer than ``LEAST_DIGITS`` digits, a second
    pass over the rows sums exactly. None for a logistic regression of so many weights that only a sample can be fitted.
    ``passes`` is where the sums are saved.
    """
    x = with_a_column(encoder.encoder.transform(problem))
    if problem.classes:
        return _logistic(source, encoder, problem, x, rows=rows, seed=seed, shard_map=shard_map, passes=passes)
    scaler = reference_scaler(x, problem.y)
    folds = FOLDS if x.shape[1] < MANY_COLUMNS else 1
    of_sample = fit_linear(x, problem.y, 0, seed)[1] * problem.rows / rows if folds == 1 else None
    for exact in (False, True):
        total = LeastSquaresSums(x.shape[1], reference=scaler, folds=folds, exact=exact)
        task = partial(shard_sums, encoder=encoder, reference=scaler, folds=folds, exact=exact)
        saved = _saved(passes, source, encoder, folds, exact, digest(scaler.centre, scaler.scale))
        total = merged(total, task, source.shards, shard_map=shard_map, saved=saved)
        solution = total.solve(choose_penalty(total)[0] if of_sample is None else of_sample)
        log.info("log.sums_solved", digits=f"{solution.digits:.1f}", exact=exact)
        if solution.digits >= LEAST_DIGITS:
            break
    return _network(solution.coefficients[:, None], np.array([solution.intercept]), exact)


def _logistic(
    source: Source,
    encoder: BlockEncoder,
    problem: Problem,
    x: Array,
    *,
    rows: int,
    seed: int,
    shard_map: ShardMap,
    passes: SavedPasses | None,
) -> AllRowsModel | None:
    network, penalty = fit_linear(x, problem.y, len(problem.classes), seed)
    W, b = network.arrays[0]
    if W.size + b.size > MANY_WEIGHTS:
        return None
    both = reference_scaler(x, problem.y)
    scaler = Scaler(both.centre[:-1], both.scale[:-1])

    def evaluate(coefficients: Array) -> LogisticSums:
        total = LogisticSums(coefficients, scaler)
        task = partial(shard_logistic_sums, encoder=encoder, coefficients=coefficients, reference=scaler)
        saved = _saved(passes, source, encoder, digest(scaler.centre, scaler.scale, coefficients))
        return merged(total, task, source.shards, shard_map=shard_map, saved=saved)

    start = np.vstack([b + scaler.centre @ W, W * scaler.scale[:, None]])
    solution = fit_logistic(evaluate, len(b), scaler, penalty * problem.rows / rows, start)
    log.info("log.logistic_passes", passes=solution.passes)
    return _network(solution.W, solution.b)


def _saved(passes: SavedPasses | None, source: Source, encoder: BlockEncoder, *job: Any) -> SavedPass | None:
    """Where a pass that sums is saved, by all that it depends on."""
    if passes is None:
        return None
    return passes.open("sums", source.shards, [encoder.encoder.to_dict(), encoder.classes, *job])


def _network(W: Array, b: Array, exact: bool = False) -> AllRowsModel:
    return AllRowsModel(Network.from_arrays([(W, b)], dtype="float64"), exact)


def shard_sums(shard: Shard, *, encoder: BlockEncoder, reference: Scaler, folds: int, exact: bool) -> LeastSquaresSums:
    """The sums of one shard's rows for least squares."""
    sums = LeastSquaresSums(len(reference.centre) - 1, reference=reference, folds=folds, exact=exact)
    first = shard.first_row
    for x, y in encoder.blocks(shard):
        sums.add(with_a_column(x), y, fold=_folds_of_rows(shard.key, first, len(y), folds) if folds > 1 else None)
        first += len(y)
    return sums


def _folds_of_rows(key: str, first: int, count: int, folds: int) -> Array:
    """(count,) the fold of each row from ``first`` on, by a hash of ``FOLD_ROWS`` rows together."""
    begin = first // FOLD_ROWS
    hashes = hash_rows(key, begin, (first + count - 1) // FOLD_ROWS + 1 - begin, FOLD_SEED)
    own = np.repeat((hashes % np.uint64(folds)).astype(np.uint8), FOLD_ROWS)
    return own[first - begin * FOLD_ROWS :][:count]


def shard_logistic_sums(shard: Shard, *, encoder: BlockEncoder, coefficients: Array, reference: Scaler) -> LogisticSums:
    """The sums of one shard's rows for a step of logistic regression at these coefficients."""
    sums = LogisticSums(coefficients, reference)
    for x, y in encoder.blocks(shard):
        sums.add(with_a_column(x), y)
    return sums
