"""fastText's models collapsed, beside fastText itself, on 50,000 Korean film reviews.

    python benchmarks/fasttext_logits.py make FOLDER TRAIN.csv VALID.csv     # with fasttext-wheel 0.9.2 and numpy<2
    python benchmarks/fasttext_logits.py compare FOLDER                      # with unbend

``make`` trains small models and writes what fastText computes: hidden vectors of the texts (float32) and probabilities.
``compare`` reads the models, collapses them, and prints the table of benchmarks/results/fasttext.md: the largest
difference of a logit from fastText's (output matrix times hidden vector), and from the same sums in float64.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

COUNT = 50_000
COMMON = {"thread": 1, "verbose": 0, "dim": 16, "epoch": 5}
MODELS: dict[str, dict[str, Any]] = {
    "softmax, words 1-2": {"wordNgrams": 2, "bucket": 100_000},
    "softmax, characters 1-4": {"minn": 1, "maxn": 4, "bucket": 100_000},
    "one against the rest, both": {"minn": 2, "maxn": 4, "wordNgrams": 2, "bucket": 100_000, "loss": "ova"},
    "tree": {"wordNgrams": 2, "bucket": 100_000, "loss": "hs"},
    "softmax, both, quantised and pruned": {"minn": 2, "maxn": 4, "wordNgrams": 2, "bucket": 100_000},
}


def texts_of(path: str) -> list[tuple[str, str]]:
    """(text, label) of each row."""
    with open(path, encoding="utf-8", newline="") as file:
        return [(row["review"].replace("\n", " "), row["positive"]) for row in csv.DictReader(file)]


def make(folder: Path, train: str, valid: str) -> None:
    import fasttext

    folder.mkdir(exist_ok=True, parents=True)
    rows = texts_of(train)
    corpus = folder / "corpus.txt"
    corpus.write_text("".join(f"__label__{label} {text}\n" for text, label in rows), encoding="utf-8")
    texts = [text for text, _ in texts_of(valid) + rows][:COUNT]
    (folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    for i, (name, options) in enumerate(MODELS.items()):
        model = fasttext.train_supervised(str(corpus), **COMMON, **options)
        quantised = "quantised" in name
        if quantised:
            model.quantize(str(corpus), cutoff=20_000, qnorm=True, thread=1, verbose=0)
        model.save_model(str(folder / f"{i}.{'ftz' if quantised else 'bin'}"))
        start = time.perf_counter()
        hidden = np.array([model.get_sentence_vector(text) for text in texts])
        seconds = time.perf_counter() - start
        np.savez(folder / f"{i}.npz", hidden=hidden, seconds=seconds)
        print(name, f"{seconds:.1f} s", flush=True)


def compare(folder: Path) -> None:
    from unbend.text.fasttext import collapse_fasttext, read_fasttext

    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    print("| model | file, MB | n-grams | largest logit | from fastText (float32 sums) | relative to the largest | "
          "same sums in float64 | collapse, s | 50,000 texts, s | fastText's vectors of them, s |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|")
    for i, name in enumerate(MODELS):
        path = next(folder / f"{i}.{ending}" for ending in ("bin", "ftz") if (folder / f"{i}.{ending}").exists())
        said = np.load(folder / f"{i}.npz")
        start = time.perf_counter()
        model = read_fasttext(path)
        table = collapse_fasttext(model)
        collapsed = time.perf_counter() - start
        start = time.perf_counter()
        logits = table.logits(texts)
        seconds = time.perf_counter() - start
        W = model.output.rows(np.arange(table.weights.shape[1]))
        theirs = said["hidden"].astype(np.float64) @ W.T
        off = np.abs(logits - theirs)
        exact = max(float(np.abs(averages(model, texts[at : at + 2000]) @ W.T - logits[at : at + 2000]).max())
                    for at in range(0, len(texts), 2000))  # fmt: skip
        largest = float(np.abs(logits).max())
        size, rows = path.stat().st_size / 1e6, table.weights.shape[0]
        print(f"| {name} | {size:.1f} | {rows:,} | {largest:.1f} | {off.max():.1e} | "
              f"{off.max() / max(largest, 1):.1e} | {exact:.1e} | {collapsed:.1f} | {seconds:.1f} | "
              f"{float(said['seconds']):.1f} |", flush=True)  # fmt: skip


def averages(model: Any, texts: list[str]) -> np.ndarray[Any, Any]:
    """Hidden vectors in float64, in the other order: first the average, then the layer."""
    found = model.vocabulary.rows(texts)
    sums = np.zeros((len(texts), model.dimension))
    np.add.at(sums, found.text, model.input.rows(found.row))
    return sums / np.bincount(found.text, minlength=len(texts))[:, None]


if __name__ == "__main__":
    command, place, *files = sys.argv[1:]
    make(Path(place), *files) if command == "make" else compare(Path(place))
