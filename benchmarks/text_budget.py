"""Does `unbend.fit` keep its budget on large tables of text, and what does it say was cut?

    python benchmarks/text_budget.py FOLDER [--sets cell,long] [--out benchmarks/results/text_budget.md]

FOLDER holds film-reviews-ko.train.csv and clinc150.train.csv. Every table is fitted with a budget of 5, 20 and 60 s on
a machine without other work. Seconds are those of the whole fit, without reading the file and without a report.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine
from text_verdict import planted

import unbend as ub
from unbend.data import read_table

BUDGETS = (5, 20, 60)
Table = dict[str, list[Any]]


def made_up_words(rng: np.random.Generator, count: int = 5000) -> np.ndarray:
    """Words of two to eight letters."""
    return np.array(["".join(rng.choice(list("abcdefghijklmnop"), rng.integers(2, 9))) for _ in range(count)])


def one_cell(rng: np.random.Generator) -> Table:
    """1,500 short texts, one of 100 MB."""
    table = planted("words", 1500, 1)
    table["text"][5] = " ".join(rng.choice(made_up_words(rng), 17_000_000))[:100_000_000]
    return dict(table)


def long_texts(rng: np.random.Generator) -> Table:
    """2,000 texts of 20 kB, whose last word tells."""
    names, good = made_up_words(rng), rng.random(2000) < 0.5
    texts = [" ".join([*rng.choice(names, 3300), "good" if one else "bad"]) for one in good]
    return {"text": texts, "label": np.where(good, "yes", "no").tolist()}


def many_classes(rng: np.random.Generator) -> Table:
    """30,000 texts of 1,000 classes."""
    label = rng.integers(0, 1000, 30_000)
    texts = [" ".join([*(f"w{k}" for k in rng.integers(0, 3000, 8)), f"topic{one}"]) for one in label]
    return {"text": texts, "label": [f"l{one}" for one in label]}


def main() -> None:
    """Fit and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "text_budget.md")
    arguments = parser.parse_args()

    def file(name: str, target: str) -> Callable[[np.random.Generator], Table]:
        def read(rng: np.random.Generator) -> Table:
            table = read_table(arguments.folder / name)
            columns = {column: table[column].to_pylist() for column in table.column_names}
            columns["label"] = [str(value) for value in columns.pop(target)]
            return columns

        return read

    sets: dict[str, tuple[str, Callable[[np.random.Generator], Table]]] = {
        "cell": ("1,500 texts, one of 100 MB", one_cell),
        "long": ("2,000 texts of 20 kB", long_texts),
        "many": ("30,000 texts of 1,000 classes", many_classes),
        "clinc": ("CLINC150, 15,000 texts of 150 classes", file("clinc150.train.csv", "label")),
        "film": ("150,000 film reviews", file("film-reviews-ko.train.csv", "positive")),
    }
    lines = [
        "# Budgets on large tables of text",
        "",
        f"{machine()}.",
        "",
        "Made by `python benchmarks/text_budget.py`.",
    ]
    lines += ["", "| texts | budget | seconds | verdict | rows compared | enough, by what was said | said |"]
    lines += ["|---|---:|---:|---|---:|---:|---|"]
    ub.fit(planted("negation", 600, 1), target="label", budget=5)  # compiles
    for key in (arguments.sets or ",".join(sets)).split(","):
        name, make = sets[key]
        table = make(np.random.default_rng(0))
        for budget in BUDGETS:
            began = time.perf_counter()
            result = ub.fit(table, target="label", task="classification", budget=budget)
            seconds = time.perf_counter() - began
            keys = ", ".join(note.key.split(".")[1] for note in result.notes)
            verdict, needed = result.verdict.replace("_", " "), result.decision.budget_needed or ""
            lines.append(
                f"| {name} | {budget} | {seconds:.1f} | {verdict} | {result.compared.rows:,} | {needed} | {keys} |"
            )
            print(lines[-1], flush=True)
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
