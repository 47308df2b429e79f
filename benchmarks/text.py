"""Straight models of text beside scikit-learn and fastText: python benchmarks/text.py FOLDER [--only NAME,…]

FOLDER has ``film-reviews-ko.train.csv``, ``.valid.csv``, ``banking77…`` and ``clinc150…`` (columns text and label).
Every model learns from the same rows, in a process of its own; all settings are defaults, the same for all sets. With
``--rounds N`` all models take turns N times and the fastest round counts. ``--peers PYTHON`` names an interpreter that
has ``fasttext`` or ``fasttext-wheel`` installed. ``--sets NAME,…`` chooses among the sets, ``sums`` (do contributions
sum to the output?) and ``stream`` (training on ``--texts`` texts in bounded memory, see ``text_stream.py``); the
sections of others stay as they are in ``results/text.md``.
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


class Seconds:
    """Seconds of the wall's clock and of all processors since it was made, until `stop`."""

    def __init__(self) -> None:
        self.wall, self.cpu = -time.perf_counter(), -time.process_time()

    def stop(self) -> None:
        self.wall += time.perf_counter()
        self.cpu += time.process_time()


# the models: (train, test texts) -> labels, seconds, bytes of the model ---------------------------------------------


def unbend(train: Rows, texts: list[str]) -> dict[str, Any]:
    from unbend.verdict.text import TextModel, fit_text

    fit_text(train[0][:40], list("ab") * 20)  # kernels compiled or loaded
    fitted = Seconds()
    model = fit_text(*train)
    fitted.stop()
    with tempfile.TemporaryDirectory() as folder:
        path = model.save(Path(folder) / "model.safetensors")
        size, model = path.stat().st_size, TextModel.load(path)
    model.predict(texts[:10])
    predicted = Seconds()
    labels = model.predict(texts)
    predicted.stop()
    shares = model.probabilities(texts)
    return {
        "labels": labels.tolist(),
        "train": fitted,
        "predict": predicted,
        "bytes": size,
        "probabilities": shares.tolist() if shares.shape[1] == 2 else None,
        "bytes_cost": (model.held_out.score_cost, model.held_out.bytes_cost),
    }


