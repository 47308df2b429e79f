"""Coverage of the prediction intervals on new rows, beside the nominal coverage.

    python benchmarks/intervals.py [FOLDER] [--budget 20] [--out benchmarks/results/intervals.md]

Every set is cut into four parts; each part is predicted by `unbend.fit` on the other three, with the model the verdict
chose. Made sets are seeded; FOLDER may hold the UCI sets of `uci.py` (those up to 2,000 rows are taken).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from machine import machine
from sklearn import datasets
from sklearn.model_selection import KFold

import unbend as ub
from unbend.data import pose_problem

LEVELS = (0.8, 0.9, 0.95)


def main() -> None:
    """Run all sets and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--budget", type=float, default=20)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "intervals.md")
    arguments = parser.parse_args()
    lines = [
        "# Prediction intervals: coverage of rows never seen",
        "",
        f"{machine(('numpy', 'scipy', 'numba'))}; every row predicted once, by a fit on three quarters of the others",
        f"(budget {arguments.budget:g} s). In brackets the mean width, in standard deviations of the target. The last",
        "column says how many of the four fits gave rows intervals of different widths.",
        "",
        "| set | rows | model kept | 80 % | 90 % | 95 % | widths differ |",
        "|---|---|---|---|---|---|---|",
    ]
    held = []
    for name, (x, y) in {**made(), **(folder(arguments.folder) if arguments.folder else {})}.items():
        line, inside = one_set(name, x, y, arguments.budget)
        held.append(inside)
        lines.append(line)
        print(line, flush=True)
    off = np.abs(np.mean(held, axis=0) - LEVELS).max()
    lines += ["", f"Mean over the sets: {', '.join(f'{100 * h:.1f} %' for h in np.mean(held, axis=0))}; "
                  f"at most {100 * off:.1f} points off."]  # fmt: skip
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def one_set(name, x, y, budget):  # type: ignore[no-untyped-def]
    """One row of the table, and the shares inside."""
    inside, width = np.zeros((len(LEVELS), len(y))), np.zeros((len(LEVELS), len(y)))
    kept, differ = [], 0
    for seed, (train, test) in enumerate(KFold(4, shuffle=True, random_state=0).split(x)):

        def table(rows):  # type: ignore[no-untyped-def]
            return {**{f"x{k}": x[rows, k] for k in range(x.shape[1])}, "target": y[rows]}

        result = ub.fit(table(train), target="target", task="regression", budget=budget, seed=seed)
        kept.append(result.chosen)
        differ += result.model.intervals.scale is not None
        for i, level in enumerate(LEVELS):
            low, high = result.predict_interval(table(test), level).T
            inside[i, test] = (low <= y[test]) & (y[test] <= high)
            width[i, test] = high - low
    shares, widths = inside.mean(axis=1), width.mean(axis=1) / y.std()
    cells = " | ".join(f"{100 * s:.1f} % ({w:.2f})" for s, w in zip(shares, widths, strict=True))
    models = ", ".join(f"{kept.count(m)} {m}" for m in dict.fromkeys(kept))
    return f"| {name} | {len(y):,} | {models} | {cells} | {differ} of 4 |", shares


def made():  # type: ignore[no-untyped-def]
    """Seeded sets: straight, bent, heavy-tailed, skewed, and with errors that differ from row to row."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(800, 5))
    line = x @ [2.0, -1.0, 0.5, 0.0, 0.0]
    return {
        "diabetes": datasets.load_diabetes(return_X_y=True),
        "Friedman 1, noise 1": datasets.make_friedman1(800, noise=1.0, random_state=0),
        "straight, t errors of 3 degrees": (x, line + rng.standard_t(3, 800)),
        "straight, exponential errors": (x, line + rng.exponential(1.0, 800)),
        "straight, errors grow with a column": (x, line + np.exp(0.7 * x[:, 0]) * rng.normal(size=800)),
        "sine, errors grow with a column": (x, 3 * np.sin(2 * x[:, 1]) + np.exp(0.7 * x[:, 0]) * rng.normal(size=800)),
    }


def folder(place):  # type: ignore[no-untyped-def]
    """The UCI sets that are not large."""
    found = {}
    for described in sorted(place.glob("*.splits.json")):
        name = described.name.removesuffix(".splits.json")
        problem = pose_problem(place / f"{name}.csv", json.loads(described.read_text())["target"], "regression")
        if problem.rows <= 2000:
            columns = [problem.table[c.name].to_numpy().astype(np.float64) for c in problem.inputs]
            found[name] = (np.column_stack(columns), problem.y)
    return found


if __name__ == "__main__":
    main()
