"""Two hundred jobs killed by SIGKILL at random moments, resumed, and compared bit by bit with unbroken ones.

    python benchmarks/kills.py [--runs 200] [--seed 0]

writes ``results/kills.md``. A job is killed at a moment drawn evenly over the time an unbroken one takes; half of the
resumed jobs are killed again, and so on. Most jobs are forks of a process that has imported everything, so that the
moments fall into the work; some are whole processes, whose start may be cut as well.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np
from machine import machine

import unbend as ub
from unbend.cli import run

HERE = Path(__file__).resolve().parent
SOURCE = str(Path(ub.__file__).parents[1])
ROWS = np.random.default_rng(0)
X = ROWS.normal(size=(400, 4))
Y = np.sin(X[:, 0]) + X[:, 1] ** 2 + 0.1 * ROWS.normal(size=400)


def train(engine: str, folder: Path, checkpoint: bool) -> None:
    """A training with early stopping, dropout and row weights in its state; writes model and history."""
    os.environ["UNBEND_ENGINE"] = engine
    net = ub.Network([ub.Dense(4, 16, "tanh", dropout=0.1), ub.Dense(16, 1)], seed=1)
    kept = {"checkpoint": folder / "kept", "resume": True} if checkpoint else {}
    net, history = ub.train(net, X, Y, epochs=25, batch_size=16, validation=0.2, seed=2, **kept)
    ub.save(net, folder / "model.safetensors", {"history": vars(history)})


def command(folder: Path, checkpoint: bool) -> list[str]:
    """``unbend fit`` of a small table: some folds, the last training, the report."""
    data = folder / "table.csv"
    if not data.exists():
        rows = "\n".join(",".join(repr(float(v)) for v in (*x, y)) for x, y in zip(X[:80], Y[:80], strict=True))
        temporary = folder / "table.part"
        temporary.write_text("a,b,c,d,y\n" + rows + "\n")
        temporary.replace(data)
    kept = ["--checkpoint", str(folder / "kept"), "--resume"] if checkpoint else []
    return ["fit", str(data), "--target", "y", "--budget", "600", "--json", "--out", str(folder / "out"), *kept]


def forked(work: Callable[[], object]) -> int:
    """The id of a new process that does the work, prints nothing and ends."""
    child = os.fork()
    if child:
        return child
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


@dataclass
class Kind:
    """A kind of job: how it begins, in how many of a hundred runs it is used, and what has been seen."""

    name: str
    share: int
    start: Callable[[Path, bool], int]
    seconds: float = 0.0
    whole: tuple[object, ...] = ()
    runs: int = 0
    kills: int = 0
    fresh: int = 0  # killed before the first checkpoint
    writing: int = 0  # killed with a half-written file about
    same: int = 0


def fit(arguments: list[str]) -> None:
    """The command with small networks: two hundred runs are wanted, not good ones."""
    from unbend.verdict import Settings

    small = Settings(members=2, hidden=(8,), batch_size=16, steps=300)
    Settings.for_rows = classmethod(lambda cls, rows: small)  # type: ignore[method-assign,assignment]
    if run(arguments):
        raise SystemExit(1)


def process(folder: Path, checkpoint: bool) -> int:
    """The command in a process that begins from nothing."""
    place = os.environ | {"PYTHONPATH": os.pathsep.join([SOURCE, str(HERE)])}
    words = [sys.executable, "-c", "import sys, kills; kills.fit(sys.argv[1:])", *command(folder, checkpoint)]
    return subprocess.Popen(words, env=place, stdout=subprocess.DEVNULL).pid


KINDS = [
    Kind("training, plain NumPy", 47, lambda folder, kept: forked(lambda: train("numpy", folder, kept))),
    Kind("training, compiled", 45, lambda folder, kept: forked(lambda: train("tiles", folder, kept))),
    Kind("`unbend fit`, imported before", 6, lambda folder, kept: forked(lambda: fit(command(folder, kept)))),
    Kind("`unbend fit`, whole process", 2, process),
]


def left(folder: Path) -> tuple[object, ...]:
    """What a finished job left: the model's bytes, and the answer but for paths and seconds."""
    place = folder / "out" if (folder / "out").is_dir() else folder
    answer = place / "result.json"
    told = json.loads(answer.read_text()) if answer.exists() else {}
    return (place / "model.safetensors").read_bytes(), {
        k: v for k, v in told.items() if k not in ("seconds", "model", "report")
    }


