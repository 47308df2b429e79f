"""A fit on 1, 2 and 4 worker processes beside one process: bits, tasks, CPU seconds; workers and a scheduler killed.

    python benchmarks/scale_cluster.py [--rows 1000000] [--folder /tmp/scale] [--jobs 0 1 2 4 worker scheduler]

Each job is one fit of the table of ``scale.py`` by a cluster of ``dask scheduler`` and ``dask worker`` processes of its
own: 0 is the fit in one process without a cluster. ``worker``: one of two workers is killed (SIGKILL) while the models
are compared, and one while the network is trained on all rows. ``scheduler``: the scheduler is killed while the models
are compared; then ``unbend fit … --resume`` goes on with a new one. No budget cuts, so that all have the same work.
Writes ``results/scale_cluster.md``; what earlier runs found stays in the folder (``cluster.json``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from machine import machine
from scale import make

HERE = Path(__file__).resolve().parent
QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "UNBEND_THREADS": "1"}


@dataclass
class Processes:
    """A scheduler and workers, each a process; ``lost`` are the CPU seconds of those that were killed."""

    port: int
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    lost: float = 0.0

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        self.scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", str(self.port))

    def start_worker(self) -> None:
        options = ("--nthreads", "1", "--no-nanny", "--death-timeout", "120", "--host", "127.0.0.1")
        self.workers.append(dask("worker", self.address, *options))

    def kill_worker(self) -> None:
        """The first worker is killed; another one is started."""
        first = self.workers.pop(0)
        self.lost += cpu_of(first.pid)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        self.start_worker()

    def seconds(self) -> float:
        """CPU seconds of all processes."""
        return self.lost + sum(cpu_of(p.pid) for p in [*self.workers, *([self.scheduler] if self.scheduler else [])])


def dask(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    nothing = subprocess.DEVNULL
    return subprocess.Popen(command, env={**os.environ, **QUIET}, stdout=nothing, stderr=nothing)


def cpu_of(pid: int) -> float:
    """CPU seconds of a process, 0 of one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def processes(workers: int) -> Iterator[Processes]:
    """A scheduler and so many workers, once all of them are there; they end with it."""
    from distributed import Client

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        running = Processes(free.getsockname()[1])
    running.start_scheduler()
    for _ in range(workers):
        running.start_worker()
    try:
        with Client(running.address, timeout="120s") as client:
            client.wait_for_workers(workers, timeout=120)
        yield running
    finally:
        for process in [*running.workers, *([running.scheduler] if running.scheduler else [])]:
            process.kill()
            process.wait()


def facts(result: Any) -> dict[str, Any]:
    """Hashes of what is to be the same bit by bit."""

    def weights(network: Any) -> str:
        return hashlib.sha256(b"".join(a.tobytes() for pair in network.arrays for a in pair)).hexdigest()[:12]

    answer = json.dumps([result.verdict, result.gain, result.interval, result.large.looks]).encode()
    return {
        "coefficients": weights(result.linear.model.network),
        "network": weights(result.network.model.network),
        "verdict": hashlib.sha256(answer + result.comparison.losses.tobytes()).hexdigest()[:12],
        "stopped": result.large.network_stopped,
        "network_rows": result.large.network_rows,
    }


def fit(folder: Path, workers: int, kill: tuple[str, ...] = ()) -> dict[str, Any]:
    """A fit on so many workers, 0 for none; one of them is killed in each of the steps ``kill``."""
    import unbend as ub

    if not workers:
        wall, cpu = time.perf_counter(), time.process_time()
        found = facts(ub.fit(folder, "y", memory="1MB", by_clock=False))
        return {**found, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "tasks": 0}
    from distributed import Client

    with processes(workers) as running, Client(running.address) as client:
        waiting, steps = list(kill), Counter[str]()

        def watch(step: Any) -> None:
            steps[step.name] += 1
            if waiting and step.name == waiting[0] and steps[step.name] == 12:
                running.kill_worker()
                waiting.pop(0)

        tasks = count_tasks(client)
        wall, cpu = time.perf_counter(), time.process_time() + running.seconds()
        result = ub.fit(folder, "y", memory="1MB", by_clock=False, client=client, watch=watch)
        wall, cpu = time.perf_counter() - wall, time.process_time() + running.seconds() - cpu
        assert not waiting, f"not killed: {waiting}"
        return {**facts(result), "wall": wall, "cpu": cpu, "tasks": tasks.total(), "killed": len(kill)}


