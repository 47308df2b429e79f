"""Training on a stream of texts in bounded memory: python benchmarks/text_stream.py FOLDER COUNT [--fasttext]

Texts are made of the film reviews in FOLDER: the beginning of one and the end of another of the same label, each cut at
a random word, and now and then a word is left out, so that few are equal. They are made while they are read. With
``--fasttext`` fastText learns from the same texts, which are written to a file first. Prints one line of JSON;
``benchmarks/text.py --sets stream`` makes the table.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from text import Seconds, fasttext_fit, read

BATCH = 20_000


def made(folder: Path, count: int, seed: int = 0) -> Iterator[tuple[list[str], list[str]]]:
    """Batches of so many texts in all, and labels, balanced."""
    texts, labels = read(folder / "film-reviews-ko.train.csv")
    words = [text.split() or [""] for text in texts]
    of = {label: np.flatnonzero(np.array(labels) == label) for label in sorted(set(labels))}
    rng = np.random.default_rng(seed)
    for at in range(0, count, BATCH):
        size = min(BATCH, count - at)
        names = rng.choice(list(of), size)
        first, second = (rng.random(size) for _ in range(2))
        cuts, dropped = rng.random((size, 2)), rng.random((size, 2))
        batch = []
        for k, name in enumerate(names):
            own = of[name]
            a, b = words[own[int(first[k] * len(own))]], words[own[int(second[k] * len(own))]]
            joined = a[: 1 + int(cuts[k, 0] * len(a))] + b[int(cuts[k, 1] * len(b)) :]
            if dropped[k, 0] < 0.3 and len(joined) > 1:
                del joined[int(dropped[k, 1] * len(joined))]
            batch.append(" ".join(joined))
        yield batch, names.tolist()


def unbend(folder: Path, count: int, texts: list[str]) -> tuple[list[str], Seconds]:
    """(labels of the texts, seconds of training, in which the texts are made)."""
    from unbend.verdict.text import fit_text, fit_text_stream

    fit_text(["a b", "c d", "a e", "c f"] * 10, list("abab") * 10)  # kernels compiled or loaded
    seconds = Seconds()
    model = fit_text_stream(made(folder, count))
    seconds.stop()
    return model.predict(texts).tolist(), seconds


def fasttext(folder: Path, count: int, texts: list[str]) -> tuple[list[str], Seconds]:
    """As `unbend`; writing the file does not count."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "train.txt"
        with open(path, "w", encoding="utf-8", errors="replace") as file:
            for batch, labels in made(folder, count):
                file.writelines(f"__label__{y} {text}\n" for text, y in zip(batch, labels, strict=True))
        seconds = Seconds()
        model = fasttext_fit(path, few=True)
        seconds.stop()
        found = [model.f.predict(" ".join(text.split()) + "\n", 1, 0.0, "strict") for text in texts]
    return [one[0][1].removeprefix("__label__") if one else "" for one in found], seconds


def main() -> None:
    """Run one and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--fasttext", action="store_true")
    chosen = parser.parse_args()
    texts, labels = read(chosen.folder / "film-reviews-ko.valid.csv")
    predicted, seconds = (fasttext if chosen.fasttext else unbend)(chosen.folder, chosen.count, texts)
    found: dict[str, Any] = {
        "accuracy": float(np.mean(np.array(predicted) == np.array(labels))),
        "cpu": seconds.cpu,
        "wall": seconds.wall,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
