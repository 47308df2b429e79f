"""The static page's training beside ``ub.train``: losses of 100 epochs in float64, six toy data sets, five seeds each.

    python benchmarks/static_training.py [--out benchmarks/results]

The page makes data, first weights and minibatches from the seeds alone. Node runs its JavaScript. Every activation that
learns, every loss, optimiser and penalty is among the thirty runs, which are those of
``tests/lab/static_page/test_engine.py``. Writes the part "One file beside ub.train" of ``lab.md``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from machine import machine
from sections import write_section

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=HERE / "results")
    out = parser.parse_args().out
    os.environ["UNBEND_ENGINE"] = "numpy"
    sys.path.append(str(HERE.parent))
    from tests.lab.static_page.test_engine import EPOCHS, trained_beside

    largest: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for job, found, expected, _ in trained_beside(Path(folder)):
            apart = np.abs(np.array(found) / np.array(expected) - 1)
            largest.setdefault(job["name"], []).append(float(apart.max()))
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    rows = [f"| {name} | {len(seeds)} | {max(seeds):.1e} |" for name, seeds in largest.items()]
    write_section(
        out / "lab.md",
        "One file beside ub.train",
        f"{machine(('numpy',))}; node {node}. Training losses after each of {EPOCHS} epochs, in float64: the largest "
        "relative difference of all epochs and seeds (wanted: ≤ 1e-6).\n\n"
        "| toy data set | seeds | largest relative difference |\n|---|--:|--:|\n" + "\n".join(rows),
    )
    print("\n".join(rows))


if __name__ == "__main__":
    main()
