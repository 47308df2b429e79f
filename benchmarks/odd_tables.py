"""A table of odd tables: what is in them, what the verdict may be, which note must be there, and what was said.

    python benchmarks/odd_tables.py [--only NAME] [--out benchmarks/results/odd_tables.md]

Every table goes through `unbend.fit` with ``by_clock=False``, so that a busy machine cuts nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Table = dict[str, Any]
BUDGET = 10.0
SCREENED = ("verdict.screened",)
STRAIGHT, PAYS, NOTHING, UNSURE = "straight_is_enough", "bends_pay", "nothing_to_learn", "cannot_tell"


@dataclass(frozen=True)
class Odd:
    """A table made by ``make``, the verdicts it may have, and the message keys of which one must be among the notes."""

    name: str
    make: Callable[[np.random.Generator], Table]
    verdicts: tuple[str, ...]
    notes: tuple[str, ...] = ()
    arguments: tuple[tuple[str, Any], ...] = ()


def straight(rng: np.random.Generator, rows: int = 300) -> Table:
    """Two columns that matter, one that does not."""
    a, b, c = rng.normal(size=(3, rows))
    return {"a": a, "b": b, "c": c, "y": 2 * a - b + rng.normal(size=rows)}


def with_cells(column: str, cells: dict[int, float]) -> Callable[[np.random.Generator], Table]:
    """A straight table with some cells replaced."""

    def make(rng: np.random.Generator) -> Table:
        table = straight(rng)
        for row, value in cells.items():
            table[column][row] = value
        return table

    return make


def wild_in_both(rng: np.random.Generator) -> Table:
    """A wild cell in a column and another, in another row, in the target."""
    table = with_cells("a", {7: 4000.0})(rng)
    table["y"][90] = 50_000.0
    return table


def another_scale(rng: np.random.Generator) -> Table:
    """One row in a thousand in thousandths of the unit."""
    table = straight(rng, 2000)
    table["a"] = 5 + table["a"]
    table["a"][::1000] *= 1000
    return table


def sentinels(rng: np.random.Generator) -> Table:
    """-999 where a value is missing, in a twentieth of the rows."""
    table = straight(rng, 600)
    table["a"][::20] = -999
    return table


def two_units(rng: np.random.Generator) -> Table:
    """Half of the lengths in feet, half in metres, and nothing says which."""
    table = straight(rng, 600)
    table["a"] = (20 + table["a"]) * np.where(np.arange(600) % 2, 0.3048, 1.0)
    return table


def rare_class(rng: np.random.Generator) -> Table:
    """Three rows of a third class."""
    table = straight(rng)
    labels = np.where(table["y"] > 0, "yes", "no")
    labels[[5, 100, 200]] = "other"
    return table | {"y": labels}


def one_class(rng: np.random.Generator) -> Table:
    """99.9 % of one class."""
    table = straight(rng, 3000)
    return table | {"y": np.where(np.arange(3000) % 1000 == 0, "fraud", "fine")}


def weights(rng: np.random.Generator) -> Table:
    """A column of frequency weights that has nothing to do with the target."""
    return straight(rng) | {"w": rng.integers(1, 500, 300)}


def sorted_by_target(rng: np.random.Generator) -> Table:
    """Sorted by the target, and numbered."""
    table = straight(rng)
    order = np.argsort(table["y"])
    return {"id": np.arange(1, 301), **{name: cells[order] for name, cells in table.items()}}


def hidden_group(rng: np.random.Generator) -> Table:
    """Forty patients with ten visits and a level each; the number of the patient is a column."""
    patient = np.repeat(np.arange(40), 10)
    table = straight(rng, 400)
    return table | {"patient": patient, "y": table["y"] + 4 * rng.normal(size=40)[patient]}


def heavy_columns(rng: np.random.Generator) -> Table:
    """Log-normal columns of sigma 2, straight."""
    a, b, c = np.exp(rng.normal(0, 2, (3, 300)))
    return {"a": a, "b": b, "c": c, "y": 2 * a + b + 2 * rng.normal(size=300)}


def constant_but_one(rng: np.random.Generator) -> Table:
    """A column of zeros with a single one."""
    return straight(rng) | {"d": np.r_[np.zeros(299), 1.0]}


def twice(rng: np.random.Generator) -> Table:
    """A coarse table that is there twice."""
    grade, age = rng.integers(0, 3, 400), rng.integers(20, 60, 400)
    y = np.where(rng.random(400) < 1 / (1 + np.exp(grade - 1.0)), "yes", "no")
    return {name: np.tile(cells, 2) for name, cells in {"grade": grade, "age": age, "y": y}.items()}


def trend(rng: np.random.Generator) -> Table:
    """Months 1 to 60 with sales that grow."""
    month = np.arange(1, 61)
    return {"month": month, "x": rng.normal(size=60), "y": 100 + 3 * month + 5 * rng.normal(size=60)}


def few_of_many(rng: np.random.Generator) -> Table:
    """One column of 600 has r = 0.72."""
    x = rng.normal(size=(200, 600))
    return {f"x{k}": x[:, k] for k in range(600)} | {"y": x[:, 7] + 0.96 * rng.normal(size=200)}


def wide(of: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.random.Generator], Table]:
    """400 columns, of which ``of`` makes the target, with noise of half its size."""

    def make(rng: np.random.Generator) -> Table:
        x = rng.normal(size=(400, 400))
        signal = of(x)
        y = signal + 0.5 * max(float(signal.std()), 1.0) * rng.normal(size=400)
        return {f"x{k}": x[:, k] for k in range(400)} | {"y": y}

    return make


def starved(rng: np.random.Generator) -> Table:
    """A bend among 100 columns of noise, and hardly any time."""
    x = rng.normal(size=(500, 100))
    y = np.abs(x[:, 0]) + x[:, 1] + 0.1 * rng.normal(size=500)
    return {f"x{k}": x[:, k] for k in range(100)} | {"y": y}


ODD = (
    Odd("wild cell in x", with_cells("a", {7: 4000.0}), (STRAIGHT, UNSURE), ("data.far_values",)),
    Odd("wild cell in y", with_cells("y", {90: 50_000.0}), (UNSURE,), ("data.far_target",)),
    Odd("wild cells in x and y", wild_in_both, (UNSURE,), ("data.far_values",)),
    Odd("1 row in 1,000 of another scale", another_scale, (STRAIGHT,), ("data.far_values",)),
    Odd("sentinel -999", sentinels, (STRAIGHT, UNSURE), ("data.far_values",)),
    Odd("a column in two units", two_units, (STRAIGHT, PAYS, UNSURE)),
    Odd("a class of 3 rows", rare_class, (STRAIGHT, UNSURE)),
    Odd("99.9 % of one class", one_class, (NOTHING, UNSURE)),
    Odd("a column of weights", weights, (STRAIGHT, UNSURE)),
    Odd("sorted by the target", sorted_by_target, (STRAIGHT, UNSURE)),
    Odd("a group hidden in a number", hidden_group, (STRAIGHT, PAYS, UNSURE), ("verdict.group_hint",)),
    Odd("heavy tails", heavy_columns, (STRAIGHT, UNSURE)),
    Odd("constant but one", constant_but_one, (STRAIGHT, UNSURE)),
    Odd("the table twice", twice, (STRAIGHT, NOTHING, UNSURE), ("verdict.copies",)),
    Odd("a trend", trend, (STRAIGHT, UNSURE), ("data.row_number_trend",)),
    Odd("a trend, with --time", trend, (STRAIGHT, UNSURE), ("verdict.timed",), (("time", "month"),)),
    Odd("one column of 600", few_of_many, (STRAIGHT, UNSURE)),
    Odd("a bend among 400 columns", wide(lambda x: x[:, 0] + 2 * np.abs(x[:, 1])), (PAYS, UNSURE), SCREENED),
    Odd("a product among 400 columns", wide(lambda x: 2 * x[:, 0] * x[:, 1]), (PAYS, UNSURE), SCREENED),
    Odd("400 straight columns", wide(lambda x: x.sum(axis=1) / 10), (STRAIGHT, UNSURE), SCREENED),
    Odd("400 columns that say nothing", wide(lambda x: 0 * x[:, 0]), (NOTHING, UNSURE), SCREENED),
    Odd("hardly any time", starved, (UNSURE,), ("verdict.steps_cut",), (("budget", 0.05),)),
)


def fit(odd: Odd, seed: int = 0) -> Any:
    """The result of the table that a seed makes."""
    import unbend as ub

    arguments = {"budget": BUDGET, "by_clock": False, **dict(odd.arguments)}
    return ub.fit(odd.make(np.random.default_rng(seed)), "y", **arguments)


def faults(odd: Odd, result: Any) -> list[str]:
    """What is wrong with the result."""
    from unbend.report.sentences import explanation

    found = [] if result.verdict in odd.verdicts else [f"verdict {result.verdict}"]
    keys = {note.key for note in result.notes}
    if odd.notes and not keys & set(odd.notes):
        found.append(f"none of {odd.notes}")
    low, high = result.interval
    if not low <= result.gain <= high:
        found.append("the gain lies outside its interval")
    if "neither" in explanation(result) and max(result.linear.score, result.network.score) > 0.25:
        found.append("said to be no better than a constant")
    return found


def main() -> None:
    """Fit all tables and write what was said."""
    write_results(ODD, "Odd tables", "odd_tables", __doc__)


def write_results(odds: Sequence[Odd], title: str, name: str, description: str | None) -> None:
    """Fit tables and write what was said to ``results/NAME.md``."""
    from machine import machine

    from unbend.report.sentences import explanation

    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / f"{name}.md")
    arguments = parser.parse_args()
    head = [
        f"# {title}",
        "",
        machine() + ".",
        "",
        f"`benchmarks/{name}.py`, seed 0, nothing cut by the clock.",
        "",
    ]
    lines = [*head, "| table | verdict | R² or score: straight, network | right | notes |", "|---|---|---|---|---|"]
    sentences = ["", "What was said:", ""]
    for odd in odds:
        if arguments.only not in (None, odd.name):
            continue
        result = fit(odd)
        wrong = "; ".join(faults(odd, result)) or "yes"
        keys = ", ".join(dict.fromkeys(note.key.split(".")[1] for note in result.notes))
        scores = f"{result.linear.score:.3f}, {result.network.score:.3f}"
        lines.append(f"| {odd.name} | {result.verdict.replace('_', ' ')} | {scores} | {wrong} | {keys} |")
        sentences.append(f"- **{odd.name}.** {explanation(result)}")
        print(lines[-1], flush=True)
    if arguments.only is None:
        arguments.out.write_text("\n".join([*lines, *sentences]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
