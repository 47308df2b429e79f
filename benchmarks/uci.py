"""Test RMSE of both models on the published splits of UCI sets, beside a published network's.

    python benchmarks/uci.py FOLDER [--splits 20] [--out benchmarks/results/uci.md]

FOLDER holds NAME.csv and NAME.splits.json ({"target", "test_rows": [[row, …], …], "published_rmse"}). Each split fits
both models as `unbend fit` does its last step, on the training rows alone, and predicts the test rows, from CSV and
from Parquet; the two must agree to the last bit.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
from machine import machine

from unbend.data import Encoder, pose, read_table
from unbend.verdict.bent import fit_bent
from unbend.verdict.straight import fit_straight


def main() -> None:
    """Run all sets in the folder and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "uci.md")
    arguments = parser.parse_args()
    lines = [
        "# UCI sets: mean test RMSE over the published splits",
        "",
        f"{machine()}; {arguments.splits} splits; one default recipe, no setting chosen on test rows.",
        "Published: a one-hidden-layer network with dropout, tuned by grid search for each split (Gal & Ghahramani",
        "2016).",
        "",
        "| set | rows | straight | network | ± s.e. | published network | CSV = Parquet | s a split |",
        "|---|---|---|---|---|---|---|---|",
    ]
    total = time.perf_counter()
    for described in sorted(arguments.folder.glob("*.splits.json")):
        lines.append(one_set(described, arguments.splits))
        print(lines[-1], flush=True)
    lines += ["", f"All sets together: {time.perf_counter() - total:.0f} s."]
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def one_set(described: Path, splits: int) -> str:
    """One row of the table."""
    told = json.loads(described.read_text())
    csv = described.with_name(described.name.replace(".splits.json", ".csv"))
    problem = pose(csv, told["target"], "regression")
    with tempfile.TemporaryDirectory() as folder:
        from pyarrow import parquet

        parquet.write_table(read_table(csv), Path(folder) / "same.parquet")
        other = pose(Path(folder) / "same.parquet", told["target"], "regression")
    errors, same, began = [], True, time.perf_counter()
    for seed, test in enumerate(told["test_rows"][:splits]):
        rows = np.asarray(test)
        predicted = predict(problem, rows, seed)
        errors.append([np.sqrt(np.mean((p - problem.y[rows]) ** 2)) for p in predicted])
        if seed == 0:
            same = all(np.array_equal(a, b) for a, b in zip(predicted, predict(other, rows, seed), strict=True))
    seconds = (time.perf_counter() - began) / (len(errors) + 1)
    straight, network = np.mean(errors, axis=0)
    spread = np.std([e[1] for e in errors], ddof=1) / np.sqrt(len(errors))
    return (
        f"| {csv.stem} | {problem.rows:,} | {straight:.3f} | {network:.3f} | {spread:.3f} | {told['published_rmse']} "
        f"| {'yes' if same else 'NO'} | {seconds:.2f} |"
    )


def predict(problem, test, seed):  # type: ignore[no-untyped-def]
    """Both models' predictions of the test rows, learned from all other rows."""
    train = np.setdiff1d(np.arange(problem.rows), test)
    encoder = Encoder.fit(problem, rows=train)
    x, y, x_test = encoder.transform(problem, train), problem.y[train], encoder.transform(problem, test)
    straight, _ = fit_straight(x, y, 0, seed)
    return straight(x_test)[:, 0], fit_bent(x, y, 0, straight, seed).network(x_test)[:, 0]


if __name__ == "__main__":
    main()
