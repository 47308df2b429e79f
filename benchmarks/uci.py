"""Test RMSE of both models on the published splits of UCI sets, beside a published network's and scikit-learn's.

    python benchmarks/uci.py FOLDER [--splits 20] [--out benchmarks/results/uci.md]

FOLDER holds NAME.csv and NAME.splits.json ({"target", "test_rows": [[row, …], …], "published_rmse"}). Each split fits
both models as `unbend fit` does its last step, on the training rows alone, and predicts the test rows, from CSV and
from Parquet; the two must agree to the last bit. The peers have their defaults; MLPRegressor gets
standardised columns and target.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
from machine import machine
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from unbend.data import Encoder, pose_problem, read_table
from unbend.verdict.linear_model import fit_linear
from unbend.verdict.network_model import fit_network

MODELS = ("straight", "network", "MLPRegressor", "HistGradientBoosting")
HEAD = f"| set | rows | {' | '.join(MODELS)} | network ± s.e. | published network | CSV = Parquet |"


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
        f"{machine(('numpy', 'scipy', 'numba', 'scikit-learn'))}; {arguments.splits} splits; one default recipe,",
        "the same for every set and split; these sets were in sight while the recipe was made.",
        "Published: a one-hidden-layer network with dropout, tuned by grid search",
        "for each split (Gal & Ghahramani 2016). scikit-learn's two with their defaults, in the same run;",
        "MLPRegressor on standardised columns and target.",
        "",
        HEAD,
        "|" + "---|" * (HEAD.count("|") - 1),
    ]
    seconds = []
    for described in sorted(arguments.folder.glob("*.splits.json")):
        line, spent = one_set(described, arguments.splits)
        lines.append(line)
        seconds.append((described.name.split(".")[0], spent))
        print(lines[-1], np.round(spent, 2), flush=True)
    total = np.sum([spent for _, spent in seconds], axis=0)
    lines += [
        "",
        f"Seconds of training and prediction, {arguments.splits} splits together:",
        "",
        f"| set | {' | '.join(MODELS)} |",
        "|" + "---|" * (len(MODELS) + 1),
    ]
    lines += [f"| {name} | {' | '.join(f'{s:.1f}' for s in spent)} |" for name, spent in [*seconds, ("all", total)]]
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def one_set(described, splits):  # type: ignore[no-untyped-def]
    """One row of the table, and each model's seconds for all splits."""
    told = json.loads(described.read_text())
    csv = described.with_name(described.name.replace(".splits.json", ".csv"))
    problem = pose_problem(csv, told["target"], "regression")
    with tempfile.TemporaryDirectory() as folder:
        from pyarrow import parquet

        parquet.write_table(read_table(csv), Path(folder) / "same.parquet")
        other = pose_problem(Path(folder) / "same.parquet", told["target"], "regression")
    errors, seconds, same = [], np.zeros(len(MODELS)), True
    for seed, test in enumerate(told["test_rows"][:splits]):
        rows = np.asarray(test)
        predicted, spent = predict(problem, rows, seed)
        seconds += spent
        errors.append([np.sqrt(np.mean((p - problem.y[rows]) ** 2)) for p in predicted])
        if seed == 0:
            again, _ = predict(other, rows, seed)
            same = all(np.array_equal(a, b) for a, b in zip(predicted[:2], again[:2], strict=True))
    means = " | ".join(f"{e:.4g}" for e in np.mean(errors, axis=0))
    spread = np.std([e[1] for e in errors], ddof=1) / np.sqrt(len(errors)) if len(errors) > 1 else np.nan
    line = (
        f"| {csv.name.removesuffix('.csv')} | {problem.rows:,} | {means} | {spread:.2g} "
        f"| {told['published_rmse']:.4g} | {'yes' if same else 'NO'} |"
    )
    return line, seconds


def predict(problem, test, seed):  # type: ignore[no-untyped-def]
    """All models' predictions of the test rows, learned from all other rows, and the seconds that took."""
    train = np.setdiff1d(np.arange(problem.rows), test)
    encoder = Encoder.fit(problem, rows=train)
    x, y, x_test = encoder.transform(problem, train), problem.y[train], encoder.transform(problem, test)

    def linear():  # type: ignore[no-untyped-def]
        return fit_linear(x, y, 0, seed)[0]

    models = [
        lambda: linear()(x_test)[:, 0],
        lambda: fit_network(x, y, 0, linear(), seed).network(x_test)[:, 0],
        lambda: _standardised(MLPRegressor(random_state=seed)).fit(x, y).predict(x_test),
        lambda: HistGradientBoostingRegressor(random_state=seed).fit(x, y).predict(x_test),
    ]
    predicted, seconds = [], []
    for model in models:
        began = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # MLPRegressor's default ends before it has converged
            predicted.append(model())
        seconds.append(time.perf_counter() - began)
    return predicted, np.array(seconds)


def _standardised(model):  # type: ignore[no-untyped-def]
    return TransformedTargetRegressor(make_pipeline(StandardScaler(), model), transformer=StandardScaler())


if __name__ == "__main__":
    main()
