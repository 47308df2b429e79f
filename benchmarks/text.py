"""Straight models of text beside scikit-learn and fastText: python benchmarks/text.py FOLDER [--only NAME,…]

FOLDER has ``film-reviews-ko.train.csv``, ``.valid.csv``, ``banking77…`` and ``clinc150…`` (columns text and label).
Every model learns from the same rows, in a process of its own, one after the other; all settings are defaults, the same
for all sets. ``--peers PYTHON`` names an interpreter that has ``fasttext`` or ``fasttext-wheel`` installed. Results:
``results/text.md``.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "text.md"
SETS = {
    "film-reviews-ko": ("valid", "Korean film reviews"),
    "clinc150": ("test", "CLINC150, 150 intents"),
    "banking77": ("test", "Banking77, 77 intents"),
}
Rows = tuple[list[str], list[str]]


def read(path: Path) -> Rows:
    """(texts, labels) of a CSV file with a header."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [row[0] for row in rows], [row[1] for row in rows]


# the models: (train, test texts) -> labels, seconds, bytes of the model ---------------------------------------------


def unbend(train: Rows, texts: list[str]) -> dict[str, Any]:
    from unbend.verdict.text import TextModel, fit_text

    fit_text(train[0][:40], list("ab") * 20)  # kernels compiled or loaded
    began = time.perf_counter()
    model = fit_text(*train)
    fitted = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = model.save(Path(folder) / "model.safetensors")
        size, model = path.stat().st_size, TextModel.load(path)
    model.predict(texts[:10])
    loaded = time.perf_counter()
    labels = model.predict(texts)
    done = time.perf_counter()
    shares = model.probabilities(texts)
    return {
        "labels": labels.tolist(),
        "train": fitted - began,
        "predict": done - loaded,
        "bytes": size,
        "probabilities": shares.tolist() if shares.shape[1] == 2 else None,
        "bytes_cost": model.held_out.bytes_cost,
    }


def scikit_learn(make: Callable[[], Any]) -> Callable[[Rows, list[str]], dict[str, Any]]:
    def run(train: Rows, texts: list[str]) -> dict[str, Any]:
        import pickle

        model = make()
        began = time.perf_counter()
        model.fit(*train)
        fitted = time.perf_counter()
        labels = model.predict(texts)
        done = time.perf_counter()
        return {
            "labels": labels.tolist(),
            "train": fitted - began,
            "predict": done - fitted,
            "bytes": len(pickle.dumps(model)),
        }

    return run


def logistic() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True)
    return make_pipeline(vectors, LogisticRegression(C=4, max_iter=300))


def svc() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    return make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True), LinearSVC(C=0.5)
    )


def fasttext(train: Rows, texts: list[str]) -> dict[str, Any]:
    import fasttext as library

    names = {label: f"__label__{i}" for i, label in enumerate(sorted(set(train[1])))}
    back = {name: label for label, name in names.items()}
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "train.txt", Path(folder) / "model.bin"
        lines = [f"{names[y]} {' '.join(text.split())}" for text, y in zip(*train, strict=True)]
        path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
        few = len(names) > 2
        began = time.perf_counter()
        model = library.train_supervised(
            str(path), minn=1, maxn=4, wordNgrams=2, dim=100 if few else 50, epoch=50 if few else 5, lr=0.5,
            bucket=1_000_000, thread=2, verbose=0,
        )  # fmt: skip
        fitted = time.perf_counter()
        model.save_model(str(out))
        size = out.stat().st_size
        clean = [" ".join(text.split()) for text in texts]
        ready = time.perf_counter()
        try:
            labels = [back[found[0]] if found else "" for found in model.predict(clean)[0]]
        except ValueError:  # NumPy 2: its list call fails, the one below it does not
            labels = [back[model.f.predict(line + "\n", 1, 0.0, "strict")[0][1]] for line in clean]
        done = time.perf_counter()
    return {"labels": labels, "train": fitted - began, "predict": done - ready, "bytes": size}


