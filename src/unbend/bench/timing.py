"""`interleaved_timings`: every backend runs once per round, with a pause before each; seconds of all rounds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .workload import NotAvailable

# BLAS and others let their threads spin for a while after work; the next backend must not pay for it
_PAUSE = 0.3


@dataclass
class Times:
    """Seconds per run, one per round; ``missing`` is why a backend did not run, ``first`` the warm-up run."""

    rounds: list[float] = field(default_factory=list)
    first: float = 0.0
    missing: str = ""

    @property
    def median(self) -> float:
        """The median over the rounds, in seconds."""
        return statistics.median(self.rounds)


def interleaved_timings(
    builders: Mapping[str, Callable[[], Callable[[], object]]], rounds: int, least: float, patience: float = 3.0
) -> dict[str, Times]:
    """Build every backend, run each once to warm up, then ``rounds`` rounds.

    A run is repeated until ``least`` seconds have passed, and their mean counts. A backend whose warm-up took more
    than ``patience`` seconds is timed in the first round only.
    """
    ready: dict[str, tuple[Callable[[], object], int]] = {}
    times = {name: Times() for name in builders}
    for name, build in builders.items():
        try:
            start = time.perf_counter()
            run = build()
            run()
            times[name].first = time.perf_counter() - start
            ready[name] = run, _repeats(run, least)
        except NotAvailable as reason:
            times[name].missing = str(reason)
        except Exception as error:  # whatever a peer's installation lacks, the others still run
            times[name].missing = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    for n in range(rounds):
        names = list(ready)
        for name in names[n % len(names) :] + names[: n % len(names)]:  # rotated, so that none always runs first
            run, repeats = ready[name]
            if n and times[name].median > patience:
                continue
            time.sleep(_PAUSE)
            times[name].rounds.append(_seconds(run, repeats))
    return times


def ratio(times: dict[str, Times], name: str, to: str = "unbend") -> float:
    """Time of backend ``name`` relative to backend ``to``: the median of the per-round ratios."""
    pairs = zip(times[name].rounds, times[to].rounds, strict=False)
    return statistics.median(a / b for a, b in pairs)


def _repeats(run: Callable[[], object], least: float) -> int:
    """How many runs take ``least`` seconds: found by trial, since the first few runs are slower."""
    repeats = 1
    while (taken := repeats * _seconds(run, repeats)) < least:
        repeats = max(2 * repeats, min(10 * repeats, int(repeats * least / max(taken, 1e-9)) + 1))
    return repeats


def _seconds(run: Callable[[], object], repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) / repeats