def finish(child: int) -> None:
    """Wait for a job that is not to be killed."""
    status = os.waitpid(child, 0)[1]
    if status:
        raise SystemExit(f"a job that was not killed ended with {status}")


def one(kind: Kind, rng: np.random.Generator) -> None:
    """One job: killed at least once, resumed, compared."""
    with tempfile.TemporaryDirectory(prefix="unbend-kills-") as name:
        folder, killed = Path(name), 0
        while True:
            child = kind.start(folder, True)
            if killed and rng.random() < 0.5:
                finish(child)
                break
            time.sleep(rng.uniform(0, kind.seconds))
            os.kill(child, signal.SIGKILL)
            if os.waitpid(child, 0)[1] != signal.SIGKILL:  # it had ended before
                if killed:
                    break
                for path in sorted(folder.rglob("*"), reverse=True):
                    path.unlink() if path.is_file() else path.rmdir()
                continue
            killed += 1
            kind.kills += 1
            kind.fresh += not (folder / "kept" / "checkpoint.safetensors").exists()
            kind.writing += any(path.name.startswith(".") for path in folder.rglob("*"))
        kind.runs += 1
        kind.same += left(folder) == kind.whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=3600.0, help="begin no run after so many")
    asked = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    with tempfile.TemporaryDirectory() as name:  # imports what the forks need, once
        train("numpy", Path(name), True)
        for module in ("scale.fit", "report.html_page", "engine.inference.predict", "engine.small.epoch", "cli.fit"):
            import_module(f"unbend.{module}")
    for kind in KINDS:
        for turn in range(2):  # the first fills caches
            with tempfile.TemporaryDirectory(prefix="unbend-kills-") as name:
                began = time.monotonic()
                finish(kind.start(Path(name), bool(turn)))
                kind.seconds = time.monotonic() - began
                found = left(Path(name))
                if turn and found != kind.whole:
                    raise SystemExit(f"{kind.name}: a checkpoint alone changes the result")
                kind.whole = found
    end = time.monotonic() + asked.seconds
    for k in range(asked.runs):
        if time.monotonic() > end:
            break
        kind = next(kind for kind in reversed(KINDS) if k % 100 >= sum(b.share for b in KINDS[: KINDS.index(kind)]))
        one(kind, rng)
        print(f"\r{k + 1}/{asked.runs}", end="", file=sys.stderr, flush=True)
    lines = [
        "| job | runs | kills | before the first checkpoint | amid a write | resumed to the same bits |",
        "|---|--:|--:|--:|--:|--:|",
        *(f"| {k.name} | {k.runs} | {k.kills} | {k.fresh} | {k.writing} | {k.same} |" for k in KINDS),
    ]
    numbers = [sum(getattr(k, name) for k in KINDS) for name in ("runs", "kills", "fresh", "writing", "same")]
    lines.append(f"| **all** | {' | '.join(f'**{n}**' for n in numbers)} |")
    text = f"# Killed and resumed\n\n{machine()}. Made by `python benchmarks/kills.py`.\n\n" + "\n".join(lines) + "\n"
    text += (
        "\nEvery job is killed by SIGKILL at a moment drawn evenly over the time it takes unbroken, resumed, and\n"
        "killed again with probability 1/2 each time. The same bits: the model file, the history of losses and the\n"
        "JSON answer (but for seconds and paths) equal those of a job that was never cut and kept no checkpoints.\n"
        "The networks of `unbend fit` are small ones here (two of 8 neurons), so that it takes minutes.\n"
    )
    (HERE / "results" / "kills.md").write_text(text, encoding="utf-8")
    print(f"\n{text}")


if __name__ == "__main__":
    main()
