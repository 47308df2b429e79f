"""Training on a stream of texts: python benchmarks/text_stream.py FOLDER PLACE [--write COUNT] [--fasttext]

Texts are made of the film reviews in FOLDER: the beginning of one and the end of another of the same label, each cut at
a random word, and now and then a word is left out, so that few are equal. With ``--write`` a process of its own writes
them into files in the folder PLACE; without, unbend or fastText learns from those files, and one line of JSON says what
was measured. ``benchmarks/text.py --sets stream`` makes the table.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from text import Seconds, fasttext_fit, read

BATCH = 20_000
TABLE, LINES = "texts.csv", "texts.txt"


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


def write(folder: Path, count: int, place: Path) -> None:
    """The same texts into ``place``: as a table for unbend, and as fastText reads them."""
    with (place / TABLE).open("w", encoding="utf-8", errors="replace", newline="") as table:
        with (place / LINES).open("w", encoding="utf-8", errors="replace") as lines:
            rows = csv.writer(table)
            rows.writerow(["text", "label"])
            for texts, labels in made(folder, count):
                rows.writerows(zip(texts, labels, strict=True))
                lines.writelines(f"__label__{y} {text}\n" for text, y in zip(texts, labels, strict=True))


def batches(place: Path) -> Iterator[tuple[list[str], list[str]]]:
    """The table in batches."""
    from pyarrow import csv as arrow
    from pyarrow import string

    options = arrow.ConvertOptions(column_types={"text": string(), "label": string()}, strings_can_be_null=False)
    for batch in arrow.open_csv(place / TABLE, arrow.ReadOptions(block_size=1 << 20), convert_options=options):
        yield batch.column("text").to_pylist(), batch.column("label").to_pylist()


def unbend(place: Path, texts: list[str]) -> tuple[list[str], Seconds]:
    """(labels of the texts, seconds of training, reading included)."""
    from unbend.verdict.text import fit_text, fit_text_stream

    fit_text(["a b", "c d", "a e", "c f"] * 10, list("abab") * 10)  # kernels compiled or loaded
    seconds = Seconds()
    model = fit_text_stream(batches(place))
    seconds.stop()
    return model.predict(texts).tolist(), seconds


def fasttext(place: Path, texts: list[str]) -> tuple[list[str], Seconds]:
    """As `unbend`."""
    seconds = Seconds()
    model = fasttext_fit(place / LINES, few=True)
    seconds.stop()
    found = [model.f.predict(" ".join(text.split()) + "\n", 1, 0.0, "strict") for text in texts]
    return [one[0][1].removeprefix("__label__") if one else "" for one in found], seconds


def main() -> None:
    """Write the texts, or run one and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("place", type=Path)
    parser.add_argument("--write", type=int)
    parser.add_argument("--fasttext", action="store_true")
    chosen = parser.parse_args()
    if chosen.write is not None:
        write(chosen.folder, chosen.write, chosen.place)
        return
    texts, labels = read(chosen.folder / "film-reviews-ko.valid.csv")
    predicted, seconds = (fasttext if chosen.fasttext else unbend)(chosen.place, texts)
    found: dict[str, Any] = {
        "accuracy": float(np.mean(np.array(predicted) == np.array(labels))),
        "cpu": seconds.cpu,
        "wall": seconds.wall,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
