"""Is the verdict right where the truth is known? 200 made-up tables each of linear truth, bent truth and noise.

    python benchmarks/verdict_study.py FOLDER [--tables 200] [--part 0/1]     fit what FOLDER does not hold yet
    python benchmarks/verdict_study.py FOLDER --table [--out benchmarks/results/verdict_study.md]

Each table (`verdict_truths.py`) goes through `unbend.fit` as it comes, with a budget that no machine uses up, so that
nothing is cut. One JSON line a table is added to FOLDER/PART.jsonl; a run that was broken off goes on where it ended,
and several may share the work (--part 0/2 and --part 1/2).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine
from verdict_truths import BENT, TRUTHS, made

BUDGET = 3600.0
RIGHT = {  # the verdicts that count, and the share of tables that must, or may at most, have them
    "linear": (("bends_pay",), "at most", 0.05),
    "noise": (("nothing_to_learn", "cannot_tell"), "at least", 0.95),
    "bent": (("bends_pay",), "at least", 0.95),
}
VERDICTS = ("straight_is_enough", "bends_pay", "nothing_to_learn", "cannot_tell")


def main() -> None:
    """Fit, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tables", type=int, default=200)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "verdict_study.md")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.table:
        arguments.out.write_text(results(done(arguments.folder), arguments.tables), encoding="utf-8")
        return
    part, parts = map(int, arguments.part.split("/"))
    seen = {(row["truth"], row["k"]) for row in done(arguments.folder)}
    todo = [(truth, k) for k in range(arguments.tables) for truth in TRUTHS]  # in turns: a part of a run is balanced
    for truth, k in todo[part::parts]:
        if (truth, k) not in seen:
            line = json.dumps(one(truth, k))
            with (arguments.folder / f"part{part}of{parts}.jsonl").open("a", encoding="utf-8") as file:
                file.write(line + "\n")
            print(line, flush=True)


def done(folder: Path) -> list[dict[str, Any]]:
    """What was fitted so far."""
    lines = [line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def one(truth: str, k: int) -> dict[str, Any]:
    """The verdict on one table."""
    import unbend as ub

    table = made(truth, k)
    began = time.perf_counter()
    result = ub.fit(table.table, "y", task=table.task, budget=BUDGET, seed=k)
    seconds = time.perf_counter() - began
    told = result.to_json()
    row = {"truth": truth, "k": k, **table.facts, "seconds": round(seconds, 2)}
    row |= {name: told.get(name) for name in ("verdict", "gain", "interval", "folds", "witness", "rows_needed")}
    named = columns_named(result) if truth == "bent" else None
    if named is not None:
        row |= {"named": sorted(named), "must": sorted(table.must), "right": table.must <= named <= table.may}
    return row


def columns_named(result: Any) -> set[str] | None:
    """The columns that *where it bends* names; None where it was not looked, because the verdict is another."""
    where = result.to_json()["where"]
    return set(where["bends"]) if where["looked"] else None


def results(rows: list[dict[str, Any]], asked: int) -> str:
    """The result table, Markdown; ``asked``: how many tables of each truth there should be."""
    fewest = min(sum(row["truth"] == truth for row in rows) for truth in TRUTHS)
    cut = [f"Broken off for want of time: {fewest} of {asked} tables of each truth were fitted.", ""]
    verdicts = " | ".join(v.replace("_", " ") for v in VERDICTS)
    lines = [
        "# Is the verdict right where the truth is known?",
        "",
        machine() + ".",
        "",
        "Tables made by `verdict_truths.py`, each fitted once by `unbend.fit` with its defaults. In brackets the exact",
        "(Clopper-Pearson) 95 % interval of the rate.",
        "",
        *(cut if fewest < asked else []),
        f"| truth | tables | what counts | asked | found | {verdicts} |",
        "|---|---|---|---|---|" + "---|" * len(VERDICTS),
    ]
    for truth in TRUTHS:
        mine = [row for row in rows if row["truth"] == truth]
        counted, word, share = RIGHT[truth]
        hits, counts = sum(row["verdict"] in counted for row in mine), Counter(row["verdict"] for row in mine)
        lines.append(
            f"| {truth} | {len(mine)} | {' or '.join(counted).replace('_', ' ')} | {word} {share:.0%} | "
            f"{rate(hits, len(mine))} | " + " | ".join(str(counts[v]) for v in VERDICTS) + " |"
        )
    lines += ["", *_by(rows, "bent", "kind", BENT), "", *_where(rows), "", *_witness(rows)]
    lines += ["", *_by(rows, "linear", "level", (0.8, 0.5, 0.2))]
    for fact in ("heavy_noise", "heavy_columns", "collinear"):
        lines += _by(rows, "linear", fact, (True,))[2:]
    lines += _by(rows, "linear", "kind", ("classes",))[2:]
    seconds, folds = np.array([row["seconds"] for row in rows]), np.array([row["folds"] for row in rows])
    lines += [
        "",
        f"Folds fitted: median {np.median(folds):.0f} ({np.mean(folds == 5):.0%} ended after five, "
        f"{np.mean(folds == 30):.0%} took all thirty). One thread,",
        f"on a machine at work with other things: median {np.median(seconds):.1f} s a table, the slowest tenth above "
        f"{np.quantile(seconds, 0.9):.0f} s.",
    ]
    return "\n".join(lines) + "\n"


def rate(hits: int, of: int) -> str:
    """Hits of trials with the exact interval (Clopper & Pearson 1934)."""
    from scipy.stats import binomtest

    if not of:
        return "-"
    interval = binomtest(hits, of).proportion_ci(0.95, "exact")
    return f"{hits}/{of} = {hits / of:.1%} [{interval.low:.1%}, {interval.high:.1%}]"


def _by(rows: list[dict[str, Any]], truth: str, fact: str, values: tuple[Any, ...]) -> list[str]:
    counted = RIGHT[truth][0]
    lines = [f"| {truth}: {fact} | {' or '.join(counted).replace('_', ' ')} |", "|---|---|"]
    for value in values:
        mine = [row for row in rows if row["truth"] == truth and row.get(fact) == value]
        name = fact.replace("_", " ") if value is True else value
        lines.append(f"| {name} | {rate(sum(row['verdict'] in counted for row in mine), len(mine))} |")
    return lines


def _where(rows: list[dict[str, Any]]) -> list[str]:
    named = [row for row in rows if "right" in row]
    if not named:
        return []
    lines = [
        "*Where it bends* names the right columns: all that need it (a total Sobol index above 0.1 of what a straight",
        "model leaves over), none that does not (below 0.01).",
        "",
        "| bent: kind | right columns |",
        "|---|---|",
    ]
    for kind in (*BENT, None):
        mine = [row["right"] for row in named if kind in (None, row["kind"])]
        lines.append(f"| {kind or 'all'} | {rate(sum(mine), len(mine))} |")
    return lines


def _witness(rows: list[dict[str, Any]]) -> list[str]:
    lines = ["The second witness (RESET, score tests) at 5 %:", "", "| truth | sees a bend |", "|---|---|"]
    for truth in TRUTHS:
        mine = [row["witness"]["bends"] for row in rows if row["truth"] == truth and row.get("witness")]
        lines.append(f"| {truth} | {rate(sum(map(bool, mine)), len(mine))} |")
    return lines


if __name__ == "__main__":
    main()
