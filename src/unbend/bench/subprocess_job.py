"""Measurements that need a fresh process each: peak memory, import time, first and second use."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import textwrap

_MEMORY = """
    import resource, sys
    from pathlib import Path
    from unbend.bench.workload import Workload, NotAvailable
    from unbend.bench.training_backends import TRAINING_BACKENDS
    try:
        if sys.argv[1] != "-":
            TRAINING_BACKENDS[sys.argv[1]](Workload((784, 128, 10), 100, 4_000))()
    except NotAvailable:
        sys.exit(3)
    status = Path("/proc/self/status")
    if status.is_file():  # what getrusage tells there begins with the peak of the process that started this one
        print(int(status.read_text().split("VmHWM:")[1].split()[0]) / 2**10)
    else:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))
"""
_USE = """
    import time
    start = time.perf_counter()
    from unbend.bench.workload import Workload
    from unbend.bench.training_backends import unbend
    workload = Workload({sizes}, {batch}, {rows})
    epoch = unbend(workload)
    workload.x, workload.y, workload.order
    begin = time.perf_counter()
    epoch()
    print(time.perf_counter() - begin)
"""


def peak_memory(names: list[str]) -> dict[str, float]:
    """Peak memory in MiB of a process that trains 784-128-10 for 4,000 rows; ``"-"``: that only imports NumPy."""
    found = {}
    for name in ["-", *names]:
        ended = _python(_MEMORY, name)
        if ended.returncode == 0:
            found[name] = float(ended.stdout.split()[-1])
    return found


def imports(rounds: int) -> dict[str, float]:
    """Median seconds of a new process that imports nothing, NumPy, and unbend, in turns."""
    times: dict[str, list[float]] = {"pass": [], "import numpy": [], "import unbend": []}
    measured = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"
    for _ in range(rounds):
        for line, taken in times.items():
            taken.append(float(_python(measured.format(line)).stdout))
    return {line: statistics.median(taken) for line, taken in times.items() if line != "pass"}


def first_and_second_use() -> dict[str, tuple[float, float]]:
    """Seconds of the first epoch in a new process with an empty cache folder, and in the next with what that left."""
    found = {}
    for name, sizes, batch in (("2-4-3, 10", (2, 4, 3), 10), ("784-128-10, 100", (784, 128, 10), 100)):
        with tempfile.TemporaryDirectory(prefix="unbend-bench-") as folder:
            code = _USE.format(sizes=sizes, batch=batch, rows=20_000)
            first, second = (float(_python(code, cache=folder).stdout) for _ in range(2))
            found[name] = first, second
    return found


def _python(code: str, *arguments: str, cache: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({"UNBEND_CACHE": cache} if cache else {})}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
