"""Study of the verdict on texts: planted truths, straight and bent, and the same verdict for ten seeds.

    python benchmarks/text_verdict.py --rows 1500 --tables 20 --seeds 10

Straight truths: the label's log odds are a sum over words; a word pair in its order counts too (straight for n-grams).
Bent truths: "not" some words before a word of praise or blame turns it round. A straight table called *bends pay* is a
false alarm; the study counts them, and how often each of the three answers is the planted one.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

import numpy as np
from machine import machine

import unbend as ub
from unbend.data import read_table
from unbend.verdict.result import Result

FILLER = np.array(
    "the a film plot one of it in on at this that with story cast scene music people time watch saw is was very so "
    "when then there we they you he she had have do did made make old new long short first last other same".split()
)
PRAISE, BLAME = ("good", "great", "fine", "lovely"), ("bad", "awful", "poor", "dull")
KINDS = ("words", "order", "bend", "nothing")


def table(kind: str, rows: int, seed: int) -> dict[str, list[str]]:
    """Texts and labels of one truth."""
    rng = np.random.default_rng(seed)
    texts, labels = [], []
    for _ in range(rows):
        praised, negated = rng.random(2) < 0.5
        words = [str(word) for word in rng.choice(FILLER, rng.integers(5, 12))]
        first, second = rng.permutation(["kim", "lee"])
        if kind == "order":
            at = int(rng.integers(0, len(words)))
            words[at:at] = [first, "beats", second]
        if negated:
            words.insert(1, "not")
        words.insert(int(rng.integers(3, 5)), str(rng.choice(PRAISE if praised else BLAME)))
        logit = {
            "words": (1.5 if praised else -1.5) - 1.0 * negated + 0.5,
            "order": (1.0 if praised else -1.0) + (1.5 if first == "kim" else -1.5),
            "bend": 2.0 if praised != negated else -2.0,
            "nothing": 0.0,
        }[kind]
        texts.append(" ".join(words))
        labels.append("yes" if rng.random() < 1 / (1 + np.exp(-logit)) else "no")
    return {"text": texts, "label": labels}


def answers(result: Result) -> str:
    """The verdict and the three answers on one line."""
    text = result.text
    assert text is not None
    return f"{result.verdict} · {text.words_tell} {text.order_matters} {text.bend_pays}"


def study(rows: int, tables: int, kinds: tuple[str, ...]) -> list[str]:
    """A line of Markdown for each kind of truth: how often each verdict and each triple of answers came."""
    lines = ["| truth | tables | bends pay | verdicts · words, order, bend |", "|---|---:|---:|---|"]
    for kind in kinds:
        found: Counter[str] = Counter()
        for k in range(tables):
            result = ub.fit(table(kind, rows, 1000 + k), target="label", budget=600, by_clock=False, seed=k)
            found[answers(result)] += 1
        bent = sum(count for answer, count in found.items() if answer.startswith("bends_pay"))
        lines.append(f"| {kind} | {tables} | {bent} | {'; '.join(f'{a} ({c})' for a, c in found.most_common())} |")
        print(lines[-1], flush=True)
    return lines


def seeds(rows: int, count: int, kinds: tuple[str, ...], path: str | None, target: str) -> list[str]:
    """A line of Markdown for each table: the verdicts of ``count`` seeds on the same rows."""
    tables = {f"planted {kind}": table(kind, rows, 7) for kind in kinds}
    if path is not None:
        read = read_table(path).slice(0, rows)
        tables[Path(path).stem] = {name: read[name].to_pylist() for name in read.column_names}
    lines = ["| table | seeds | verdicts · words, order, bend |", "|---|---:|---|"]
    for name, data in tables.items():
        own = target if target in data else "label"
        found = Counter(
            answers(ub.fit(data, target=own, budget=600, by_clock=False, seed=seed)) for seed in range(count)
        )
        lines.append(f"| {name} | {count} | {'; '.join(f'{a} ({c})' for a, c in found.most_common())} |")
        print(lines[-1], flush=True)
    return lines


def main() -> None:
    """Run the study and write its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1500)
    parser.add_argument("--tables", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS)
    parser.add_argument("--data", help="a file of texts, whose first rows are judged with every seed too")
    parser.add_argument("--target", default="label")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "text_verdict.md")
    arguments = parser.parse_args()
    began, kinds = time.monotonic(), tuple(arguments.kinds)
    lines = ["# The verdict on texts: planted truths", "", machine(), ""]
    if arguments.tables:
        lines += [f"{arguments.rows} rows a table.", "", *study(arguments.rows, arguments.tables, kinds), ""]
    if arguments.seeds:
        found = seeds(arguments.rows, arguments.seeds, kinds, arguments.data, arguments.target)
        lines += ["The same rows, another seed each time.", "", *found, ""]
    lines.append(f"{time.monotonic() - began:.0f} s in all.")
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
