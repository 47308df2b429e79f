"""`network_of_all_rows`: the network model of a large table, trained on the rows of all shards."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np

from ..data import Problem
from ..network import Network
from ..verdict.fold_training import Watch
from ..verdict.settings import Settings
from .encoded_blocks import BlockEncoder
from .held_out_rows import HeldOut
from .shard_map import ShardMap
from .shuffle_buffer import ShuffleBuffer, blocks_in_turn
from .source import Source
from .stream_training import StreamTraining, train_on_stream

POOL_BYTES = 2**27  # of the rows that are shuffled together, as float64


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
    settings: Settings | None = None,
    deadline: float | None = None,
    watch: Watch | None = None,
) -> StreamTraining:
    """The recipe's networks trained on the ``rows`` of all shards, if they beat the sample's on held-out rows.

    ``problem`` is the sample, ``network`` its network model and ``linear`` the linear model to be corrected; both take
    the features of ``encoder``. Rows are held out by their hashes; all others are read in random order, at least once
    and as often as the recipe's minibatches need.
    """
    settings = settings or Settings.for_rows(rows)
    held_out = HeldOut.of(rows, seed)
    judged = held_out.read(source.shards, encoder, shard_map)
    training = max(1, rows - len(judged[1]))
    passes = max(1, -(-settings.steps * settings.batch_size // training))
    read = partial(held_out.training_rows, encoder=encoder)
    blocks = chain.from_iterable(blocks_in_turn(source.shards, read, [seed, 8, k]) for k in range(passes))
    size = max(settings.batch_size, POOL_BYTES // (8 * max(1, len(encoder.encoder.names))))
    buffer = ShuffleBuffer(blocks, size, np.random.default_rng([seed, 9]))
    x = encoder.encoder.transform(problem)
    done = train_on_stream(
        buffer.draw,
        passes * training,
        sample=(x, problem.y),
        held_out=judged,
        classes=len(problem.classes),
        linear=linear,
        network=network,
        seed=seed,
        settings=settings,
        most_rows=size,
        deadline=deadline,
        watch=watch,
    )
    return replace(done, rows=min(done.rows, training))