def scikit_learn(make: Callable[[], Any]) -> Callable[[Rows, list[str]], dict[str, Any]]:
    def run(train: Rows, texts: list[str]) -> dict[str, Any]:
        import pickle

        model = make()
        fitted = Seconds()
        model.fit(*train)
        fitted.stop()
        predicted = Seconds()
        labels = model.predict(texts)
        predicted.stop()
        return {
            "labels": labels.tolist(),
            "train": fitted,
            "predict": predicted,
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


def fasttext_fit(path: Path, *, few: bool) -> Any:
    """fastText's model of a file; of a ``few`` classes with many texts each, or of many with few."""
    import fasttext as library

    return library.train_supervised(
        str(path), minn=1, maxn=4, wordNgrams=2, dim=50 if few else 100, epoch=5 if few else 50, lr=0.5,
        bucket=1_000_000, thread=2, verbose=0,
    )  # fmt: skip


def fasttext(train: Rows, texts: list[str]) -> dict[str, Any]:
    names = {label: f"__label__{i}" for i, label in enumerate(sorted(set(train[1])))}
    back = {name: label for label, name in names.items()}
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "train.txt", Path(folder) / "model.bin"
        lines = [f"{names[y]} {' '.join(text.split())}" for text, y in zip(*train, strict=True)]
        path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
        fitted = Seconds()
        model = fasttext_fit(path, few=len(names) == 2)
        fitted.stop()
        model.save_model(str(out))
        size = out.stat().st_size
        clean = [" ".join(text.split()) for text in texts]
        predicted = Seconds()
        try:
            labels = [back[found[0]] if found else "" for found in model.predict(clean)[0]]
        except ValueError:  # NumPy 2: its list call fails, the one below it does not
            labels = [back[model.f.predict(line + "\n", 1, 0.0, "strict")[0][1]] for line in clean]
        predicted.stop()
    return {"labels": labels, "train": fitted, "predict": predicted, "bytes": size}


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
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    for name in ("train", "predict"):
        found[name], found[f"{name}_cpu"] = found[name].wall, found[name].cpu
    found["words"] = sum(len(text.split()) for text in train[0]) / found["train_cpu"]
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


def sums(folder: Path) -> list[str]:
    """How far contributions are from summing to the output, on 10,000 rows."""
    from unbend.verdict.text import fit_text

    train, test = (read(folder / f"film-reviews-ko.{part}.csv") for part in ("train", "valid"))
    model = fit_text(train[0][:20_000], train[1][:20_000])
    texts = test[0][:10_000]
    outputs = model.output(texts)
    farthest = 0.0
    for text, output in zip(texts, outputs, strict=True):
        told = model.explain(text)
        for parts in (told.contributions, told.ngram_contributions):
            farthest = max(farthest, float(abs(parts.sum(axis=0) + told.intercepts - output).max()))
    return [
        f"A model of 20,000 Korean film reviews; on {len(texts):,} others the contributions of words, and of n-grams,",
        f"and the intercept sum to the output with an error of at most {farthest:.1e}; the largest output is "
        f"{abs(outputs).max():.1f}.",
    ]


def stream(chosen: argparse.Namespace) -> list[str]:
    """Training on a stream of texts, for each of the numbers of them."""
    lines = [
        "Texts recombined from the training file, written to a file by another process before (`text_stream.py`);",
        "accuracy on the validation file. Memory is the peak of the whole process, libraries included; temporary files",
        "of n-grams lie on the disk.",
        "",
        "| model | texts | training: CPU s (wall s) | texts per CPU s | accuracy | peak memory MB |",
        "|---|---|---|---|---|---|",
    ]
    models = [("unbend, `fit_text_stream`", sys.executable, [])]
    if chosen.peers != sys.executable:
        models.append(("fastText", chosen.peers, ["--fasttext"]))
    for count in map(int, chosen.texts.split(",")):
        with tempfile.TemporaryDirectory() as place:
            command = [str(HERE / "text_stream.py"), str(chosen.folder), place]
            subprocess.run([sys.executable, *command, "--write", str(count)], check=True)
            for title, python, extra in models:
                done = subprocess.run([python, *command, *extra], capture_output=True, text=True)
                got = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None
                lines.append(
                    f"| {title} | {count:,} | did not run: {done.stderr.strip().splitlines()[-1][:100]} | | | |"
                    if got is None
                    else f"| {title} | {count:,} | {got['cpu']:.0f} ({got['wall']:.0f}) | {count / got['cpu']:,.0f} | "
                    f"{got['accuracy']:.4f} | {got['memory']:.0f} |"
                )
    return lines


def main() -> None:
    """Run what is chosen, print it and put it into the file of results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default=",".join(MODELS))
    parser.add_argument("--sets", default=",".join(SECTIONS))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--texts", default="300000,1000000,10000000")
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--job", nargs=2)
    chosen = parser.parse_args()
    if chosen.job:
        job(chosen.folder, *chosen.job)
        return
    from machine import machine

    old = RESULTS.read_text(encoding="utf-8").split("\n## ")[1:] if RESULTS.exists() else []
    sections = {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in old}
    for name in chosen.sets.split(","):
        where = f"{machine(('numpy', 'scipy', 'numba', 'scikit-learn'))}; load average before {os.getloadavg()[0]:.1f}."
        match name:
            case "sums":
                lines = sums(chosen.folder)
            case "stream":
                lines = stream(chosen)
            case _:
                lines = table(chosen, name)
        sections[SECTIONS[name]] = "\n".join([where, "", *lines])
        print(sections[SECTIONS[name]], flush=True)
        ordered = [f"## {title}\n\n{sections[title]}" for title in SECTIONS.values() if title in sections]
        RESULTS.write_text("\n\n".join([INTRODUCTION, *ordered]) + "\n", encoding="utf-8")


SECTIONS = {name: title for name, (_, title) in SETS.items()} | {
    "sums": "Contributions sum to the output",
    "stream": "Streams",
}
INTRODUCTION = """# Straight models of text

Made by `python benchmarks/text.py`. The same rows and the same settings for all sets; each model in a process of its
own, the models in turn, the fastest round of each. unbend's penalty is chosen on held-out rows of the training file.
CPU seconds are those of all processors and change less than the wall's clock when others use the machine, as they did
here; words/s are words of the training texts per CPU second of training. Memory is the peak of the whole process, rows
included; a model's size is that of its file (scikit-learn: pickled)."""
HEAD = (
    "| model | accuracy | training: CPU s (wall s) | predictions: CPU s (wall s) | model MB | peak memory MB | "
    "words/s | more |"
)
RULE = "|---|---|---|---|---|---|---|---|"


def table(chosen: argparse.Namespace, name: str) -> list[str]:
    """The models on one set, in turn."""
    models = chosen.only.split(",")
    runs = [{model: run(chosen, name, model) for model in models} for _ in range(chosen.rounds)]
    return [HEAD, RULE, *(row(model, [found[model] for found in runs]) for model in models)]


def run(chosen: argparse.Namespace, name: str, model: str) -> dict[str, Any] | str:
    """What one model's process said, or why it failed."""
    python = chosen.peers if model == "fasttext" else sys.executable
    done = subprocess.run([python, __file__, str(chosen.folder), "--job", name, model], capture_output=True, text=True)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["?"])[-1]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def row(model: str, runs: list[dict[str, Any] | str]) -> str:
    """One line of the table."""
    good = [found for found in runs if not isinstance(found, str)]
    if not good:
        return f"| {MODELS[model][0]} | did not run: {str(runs[0])[:100]} | | | | | | |"
    got = min(good, key=lambda found: found["train_cpu"])
    more = [f"calibration error {got['calibration_error']:.4f}"] if "calibration_error" in got else []
    if "bytes_cost" in got:
        points, loss = got["bytes_cost"]
        more.append(f"one byte a weight costs {100 * points:+.3f} points, log loss {loss:+.5f} (held-out rows)")
    return (
        f"| {MODELS[model][0]} | {got['accuracy']:.4f} | {got['train_cpu']:.1f} ({got['train']:.1f}) | "
        f"{got['predict_cpu']:.2f} ({got['predict']:.2f}) for {got['predicted']:,} | {got['bytes'] / 1e6:.1f} | "
        f"{got['memory']:.0f} | {got['words']:,.0f} | {', '.join(more)} |"
    )


if __name__ == "__main__":
    main()
