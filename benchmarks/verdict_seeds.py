"""Does the verdict hang on the seed? Twenty seeds on each of the published sets.

    python benchmarks/verdict_seeds.py UCI WORK [--seeds 20] [--part 0/1]     fit what WORK does not hold yet
    python benchmarks/verdict_seeds.py UCI WORK --table [--out benchmarks/results/verdict_seeds.md]

UCI holds NAME.csv and NAME.splits.json ({"target": ...}); the other sets come with scikit-learn. One JSON line a fit is
added to WORK/PART.jsonl, so that a run that was broken off goes on where it ended.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine

BUDGET = 3600.0
ASKED = 0.95  # share of seeds that must agree, where they do not say "cannot tell"


def main() -> None:
    """Fit, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("uci", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "verdict_seeds.md")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    sets = tables(arguments.uci)
    lines = [line for file in sorted(arguments.work.glob("*.jsonl")) for line in file.read_text().splitlines()]
    rows = [json.loads(line) for line in lines]
    if arguments.table:
        arguments.out.write_text(results(rows, list(sets)), encoding="utf-8")
        return
    seen = {(row["set"], row["seed"]) for row in rows}
    part, parts = map(int, arguments.part.split("/"))
    for name, seed in [(name, seed) for seed in range(arguments.seeds) for name in sets][part::parts]:
        if (name, seed) not in seen:
            line = json.dumps(one(name, seed, *sets[name]()))
            with (arguments.work / f"part{part}of{parts}.jsonl").open("a", encoding="utf-8") as file:
                file.write(line + "\n")
            print(line, flush=True)


def tables(uci: Path) -> dict[str, Callable[[], tuple[Any, str, str | None]]]:
    """Name -> what makes (table, target, task)."""
    from sklearn import datasets

    def published(described: Path) -> Callable[[], tuple[Any, str, str | None]]:
        target = json.loads(described.read_text())["target"]
        return lambda: (str(described.with_name(described.name.replace(".splits.json", ".csv"))), target, "regression")

    def shipped(load: Callable[..., Any]) -> Callable[[], tuple[Any, str, str | None]]:
        return lambda: (load(as_frame=True).frame, "target", "classification")

    def friedman(make: Callable[..., Any]) -> Callable[[], tuple[Any, str, str | None]]:
        def table() -> tuple[Any, str, str | None]:
            x, f = make(n_samples=500, noise=0.0, random_state=0)
            y = f + f.std() / np.sqrt(3) * np.random.default_rng(0).normal(size=500)  # signal to noise 3
            return {**{f"x{j + 1}": column for j, column in enumerate(x.T)}, "y": y}, "y", None

        return table

    found = {d.name.removesuffix(".splits.json"): published(d) for d in sorted(uci.glob("*.splits.json"))}
    for name in ("breast_cancer", "wine", "digits"):
        found[name.replace("_", " ")] = shipped(getattr(datasets, f"load_{name}"))
    for k in (1, 2, 3):
        found[f"Friedman {k}"] = friedman(getattr(datasets, f"make_friedman{k}"))
    return found


def one(name: str, seed: int, table: Any, target: str, task: str | None) -> dict[str, Any]:
    """The verdict of one seed."""
    import unbend as ub

    began = time.perf_counter()
    told = ub.fit(table, target, task=task, budget=BUDGET, seed=seed).to_json()
    kept = {key: told.get(key) for key in ("verdict", "gain", "interval", "folds", "witness")}
    return {"set": name, "seed": seed, **kept, "seconds": round(time.perf_counter() - began, 2)}


def results(rows: list[dict[str, Any]], sets: list[str]) -> str:
    """The result table, Markdown."""
    lines = [
        "# Does the verdict hang on the seed?",
        "",
        machine(("numpy", "scipy", "numba", "scikit-learn")) + ".",
        "",
        "`unbend.fit` with its defaults, another seed each time. *Holds*: 19 of 20 seeds, or that share, give the same",
        "verdict or say that they cannot tell.",
        "",
        "| set | seeds | verdicts | gain, smallest to largest | holds | median s |",
        "|---|---|---|---|---|---|",
    ]
    for name in sets:
        mine = [row for row in rows if row["set"] == name]
        if not mine:
            continue
        counts = Counter(row["verdict"] for row in mine)
        clear = Counter({verdict: count for verdict, count in counts.items() if verdict != "cannot_tell"})
        same = max(clear.values(), default=0) + counts["cannot_tell"]
        said = ", ".join(f"{verdict.replace('_', ' ')} {count}" for verdict, count in counts.most_common())
        gains = [row["gain"] for row in mine]
        lines.append(
            f"| {name} | {len(mine)} | {said} | {min(gains):.3f} to {max(gains):.3f} | "
            f"{'yes' if same >= ASKED * len(mine) else 'NO'} | {np.median([row['seconds'] for row in mine]):.1f} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
