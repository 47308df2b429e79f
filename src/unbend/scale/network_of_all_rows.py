"""`network_of_all_rows`: the network model of a large table, trained on the rows of all shards."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np

from ..data import Problem
from ..network import Network
from ..verdict.compare import with_a_column
from ..verdict.fold_training import Watch
from ..verdict.member_rounds import TaskMap
from ..verdict.plan import seconds_per_row
from ..verdict.settings import Settings
from .encoded_blocks import BlockEncoder
from .held_out_rows import HeldOut
from .shard_map import ShardMap
from .shuffle_buffer import Rows, ShuffleBuffer, blocks_in_turn
from .source import Source
from .stream_training import StreamTraining, train_on_stream

LEAST_HELD_OUT = 20  # rows; of fewer nothing can be judged
POOL_BYTES = 2**26  # of the rows that are shuffled together, as float64
ROUNDS_IN_TIME = 10  # that there is time for, at least


def network_of_all_rows(
    source: Source,
    encoder: BlockEncoder,
    problem: Problem,
    *,
    linear: Network,
    network: Network,
    rows: int,
    seed: int,
    shard_map: ShardMap,
    held_out: HeldOut | None = None,
    settings: Settings | None = None,
    most_minibatches: int | None = None,
    deadline: float | None = None,
    watch: Watch | None = None,
    task_map: TaskMap | None = None,
) -> StreamTraining | None:
    """The recipe's networks trained on the ``rows`` of all shards, if they beat the sample's on held-out rows.

    ``problem`` is the sample, ``network`` its network model and ``linear`` the linear model to be corrected; both take
    the features of ``encoder``. Rows are ``held_out``, by default by their hashes; others are read in random order, at
    least once and as often as the recipe's minibatches need, unless ``most_minibatches`` are used before or the
    ``deadline``, ``time.monotonic()`` seconds, comes: the "budget". None where too few rows are held out to judge by.
    """
    settings = settings or Settings.for_rows(rows)
    held_out = held_out or HeldOut.of(rows, seed)
    judged = held_out.read(source.shards, encoder, shard_map)
    if len(judged[1]) < LEAST_HELD_OUT:
        return None
    excluded = round(held_out.share * rows) if held_out.columns else len(judged[1])
    training = max(1, rows - excluded)
    passes = max(1, -(-settings.steps * settings.batch_size // training))
    drawn = passes * training
    if most_minibatches is not None:
        drawn = min(drawn, most_minibatches * settings.batch_size)
    read = partial(held_out.training_rows, encoder=encoder)
    blocks = chain.from_iterable(blocks_in_turn(source.shards, read, [seed, 8, k]) for k in range(passes))
    size = max(settings.batch_size, POOL_BYTES // (8 * max(1, len(encoder.encoder.names))))
    buffer = ShuffleBuffer(blocks, size, np.random.default_rng([seed, 9]))
    x = with_a_column(encoder.encoder.transform(problem))
    round_rows = size
    if deadline is not None:  # a round is not to take a large part of the time
        each = seconds_per_row(settings, x.shape[1], linear.outputs)
        in_time = max(0.0, deadline - time.monotonic()) / each
        round_rows = min(size, max(8 * settings.batch_size, int(in_time / ROUNDS_IN_TIME)))
    done = train_on_stream(
        partial(_draw, buffer),
        drawn,
        sample=(x, problem.y),
        held_out=(with_a_column(judged[0]), judged[1]),
        classes=len(problem.classes),
        linear=linear,
        network=network,
        seed=seed,
        settings=settings,
        most_rows=round_rows,
        deadline=deadline,
        watch=watch,
        task_map=task_map,
    )
    limited = done.reason == "all_rows" and drawn < passes * training
    return replace(done, rows=min(done.rows, training), reason="budget" if limited else done.reason)


def _draw(buffer: ShuffleBuffer, rows: int) -> Rows | None:
    drawn = buffer.draw(rows)
    return None if drawn is None else (with_a_column(drawn[0]), drawn[1])
