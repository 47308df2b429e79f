"""`DaskMap`: a function mapped over shards, or over networks in training, each a task of a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from ..errors import BadInput, DataError
from ..threads import one_thread
from .dask_frame import DaskShard

T = TypeVar("T")
R = TypeVar("R")
RETRIES = 5  # of a task whose worker was lost
CONNECT_SECONDS = 10  # in which a scheduler must answer


class DaskMap:
    """Maps over shards, or over what else are tasks, with a ``distributed.Client``.

    The results are those of one process, bit by bit: a task is a pure function of its item, and the results come in the
    items' order. The function, with all that is bound to it, is sent once for as long as it is in use, and again from
    the scheduler where the worker that holds it is lost; so a lost worker costs its tasks, which others do again.
    Raises `BadInput` where the scheduler is lost, or all that is left of the workers.
    """

    def __init__(self, client: Any) -> None:
        self.client = client
        self._sent: WeakKeyDictionary[Callable[..., Any], Any] = WeakKeyDictionary()

    @property
    def workers(self) -> int:
        """How many tasks run at once."""
        with _one_line():
            return max(1, int(sum(self.client.nthreads().values())))

    def __call__(self, function: Callable[[T], R], items: Sequence[T], /) -> Iterator[R]:
        """The results, one by one; the tasks begin at once."""
        if not items:
            return iter(())
        with _one_line(), _any_size():
            if function not in self._sent:
                self._sent[function] = self.client.submit(_as_it_is, function, pure=False, retries=RETRIES)
            sent = [self._sent[function]] * len(items)
            held = [item.future if isinstance(item, DaskShard) else None for item in items]
            alone = [
                item.with_partition(None) if future is not None else item  # type: ignore[attr-defined]
                for item, future in zip(items, held, strict=True)
            ]
            futures = self.client.map(_call, sent, alone, held, pure=False, retries=RETRIES)
        return self._results(futures)

    def _results(self, futures: list[Any]) -> Iterator[Any]:
        for place, future in enumerate(futures):
            with _one_line():
                result = future.result()
            futures[place] = None  # lets the cluster forget it
            yield result


def _as_it_is(function: Callable[[T], R]) -> Callable[[T], R]:
    """A task whose result is what it was sent, for other tasks to use."""
    return function


def _call(function: Callable[[T], R], item: T, held: Any) -> R:
    """The task of an item; ``held`` is what the cluster holds of it."""
    with one_thread():
        return function(item if held is None else item.with_partition(held))  # type: ignore[attr-defined]


@contextmanager
def _any_size() -> Iterator[None]:
    """No warning for what is large because it is sent once."""
    from dask import config

    with config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):
        yield


@contextmanager
def _one_line() -> Iterator[None]:
    """Turns the errors of a lost cluster into one line."""
    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    try:
        yield
    except KilledWorker as error:
        raise BadInput("scale.workers_lost", reason=str(error).splitlines()[0][:120]) from None
    except (CommClosedError, CancelledError, TimeoutError) as error:
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
        client = distributed.Client(address, timeout=CONNECT_SECONDS)
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
