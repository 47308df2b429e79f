"""Fuzz one door for as long as you like:

    python tests/fuzz/fuzz_run.py csv --seconds 600 [--engine atheris]

``hypothesis`` (the default) spoils good inputs and shrinks what it finds; ``atheris`` is guided by the branches the
bytes reach (libFuzzer). Both stop at anything but an error of the product's own, at an input that computes for more
than ``LIMIT`` seconds, and beyond ``ROOM`` bytes of memory. The last line counts the inputs.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LIMIT = 30  # seconds of the processor for one input
ROOM = 4 << 30  # bytes beside what the libraries take
DOORS = ("formula", "csv", "model", "model_json", "checkpoint", "url", "onnx", "fasttext", "vec")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("door", choices=DOORS)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--engine", choices=("hypothesis", "atheris"), default="hypothesis")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)  # the process that libFuzzer runs in
    asked = parser.parse_args()
    if asked.inside:
        libfuzzer(asked.door, asked.seconds, asked.inside)
    elif asked.engine == "atheris":
        guided(asked.door, asked.seconds)
    else:
        spoiling(asked.door, asked.seconds)


@contextlib.contextmanager
def bounded(seconds: float = LIMIT) -> Iterator[None]:
    """An input that computes longer is a finding (where the system has alarms)."""
    if not hasattr(signal, "SIGPROF"):
        yield
        return

    def late(*_: Any) -> None:
        faulthandler.dump_traceback()
        raise AssertionError(f"one input took more than {seconds} s")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def bound_memory() -> None:
    """No more than ``ROOM`` bytes of addresses beyond those in use now (Linux)."""
    if sys.platform == "linux":
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))


def spoiling(door: str, seconds: float) -> None:
    """Hypothesis, in rounds, until the time is over."""
    from fuzz_inputs import spoiled
    from fuzz_targets import TARGETS
    from hypothesis import HealthCheck, Phase, given, settings

    target, counts = TARGETS[door], {True: 0, False: 0}
    inputs = spoiled(door)
    bound_memory()
    end = time.monotonic() + seconds

    @settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck),
              phases=(Phase.generate, Phase.shrink))  # fmt: skip
    @given(inputs)
    def round_(data: bytes) -> None:
        if time.monotonic() < end:
            with bounded():
                counts[target(data)] += 1

    while time.monotonic() < end:
        round_()
    print(f"{door}: {sum(counts.values())} inputs by hypothesis, {counts[True]} accepted, no finding")


def guided(door: str, seconds: float) -> None:
    """libFuzzer, in a process of its own since it never returns; its corpus begins with the good inputs."""
    with tempfile.TemporaryDirectory(prefix="unbend-corpus-") as folder:
        command = [sys.executable, __file__, door, "--seconds", str(seconds), "--inside", folder]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        units = re.search(r"number_of_executed_units: *(\d+)", done.stderr)
        if done.returncode or units is None:
            print(done.stderr[-6000:], file=sys.stderr)
            for path in Path(folder).glob("crash-*"):
                print(f"the input: {path.read_bytes()!r}", file=sys.stderr)
            raise SystemExit(done.returncode or 1)
    print(f"{door}: {units[1]} inputs by atheris, no finding")


def libfuzzer(door: str, seconds: float, folder: Path) -> None:
    """Does not return."""
    import atheris

    with atheris.instrument_imports(include=["unbend"]):
        from fuzz_inputs import WORDS, seeds
        from fuzz_targets import TARGETS
    corpus = folder / "corpus"
    corpus.mkdir()
    for i, seed in enumerate(seeds(door)):
        (corpus / str(i)).write_bytes(seed)
    entries = ["".join(f"\\x{b:02x}" for b in word.encode("utf-8", "surrogatepass")) for word in WORDS[door]]
    (folder / "words").write_text("".join(f'"{entry}"\n' for entry in entries if len(entry) <= 4 * 60))
    target = TARGETS[door]

    def one(data: bytes) -> None:
        with bounded():
            target(data)

    options = [f"-max_total_time={max(1, round(seconds))}", "-max_len=4000", f"-rss_limit_mb={ROOM >> 20}",
               f"-dict={folder / 'words'}", "-print_final_stats=1", f"-artifact_prefix={folder}/",
               "-timeout=900"]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
