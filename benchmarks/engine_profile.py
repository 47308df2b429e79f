"""Where an epoch's time goes: each network of the bench with one part left out or changed, interleaved.

    python benchmarks/engine_profile.py [--rounds 9]

Prints a Markdown table of milliseconds. *one call* is an epoch of a single minibatch: what packing the
weights, checking the arguments and waking a thread cost once per epoch. *in order* takes the rows one after the other,
*one row* always the same row: what is saved is the reading of scattered rows. *no activation* has identity in
place of the activation. *forward* is inference of all rows at once. *one thread* is everything on one processor.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from machine import machine

from unbend.bench.__main__ import WORKLOADS
from unbend.bench.timing import interleaved_timings
from unbend.bench.workload import Workload
from unbend.engine import compiled, run_epoch
from unbend.network import Stack


def epoch(workload: Workload, order: np.ndarray, threads: str = "") -> Callable[[], object]:
    """One epoch over the rows in ``order``."""
    recipe = workload.recipe
    stack = Stack.begin([workload.network.arrays], recipe.optimizer)

    def run() -> None:
        os.environ["UNBEND_THREADS"] = threads
        run_epoch(recipe, stack, workload.x, workload.y, order[None], workload.rate, epochs=1000)
        os.environ["UNBEND_THREADS"] = ""

    return run


def forward(workload: Workload) -> Callable[[], object]:
    """Inference of all rows."""
    answer = compiled(workload.network)
    return lambda: answer(workload.x)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    print(f"{machine()}\n")
    print("| network, batch | full | one call | in order | one row | no activation | forward | one thread |")
    print("|---|---|---|---|---|---|---|---|")
    for workload in WORKLOADS:
        in_order, identity = np.arange(workload.rows), replace(workload, activation="identity")
        variants = {
            "full": lambda c=workload: epoch(c, c.order),
            "one call": lambda c=workload: epoch(c, c.order[: c.batch]),
            "in order": lambda c=workload, rows=in_order: epoch(c, rows),
            "one row": lambda c=workload, rows=in_order: epoch(c, 0 * rows),
            "no activation": lambda c=identity: epoch(c, c.order),
            "forward": lambda c=workload: forward(c),
            "one thread": lambda c=workload: epoch(c, c.order, threads="1"),
        }
        times = interleaved_timings(variants, rounds, 0.05)
        print(f"| {workload.name} | " + " | ".join(f"{times[n].median * 1e3:.3g}" for n in variants) + " |", flush=True)


if __name__ == "__main__":
    main()
