"""`linear_of_all_rows`: the linear model of a target of numbers, fitted to every row of a large table."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..data import Problem
from ..network import Network
from ..network.scaling import Scaler
from ..solve.streamed.least_squares_sums import LeastSquaresSums
from ..solve.streamed.reference import reference_scaler
from ..verdict.compare import with_a_column
from ..verdict.linear_model import fit_linear
from .encoded_blocks import BlockEncoder
from .shard import Shard
from .shard_map import ShardMap
from .source import Source


def linear_of_all_rows(
    source: Source, encoder: BlockEncoder, problem: Problem, seed: int, shard_map: ShardMap
) -> tuple[Network, int]:
    """The linear model as a network of one layer, and how many rows it was fitted to.

    The penalty is that of the linear model of the sample, ``problem``, in all: per row it is as much smaller as there
    are more rows, so that it stands for the same belief about the coefficients.
    """
    x = with_a_column(encoder.encoder.transform(problem))
    penalty = fit_linear(x, problem.y, 0, seed)[1]
    reference = reference_scaler(x, problem.y)
    total = LeastSquaresSums(x.shape[1], reference=reference)
    for sums in shard_map(partial(shard_sums, encoder=encoder, reference=reference), source.shards):
        total.merge(sums)
    rows = int(total.rows.sum())
    solution = total.solve(penalty * problem.rows / rows)
    W, b = solution.coefficients[:, None], np.array([solution.intercept])
    return Network.from_arrays([(W, b)], dtype="float64"), rows


def shard_sums(shard: Shard, *, encoder: BlockEncoder, reference: Scaler) -> LeastSquaresSums:
    """The sums of one shard's rows."""
    sums = LeastSquaresSums(len(reference.centre) - 1, reference=reference)
    for x, y in encoder.blocks(shard):
        sums.add(with_a_column(x), y)
    return sums
