"""The full comparison in one process, whose environment variables ``unbend bench`` has set."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..language import set_language
from ..network import Dense, Network
from ..words import say
from . import PARTS
from .environment import environment
from .inference_backends import INFERENCE_BACKENDS
from .report import inference_table, plot_widths, training_table, value_table, width_table
from .subprocess_job import first_and_second_use, imports, peak_memory
from .timing import Times, interleaved_timings, ratio
from .training_backends import QUICK, SLOW, TRAINING_BACKENDS
from .workload import Workload

WORKLOADS = [Workload((2, 4, 3), 10, activation="sigmoid"), Workload((10, 64, 2), 32),
            Workload((784, 128, 10), 100), Workload((784, 512, 10), 256)]  # fmt: skip
ANSWERS = [((2, 4, 3), 10), ((784, 128, 10), 1), ((784, 128, 10), 100), ((784, 128, 10), 10_000)]
WIDTHS = [2, 4, 8, 16, 32, 45, 46, 47, 63, 64, 65, 90, 127, 128, 129, 181, 256, 362, 512, 724, 1024, 1448, 2048]
SWEEP_BACKENDS = ("unbend", "products alone", "PyTorch", "JAX", "scikit-learn")


def log(text: str) -> None:
    """Progress messages go to stderr."""
    print(text, file=sys.stderr, flush=True)


def numbers(times: dict[str, Times]) -> dict[str, Any]:
    """Seconds, ratio to ``unbend``, and for backends that did not run the reason."""
    return {
        name: {"seconds": t.median, "ratio": ratio(times, name), "first": t.first} if t.rounds
        else {"seconds": None, "ratio": None, "missing": t.missing}
        for name, t in times.items()
    }  # fmt: skip


def train(workload: Workload, names: tuple[str, ...], rounds: int, least: float = 0.05) -> dict[str, Any]:
    """One line of the training table; ``SLOW`` backends train on a tenth of the rows, and their time counts tenfold."""
    log(say("engine.bench_training", network=workload.name))
    tenth = replace(workload, rows=workload.rows // 10)
    builders = {name: partial(TRAINING_BACKENDS[name], tenth if name in SLOW else workload) for name in names}
    times = interleaved_timings(builders, rounds, least)
    for name in SLOW:
        if name in times:
            times[name].rounds = [10 * seconds for seconds in times[name].rounds]
    return numbers(times)


def answer(sizes: tuple[int, ...], rows: int, rounds: int, threads: int) -> dict[str, Any]:
    """One line of the inference table."""
    log(say("engine.bench_answering", network="-".join(map(str, sizes)), rows=rows))
    net = Network([Dense(sizes[0], sizes[1], "sigmoid" if sizes[0] == 2 else "relu"), Dense(sizes[1], sizes[2])])
    x = np.random.default_rng(0).standard_normal((rows, sizes[0]), dtype=np.float32)
    builders = {name: partial(build, net, x, threads) for name, build in INFERENCE_BACKENDS.items()}
    return numbers(interleaved_timings(builders, rounds, 0.02))


def sweep(widths: list[int], rounds: int) -> dict[str, Any]:
    """Seconds per row for each width."""
    found = {}
    for width in widths:
        workload = Workload((64, width, 10), 100, 20_000 if width <= 256 else 4_000)
        line = train(
            workload, SWEEP_BACKENDS if width in (2, 16, 64, 256, 1024, 2048) else SWEEP_BACKENDS[:-1], rounds, 0.02
        )
        line.setdefault("scikit-learn", {"seconds": None, "ratio": None})
        found[str(width)] = {
            n: {**e, "seconds": e["seconds"] and e["seconds"] / workload.rows} for n, e in line.items()
        }
    return found


def previous_results(out: Path | None) -> dict[str, Any]:
    """The results already in ``out``: parts that are not measured this time are kept."""
    path = None if out is None else out / "engine.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path is not None and path.is_file() else {}
    return found


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="unbend bench")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--lang")
    parser.add_argument("--only", default=",".join(PARTS))
    given = parser.parse_args()
    set_language(given.lang)
    quick, only = given.quick, given.only.split(",")
    rounds, names = (3, QUICK) if quick else (9, tuple(TRAINING_BACKENDS))
    results: dict[str, Any] = previous_results(given.out) | {"facts": environment(given.threads)}
    if "training" in only:
        results["training"] = {c.name: train(c, names, rounds) for c in WORKLOADS}
    if "adam" in only and not quick:
        adam = [Workload(c.sizes, c.batch, activation=c.activation, optimizer="adam", rate=0.001) for c in WORKLOADS]
        results["adam"] = {c.name: train(c, names, rounds) for c in adam}
    if "answers" in only:
        names_of = {f"{'-'.join(map(str, sizes))} × {n}": (sizes, n) for sizes, n in ANSWERS}
        results["answers"] = {name: answer(*what, 2 * rounds, given.threads) for name, what in names_of.items()}
    if "widths" in only:
        results["widths"] = sweep([w for w in WIDTHS if w & (w - 1) == 0] if quick else WIDTHS, 3 if quick else 5)
    if "memory" in only and sys.platform != "win32":
        log(say("engine.bench_memory"))
        results["memory"] = peak_memory(list(names))
    if "first" in only:
        log(say("engine.bench_first"))
        results["imports"] = imports(5 if quick else 15)
        results["first"] = first_and_second_use()
    show(results, given.json, given.out)
    return 0


def show(results: dict[str, Any], as_json: bool, out: Path | None) -> None:
    """Print the tables or the JSON object, and write both with the plot into ``out``."""
    parts = [f"{name}: {value}" for name, value in results["facts"].items()]
    text = [", ".join(parts)]
    for key, table in (("training", training_table), ("adam", training_table), ("answers", inference_table),
                       ("widths", width_table)):  # fmt: skip
        if key in results:
            text += [f"## {say(f'engine.title_{key}')}", table(results[key])]
    for key, factor, *columns in (("memory", 1.0, "MiB"), ("imports", 1e3, "ms"), ("first", 1.0, "1 (s)", "2 (s)")):
        if key in results:
            text += [f"## {say(f'engine.title_{key}')}", value_table(["", *columns], results[key], factor)]
    missing = {f"{n}: {e['missing']}" for part in ("training", "answers") for line in results.get(part, {}).values()
               for n, e in line.items() if e.get("missing")}  # fmt: skip
    text += [f"- {line}" for line in sorted(missing)]
    print(json.dumps(results, indent=1) if as_json else "\n\n".join(text))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        notes = out / "engine_notes.md"  # written by hand: where the time goes
        text += [notes.read_text(encoding="utf-8").rstrip()] if notes.is_file() else []
        (out / "engine.md").write_text("\n\n".join(text) + "\n", encoding="utf-8")
        (out / "engine.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        if "widths" in results:
            plot_widths(results["widths"], out / "engine.png")


if __name__ == "__main__":
    sys.exit(main())
