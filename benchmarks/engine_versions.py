"""Two versions of the engine timed against each other on this machine: is the new one slower, does it give other bits?

    python benchmarks/engine_versions.py OLD_SRC NEW_SRC [--rounds 5] [--turns 9] [--threads 2]

OLD_SRC and NEW_SRC are folders that contain the package ``unbend`` (the ``src`` of two checkouts). Each round starts a
process for either version; these take turns, workload by workload, one running while the other waits. A round's ratio
is the median time of the new version's turns divided by that of the old one's. Printed is a Markdown table:
milliseconds of both, the median of the rounds' ratios with the smallest and largest, the ratio of the fastest turns of
all (the number to look at on a busy machine), and whether both gave the same bits.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

# name -> sizes, minibatch (0: inference), rows, hidden activation, dtype
WORKLOADS: dict[str, tuple[tuple[int, ...], int, int, str, str]] = {
    "train 2-4-3, batch 10": ((2, 4, 3), 10, 20_000, "sigmoid", "float32"),
    "train 10-64-2, batch 32": ((10, 64, 2), 32, 20_000, "relu", "float32"),
    "train 10-64-2, batch 32, float64": ((10, 64, 2), 32, 10_000, "relu", "float64"),
    "train 784-128-10, batch 100": ((784, 128, 10), 100, 6_000, "relu", "float32"),
    "infer 2-4-3, 10 rows": ((2, 4, 3), 0, 10, "sigmoid", "float32"),
    "infer 10-64-2, 1,000 rows": ((10, 64, 2), 0, 1_000, "relu", "float32"),
    "infer 784-128-10, 1 row": ((784, 128, 10), 0, 1, "relu", "float32"),
    "infer 784-128-10, 100 rows": ((784, 128, 10), 0, 100, "relu", "float32"),
    "infer 784-128-10, 10,000 rows": ((784, 128, 10), 0, 10_000, "relu", "float32"),
}
LEAST = 0.03  # seconds of a turn


def prepared(name: str) -> tuple[Callable[[], object], str]:
    """A workload ready to run, and a digest of the numbers it gives."""
    from unbend.engine import compiled, run_epoch
    from unbend.network import Dense, Network, Recipe, Stack, loss, optimizer

    sizes, batch, rows, activation, dtype = WORKLOADS[name]
    rng = np.random.default_rng(0)
    x = rng.standard_normal((rows, sizes[0])).astype(dtype)
    acts = [*[activation] * (len(sizes) - 2), "identity"]
    net = Network([Dense(a, b, act) for (a, b), act in zip(pairwise(sizes), acts, strict=True)], seed=0, dtype=dtype)
    if not batch:
        predict = compiled(net)
        return lambda: predict(x), hashlib.sha256(predict(x).tobytes()).hexdigest()
    y, order = rng.integers(0, sizes[-1], rows), rng.permutation(rows)[None]
    recipe = Recipe(tuple(layer.dense for layer in net.layers), loss("cross_entropy"), optimizer("sgd"), batch)
    stack = Stack.begin([net.arrays], recipe.optimizer)

    def epoch() -> None:
        run_epoch(recipe, stack, x, y, order, 0.01, epochs=1000)

    epoch()
    return epoch, hashlib.sha256(b"".join(a.tobytes() for pair in stack.pairs for a in pair)).hexdigest()


def worker() -> None:
    """Answer requests on stdin: a workload's name is prepared and its digest returned, an empty line times a turn."""
    run: Callable[[], object] | None = None
    repeats = 1
    for line in sys.stdin:
        if name := line.strip():
            run, digest = prepared(name)
            run()
            repeats = 1
            while (seconds := timed(run, repeats)) * repeats < LEAST:
                repeats = max(repeats + 1, min(10 * repeats, int(1.2 * LEAST / seconds)))
            print(json.dumps(digest), flush=True)
        elif run is not None:
            print(json.dumps(timed(run, repeats)), flush=True)


def timed(run: Callable[[], object], repeats: int) -> float:
    """Seconds per run."""
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) / repeats


class Version:
    """A process that runs the workloads with the package in one source folder."""

    def __init__(self, source: Path, threads: int) -> None:
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "UNBEND_THREADS")
        environment = {**os.environ, **dict.fromkeys(names, str(threads)), "PYTHONPATH": str(source)}
        command = [sys.executable, __file__, "--worker"]
        self._process = subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def request(self, line: str) -> Any:
        """Send a line, return the answer."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@dataclass(frozen=True)
class Round:
    """Seconds of each turn of the old and of the new version, and whether they gave the same bits."""

    old: list[float]
    new: list[float]
    same: bool

    @property
    def ratio(self) -> float:
        """The new version's median relative to the old one's."""
        return statistics.median(self.new) / statistics.median(self.old)


def compare(sources: list[Path], rounds: int, turns: int, threads: int) -> dict[str, list[Round]]:
    """The rounds of each workload."""
    results: dict[str, list[Round]] = {name: [] for name in WORKLOADS}
    for n in range(rounds):
        old, new = versions = [Version(source.resolve(), threads) for source in sources]
        for name, lines in results.items():
            digests = [version.request(name) for version in versions]
            times: dict[Version, list[float]] = {old: [], new: []}
            for turn in range(turns):
                for version in versions if (turn + n) % 2 == 0 else versions[::-1]:
                    times[version].append(version.request(""))
            lines.append(Round(times[old], times[new], digests[0] == digests[1]))
        for version in versions:
            version.close()
    return results


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, nargs=2, metavar="SRC")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    print("| workload | old (ms) | new (ms) | new / old | smallest–largest | fastest turns | same bits |")
    print("|---|---|---|---|---|---|---|")
    for name, results in compare(given.sources, given.rounds, given.turns, given.threads).items():
        old, new = [s for r in results for s in r.old], [s for r in results for s in r.new]
        ratios = sorted(r.ratio for r in results)
        cells = [
            f"{1e3 * statistics.median(old):.3g}",
            f"{1e3 * statistics.median(new):.3g}",
            f"{statistics.median(ratios):.3f}",
            f"{ratios[0]:.2f}–{ratios[-1]:.2f}",
            f"{min(new) / min(old):.3f}",
            "yes" if all(r.same for r in results) else "no",
        ]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    worker() if sys.argv[1:] == ["--worker"] else main()
