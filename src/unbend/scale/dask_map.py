"""`DaskMap`: a function mapped over shards, each a task of a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from ..errors import BadInput, DataError
from .shard import Shard

R = TypeVar("R")
RETRIES = 5  # of a task whose worker was lost


class DaskMap:
    """Maps over shards with a ``distributed.Client``: a lost worker costs its tasks, which others do again.

    The results are those of one process, bit by bit: a task is a pure function of its shard, and the results come in
    the shards' order. Raises `BadInput` where the scheduler is lost.
    """

    def __init__(self, client: Any) -> None:
        self.client = client

    def __call__(self, function: Callable[[Shard], R], shards: Sequence[Shard]) -> Iterator[R]:
        """The results, one by one."""
        from distributed.client import FutureCancelledError
        from distributed.comm.core import CommClosedError

        try:
            futures = self.client.map(function, list(shards), pure=False, retries=RETRIES)
            for place, future in enumerate(futures):
                yield future.result()
                futures[place] = None  # lets the cluster forget it
        except (CommClosedError, FutureCancelledError, TimeoutError) as error:
            raise BadInput("scale.cluster_lost", reason=type(error).__name__) from None


@contextmanager
def cluster(workers: int | None, scheduler: str | None) -> Iterator[Any]:
    """A client of so many ``workers`` on this machine, or of the ``scheduler`` at an address; None for neither."""
    if workers is not None and scheduler is not None:
        raise BadInput("scale.workers_and_scheduler")
    if workers is not None and workers < 1:
        raise BadInput("scale.workers", got=workers)
    if workers is not None:
        with _local(workers) as client:
            yield client
    elif scheduler is not None:
        with _connected(scheduler) as client:
            yield client
    else:
        yield None


@contextmanager
def _local(workers: int) -> Iterator[Any]:
    """A client of so many worker processes, each with one thread, which end with it."""
    distributed = _distributed()
    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        ) as own,
        distributed.Client(own) as client,
    ):
        yield client


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A client of a scheduler. Raises `DataError` where none answers."""
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise DataError("scale.no_scheduler", address=address, reason=str(error).splitlines()[0][:120]) from None
    with client:
        yield client


def _distributed() -> Any:
    """The package, which logs no traceback of what a message says. Raises `DataError` where it is missing."""
    try:
        import distributed
    except ImportError:
        raise DataError("scale.distributed_missing") from None
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.comm"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return distributed