MODELS: dict[str, tuple[str, Callable[[Rows, list[str]], dict[str, Any]]]] = {
    "unbend": ("unbend, defaults", unbend),
    "logistic": ("TF-IDF of 1 to 4 characters, LogisticRegression(C=4)", scikit_learn(logistic)),
    "svc": ("TF-IDF of 1 to 4 characters, LinearSVC(C=0.5)", scikit_learn(svc)),
    "fasttext": ("fastText, words, pairs of words, 1 to 4 characters", fasttext),
}


def job(folder: Path, name: str, model: str) -> None:
    """One model on one set, as one line of JSON on stdout."""
    train, test = read(folder / f"{name}.train.csv"), read(folder / f"{name}.{SETS[name][0]}.csv")
    texts = test[0] * 2 if name == "film-reviews-ko" else test[0]  # 50,000 predictions
    found = MODELS[model][1](train, texts)
    labels = found.pop("labels")[: len(test[1])]
    shares = found.pop("probabilities", None)
    found["accuracy"] = sum(a == b for a, b in zip(labels, test[1], strict=True)) / len(labels)
    if shares is not None:
        found["calibration_error"] = calibration_error([row[1] for row in shares], [y == max(test[1]) for y in test[1]])
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    found["words"] = sum(len(text.split()) for text in train[0]) / found["train"]
    found["predicted"] = len(texts)
    print(json.dumps(found))


def calibration_error(shares: Sequence[float], true: Sequence[bool], bins: int = 10) -> float:
    """The expected calibration error (Guo et al. 2017), in bins of equal width; of repeated texts the first half."""
    sums = [[0.0, 0.0] for _ in range(bins)]
    for share, hit in zip(shares, true, strict=False):
        at = sums[min(int(share * bins), bins - 1)]
        at[0] += share
        at[1] += hit
    return sum(abs(a - b) for a, b in sums) / len(true)


def main() -> None:
    """Run all jobs, print the table and save it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default=",".join(MODELS))
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--job", nargs=2)
    chosen = parser.parse_args()
    if chosen.job:
        job(chosen.folder, *chosen.job)
        return
    from machine import machine

    lines = [
        "# Straight models of text",
        "",
        "Made by `python benchmarks/text.py`. The same rows and the same settings for all sets; each in a process",
        "of its own, one after the other. unbend's penalty is chosen on held-out rows of the training file. Memory is",
        "the peak of the whole process, rows included; a model's size is that of its file (scikit-learn: pickled).",
        "",
        f"{machine(('numpy', 'scipy', 'numba', 'scikit-learn'))}; load average before the runs "
        f"{os.getloadavg()[0]:.1f}.",
    ]
    for name in chosen.sets.split(","):
        lines += ["", f"## {SETS[name][1]}", "", HEAD, RULE]
        for model in chosen.only.split(","):
            lines.append(row(chosen, name, model))
            print(lines[-1], flush=True)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


HEAD = "| model | accuracy | training s | predictions s | model MB | peak memory MB | words/s | more |"
RULE = "|---|---|---|---|---|---|---|---|"


def row(chosen: argparse.Namespace, name: str, model: str) -> str:
    """One line of the table."""
    python = chosen.peers if model == "fasttext" else sys.executable
    command = [python, __file__, str(chosen.folder), "--job", name, model]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        return f"| {MODELS[model][0]} | did not run: {reason[:100]} | | | | | | |"
    got = json.loads(done.stdout.splitlines()[-1])
    more = [f"calibration error {got['calibration_error']:.4f}"] if "calibration_error" in got else []
    more += [f"log loss of one byte a weight {got['bytes_cost']:+.5f}"] if "bytes_cost" in got else []
    return (
        f"| {MODELS[model][0]} | {got['accuracy']:.4f} | {got['train']:.1f} | {got['predict']:.2f} for "
        f"{got['predicted']:,} | {got['bytes'] / 1e6:.1f} | {got['memory'] * 1.048576:.0f} | {got['words']:,.0f} | "
        f"{', '.join(more)} |"
    )


if __name__ == "__main__":
    main()
