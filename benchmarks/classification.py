"""Log loss, accuracy and Brier score on three of scikit-learn's sets, beside three of its classifiers.

    python benchmarks/classification.py [--splits 20] [--out benchmarks/results/classification.md]

Each split holds out a tenth of the rows, every class alike. unbend's two models are fitted as `unbend fit` does its
last step, on the training rows alone. The peers have their defaults; MLPClassifier and LogisticRegression get
standardised columns. The Brier score is the mean over rows of the squared distance between the probabilities and the
class that came (0 … 2).
"""

from __future__ import annotations

import argparse
import time
import warnings
from pathlib import Path

import numpy as np
from machine import machine
from sklearn import datasets
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from unbend.verdict.linear_model import fit_linear
from unbend.verdict.network_model import fit_network
from unbend.verdict.scores import brier, probabilities

SETS = {"breast cancer": datasets.load_breast_cancer, "wine": datasets.load_wine, "digits": datasets.load_digits}
MODELS = ("straight", "network", "MLPClassifier", "HistGradientBoosting", "LogisticRegression")


def main() -> None:
    """Run all sets and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "classification.md")
    arguments = parser.parse_args()
    lines = [
        "# Classes: held-out log loss, accuracy and Brier score",
        "",
        f"{machine(('numpy', 'scipy', 'numba', 'scikit-learn'))}; means over {arguments.splits} splits, a tenth of the",
        "rows held out. scikit-learn's three with their defaults, MLPClassifier and LogisticRegression on standardised",
        "columns.",
        "",
        "| set | rows | model | log loss | ± s.e. | accuracy | Brier | seconds, all splits |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, load in SETS.items():
        for line in one_set(name, load(), arguments.splits):
            lines.append(line)
            print(line, flush=True)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def one_set(name, data, splits):  # type: ignore[no-untyped-def]
    """The table's lines for one set."""
    x, y = data.data, data.target.astype(np.int64)
    scores, seconds = [], np.zeros(len(MODELS))
    parts = StratifiedShuffleSplit(splits, test_size=0.1, random_state=0).split(x, y)
    for seed, (train, test) in enumerate(parts):
        here = []
        for k, model in enumerate(models(x[train], y[train], x[test], int(y.max()) + 1, seed)):
            began = time.perf_counter()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                p = model()
            seconds[k] += time.perf_counter() - began
            right = np.clip(p[np.arange(len(test)), y[test]], 1e-15, 1)
            here.append((-np.log(right).mean(), np.mean(p.argmax(axis=1) == y[test]), brier(p, y[test])))
        scores.append(here)
    mean, error = np.mean(scores, axis=0), np.std(scores, axis=0, ddof=1) / np.sqrt(splits)
    return [
        f"| {name} | {len(y):,} | {model} | {mean[k, 0]:.4f} | {error[k, 0]:.4f} | {mean[k, 1]:.4f} | {mean[k, 2]:.4f} "
        f"| {seconds[k]:.1f} |"
        for k, model in enumerate(MODELS)
    ]


def models(x, y, x_test, classes, seed):  # type: ignore[no-untyped-def]
    """Functions that learn from x, y and give the test rows' probabilities, in the order of ``MODELS``."""
    kept = x.min(axis=0) < x.max(axis=0)  # as the encoder leaves out columns that do not vary
    x, x_test = x[:, kept], x_test[:, kept]

    def linear():  # type: ignore[no-untyped-def]
        return fit_linear(x, y, classes, seed)

    def network():  # type: ignore[no-untyped-def]
        model, _ = linear()
        return fit_network(x, y, classes, model, seed).network

    yield lambda: probabilities(linear()[0](x_test))
    yield lambda: probabilities(network()(x_test))
    for peer in (
        make_pipeline(StandardScaler(), MLPClassifier(random_state=seed)),
        HistGradientBoostingClassifier(random_state=seed),
        make_pipeline(StandardScaler(), LogisticRegression()),
    ):
        yield lambda peer=peer: peer.fit(x, y).predict_proba(x_test)


if __name__ == "__main__":
    main()
