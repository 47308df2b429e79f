"""Seconds of the first and second `unbend fit` after installing: an empty, then a filled folder of compiled kernels.

    python benchmarks/first_use.py FILE TARGET SRC [SRC …] [--names old,new] [--rounds 3]

Each SRC is a folder that contains the package ``unbend``. Wall seconds are those of the whole command, report included;
processor seconds count all its threads and the processes it waited for. Rounds are interleaved; medians.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from machine import machine


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("target")
    parser.add_argument("sources", type=Path, nargs="+", metavar="SRC")
    parser.add_argument("--names", help="what to call the sources, with commas")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    names = arguments.names.split(",") if arguments.names else list(map(str, arguments.sources))
    contestants = list(zip(names, arguments.sources, strict=True))
    found: dict[str, list[list[float]]] = defaultdict(list)
    for turn in range(arguments.rounds):
        for k in range(len(contestants)):
            name, source = contestants[(turn + k) % len(contestants)]
            with tempfile.TemporaryDirectory() as folder:
                runs = [command_seconds(source, arguments.file, arguments.target, Path(folder)) for _ in range(2)]
            found[name].append([seconds for run in runs for seconds in run])
            print(name, np.round(found[name][-1], 1), file=sys.stderr, flush=True)
    print(machine(("numpy", "scipy", "numba")) + f"; {arguments.file.stem}, {arguments.rounds} rounds.\n")
    print("| unbend | first use: wall s | processor s | second use: wall s | processor s |\n|---|---|---|---|---|")
    for name, runs in found.items():
        print(f"| {name} | " + " | ".join(f"{median:.1f}" for median in np.median(runs, axis=0)) + " |")


def command_seconds(source: Path, file: Path, target: str, folder: Path) -> tuple[float, float]:
    """Wall and processor seconds of one command, its compiled kernels in ``folder``."""
    command = [sys.executable, "-m", "unbend", "fit", str(file.resolve()), "--target", target, "--json"]
    environment = os.environ | {"PYTHONPATH": str(source.resolve()), "UNBEND_CACHE": str(folder / "cache")}
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--out", str(folder / "result")],
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"unbend fit of {source} ended with {status}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
