"""Peak memory of fits and of training, above that of the same call with few rows.

    python benchmarks/memory.py [--rows 1000000] [--budget 60] > benchmarks/results/memory.md

Each measurement is a process of its own: the most that it ever had in memory (``ru_maxrss``). A table of 1,000 rows
with the same columns tells what interpreter, libraries, compiled kernels and the networks themselves take; kernels are
compiled before. The fits' budget plans the work (``by_clock=False``), so that a busy machine changes nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from machine import machine

COLUMNS, FEW = 20, 1_000
FIT = """
import resource, sys
import unbend as ub
result = ub.fit(sys.argv[1], "y", budget=float(sys.argv[2]), by_clock=False)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
print(peak, result.training.rows, result.verdict, round(result.network.score, 4))
"""
TRAIN = """
import resource, sys
import numpy as np, unbend as ub
rows, inputs = int(sys.argv[1]), 784
x, y = np.random.default_rng(0).random((rows, inputs), "float32"), np.arange(rows) % 10
net = ub.Network([ub.Dense(inputs, 50, "relu"), ub.Dense(50, 10)], seed=0)
ub.train(net, x, y, epochs=1, batch_size=100)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, rows, "-", "-")
"""


def main() -> None:
    """Measure and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--budget", default="60")
    arguments = parser.parse_args()
    print(f"# Memory\n\n{machine(('numpy', 'scipy', 'numba', 'pyarrow'))}\n")
    print("| job | table as float32 | peak, few rows | peak | above, × table | rows trained on | verdict | R² |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("float32", "float64"):
            paths = [write(Path(folder) / f"{n}.parquet", n, kind) for n in (FEW, arguments.rows)]
            measured(FIT, str(paths[0]), arguments.budget)  # compiles
            few, many = (measured(FIT, str(path), arguments.budget) for path in paths)
            table = 4 * arguments.rows * COLUMNS / 1e6
            line(f"`ub.fit`, {arguments.rows:,} × {COLUMNS}, Parquet of {kind}", table, few, many)
    few, many = measured(TRAIN, "2000"), measured(TRAIN, "20000")
    line(
        "`ub.train`, 18,000 rows of 784 more than 2,000, float32, with the array itself",
        4 * 18_000 * 784 / 1e6,
        few,
        many,
    )


def write(path: Path, rows: int, kind: str) -> Path:
    """A table with a bend, an interaction and noise."""
    import pyarrow as pa
    from pyarrow import parquet

    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, COLUMNS)).astype(kind)
    y = x[:, 0] + np.sin(2 * x[:, 1]) + 0.5 * x[:, 2] * x[:, 3] + 0.5 * rng.normal(size=rows)
    columns = {f"x{k}": np.ascontiguousarray(x[:, k]) for k in range(COLUMNS)}
    parquet.write_table(pa.table({**columns, "y": y.astype(kind)}), path)
    return path


def measured(code: str, *arguments: str) -> list[str]:
    """What the process printed."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.split()


def line(job: str, table: float, few: list[str], many: list[str]) -> None:
    """One row of the report."""
    above = float(many[0]) - float(few[0])
    cells = [
        job,
        f"{table:.0f} MB",
        f"{float(few[0]):.0f} MB",
        f"{float(many[0]):.0f} MB",
        f"{above / table:.2f}",
        *many[1:],
    ]
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