def count_tasks(client: Any) -> Counter[str]:
    """A count of the tasks that the client is asked for from now on."""
    counted = Counter[str]()
    submit, many = client.submit, client.map

    def one(function: Any, *arguments: Any, **options: Any) -> Any:
        counted[function.__name__] += 1
        return submit(function, *arguments, **options)

    def several(function: Any, *items: Any, **options: Any) -> Any:
        counted[function.__name__] += len(items[0])
        return many(function, *items, **options)

    client.submit, client.map = one, several
    return counted


def scheduler_killed(folder: Path) -> dict[str, Any]:
    """The command's exit code and lines when the scheduler is killed while it compares, and what --resume repeats."""
    saved, out = folder.parent / "cluster-saved", folder.parent / "cluster-out"
    for place in (saved, out):
        shutil.rmtree(place, ignore_errors=True)
    command = [sys.executable, "-m", "unbend", "fit", str(folder), "--target", "y", "--checkpoint", str(saved)]
    command += ["--out", str(out), "-v", "--budget", "60"]
    found: dict[str, Any] = {}
    with processes(2) as running:
        job = subprocess.Popen([*command, "--scheduler", running.address], stderr=subprocess.PIPE, text=True,
                               env={**os.environ, **QUIET})  # fmt: skip
        assert job.stderr is not None and running.scheduler is not None
        lines: list[str] = []
        for line in job.stderr:
            lines.append(line.strip())
            if "surveyed" in line and "killed" not in found:
                deadline = time.monotonic() + 120
                while not list(saved.glob("rows-*")) and time.monotonic() < deadline:
                    time.sleep(0.1)
                running.scheduler.kill()
                found["killed"], since = True, time.monotonic()
        found |= {"exit": job.wait(), "line": lines[-1], "seconds_to_end": round(time.monotonic() - since, 1)}
    with processes(2) as running:
        survey = next(saved.glob("survey-*/*"))
        before = survey.stat().st_mtime_ns
        resume = [*command, "--scheduler", running.address, "--resume"]
        done = subprocess.run(resume, capture_output=True, text=True, env={**os.environ, **QUIET})
    return found | {"resumed_exit": done.returncode, "surveyed_again": survey.stat().st_mtime_ns != before}


def table(found: dict[str, dict[str, Any]]) -> str:
    """The fits as Markdown."""
    names = {"0": "no cluster", "worker": "2, one killed in each of comparing and training"}
    lines = [
        "| workers | tasks | CPU, s | wall, s | coefficients | network | verdict |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {names.get(job, job)} | {own['tasks']} | {own['cpu']:.1f} | {own['wall']:.1f} "
        f"| `{own['coefficients']}` | `{own['network']}` | `{own['verdict']}` |"
        for job, own in found.items()
        if job != "scheduler"
    ]
    return "\n".join(lines)


def note(killed: dict[str, Any] | None) -> str:
    """What became of the fit whose scheduler was killed."""
    if killed is None:
        return ""
    survey = "repeated" if killed["surveyed_again"] else "not repeated"
    return (
        f"\n\nScheduler killed while comparing: exit code {killed['exit']} after {killed['seconds_to_end']} s, with "
        f"one line: *{killed['line']}*. Then `--resume` with a new scheduler: exit code {killed['resumed_exit']}, "
        f"survey {survey}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/scale"))
    parser.add_argument("--jobs", nargs="+", default=["0", "1", "2", "4", "worker", "scheduler"])
    arguments = parser.parse_args()
    folder, kept = arguments.folder / f"{arguments.rows}", arguments.folder / "cluster.json"
    make(folder, arguments.rows)
    found: dict[str, dict[str, Any]] = json.loads(kept.read_text()) if kept.exists() else {}
    for job in arguments.jobs:
        if job == "scheduler":
            found[job] = scheduler_killed(folder)
        else:
            found[job] = fit(folder, 2, ("compare", "train")) if job == "worker" else fit(folder, int(job))
        kept.write_text(json.dumps(found))
        print(job, found[job], flush=True)
    found = dict(sorted(found.items()))
    for key in ("coefficients", "network", "verdict"):
        hashes = {own[key] for own in found.values() if key in own}
        assert len(hashes) == 1, f"{key}: {hashes}"
    (HERE / "results" / "scale_cluster.md").write_text(
        f"# Large tables on a cluster\n\n{machine()}\n\nMade by `python benchmarks/scale_cluster.py`: the table of "
        f"[scale.md](scale.md), {arguments.rows:,} rows; workers are processes of one thread on this machine; CPU "
        "seconds are those of all processes; hashes of the weights' bits, and of verdict, gain, interval and all "
        f"held-out losses.\n\n{table(found)}{note(found.get('scheduler'))}\n"
    )


if __name__ == "__main__":
    main()
