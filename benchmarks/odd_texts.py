"""Odd tables with a column of texts: what the verdict may be, which note must be there, and what was said.

    python benchmarks/odd_texts.py [--only NAME] [--out benchmarks/results/odd_texts.md]

As `odd_tables`. What is not there is said of many texts alone; what only a longer look at the order of words would show
(*far order*) is beyond all models that are compared, and nothing may be claimed of it but that they do not show it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from odd_tables import NOTHING, PAYS, STRAIGHT, UNSURE, Odd, Table, write_results
from text_verdict import FILLER, planted


def truth(kind: str, rows: int) -> Callable[[np.random.Generator], Table]:
    """A planted truth of the study of verdicts."""

    def make(rng: np.random.Generator) -> Table:
        table = planted(kind, rows, int(rng.integers(1 << 31)))
        return {"text": table["text"], "y": table["label"]}

    return make


def sentence(rng: np.random.Generator, words: int) -> str:
    """Words that say nothing."""
    return " ".join(rng.choice(FILLER, words))


def long_texts(rng: np.random.Generator) -> Table:
    """Of 500 words each, one of them with a meaning."""
    praised = rng.random(300) < 0.5
    texts = [f"{sentence(rng, 250)} {'good' if p else 'bad'} {sentence(rng, 250)}" for p in praised]
    return {"text": texts, "y": np.where(praised ^ (rng.random(300) < 0.1), "yes", "no")}


def tiny_class(rng: np.random.Generator) -> Table:
    """Two rows of a third class."""
    table = truth("words", 1200)(rng)
    table["y"][100] = table["y"][700] = "other"
    return table


def nearly_equal(rng: np.random.Generator) -> Table:
    """One text, with other signs and spaces."""
    texts = ["Thank you for your order" + "!" * int(k) + " " * int(s) for k, s in rng.integers(0, 40, (1200, 2))]
    return {"text": texts, "y": rng.choice(["yes", "no"], 1200)}


def one_class(rng: np.random.Generator) -> Table:
    """99 % of one class."""
    return {"text": truth("nothing", 1500)(rng)["text"], "y": np.where(rng.random(1500) < 0.01, "fraud", "fine")}


def rare_told(rng: np.random.Generator) -> Table:
    """1 % of a class that a word tells in half of its rows."""
    table = one_class(rng)
    told = [y == "fraud" and k % 2 == 0 for k, y in enumerate(table["y"])]
    texts = zip(table["text"], told, strict=True)
    return table | {"text": [text + " urgent transfer" * told for text, told in texts]}


def given_away(rng: np.random.Generator) -> Table:
    """One word is the label."""
    spam = rng.random(1500) < 0.5
    return {"text": [f"{sentence(rng, 8)} {'urgent' if s else 'regards'}" for s in spam], "y": np.where(spam, "s", "h")}


def repeated(rng: np.random.Generator) -> Table:
    """150 texts, ten times each, with a label each time."""
    table = truth("words", 150)(rng)
    chance = np.repeat(np.array(table["y"]) == "yes", 10)
    y = np.where(rng.random(1500) < np.where(chance, 0.8, 0.2), "yes", "no")
    return {"text": [text for text in table["text"] for _ in range(10)], "y": y}


def many_classes(rng: np.random.Generator) -> Table:
    """Of 200 labels each has ten texts with its word."""
    label = np.repeat(np.arange(200), 10)
    return {"text": [f"{sentence(rng, 4)} topic{k} {sentence(rng, 4)}" for k in label], "y": [f"l{k}" for k in label]}


def far_order(rng: np.random.Generator) -> Table:
    """Which of two words comes first, ten words apart."""
    first = rng.random(1500) < 0.5
    names = np.where(first[:, None], ["kim", "lee"], ["lee", "kim"])
    return {
        "text": [f"{sentence(rng, 3)} {a} {sentence(rng, 10)} {b} {sentence(rng, 3)}" for a, b in names],
        "y": np.where(first, "yes", "no"),
    }


def nearly_all_empty(rng: np.random.Generator) -> Table:
    """A text in one row of fifty."""
    table = truth("words", 1500)(rng)
    return {"text": [text if i % 50 == 0 else "" for i, text in enumerate(table["text"])], "y": table["y"]}


def bent_number(rng: np.random.Generator) -> Table:
    """Texts that say nothing beside a number that bends."""
    x = rng.normal(size=1500)
    return {"text": truth("nothing", 1500)(rng)["text"], "x": x, "y": np.abs(x) + 0.3 * rng.normal(size=1500)}


def heavy_target(rng: np.random.Generator) -> Table:
    """Log-normal prices that a word doubles."""
    table = truth("words", 1500)(rng)
    times = np.where(["good" in text for text in table["text"]], 2.0, 1.0)
    return {"text": table["text"], "y": times * np.exp(rng.normal(0, 1.5, 1500))}


ODD = (
    Odd("40 texts", truth("negation", 40), (UNSURE,)),
    Odd("150 texts, negation", truth("negation", 150), (UNSURE,)),
    Odd("300 texts, one pair", truth("pair", 300), (UNSURE,)),
    Odd("300 long texts", long_texts, (UNSURE,), ("verdict.text_few",)),
    Odd("a class of 2 rows", tiny_class, (STRAIGHT, UNSURE)),
    Odd("all texts nearly equal", nearly_equal, (NOTHING, UNSURE)),
    Odd("99 % of one class", one_class, (NOTHING, UNSURE)),
    Odd("99 % of one class, half of the rest told", rare_told, (STRAIGHT, UNSURE)),
    Odd("one word is the label", given_away, (STRAIGHT, UNSURE)),
    Odd("150 texts repeated with labels", repeated, (UNSURE,), ("verdict.text_copies",), (("text", ("text",)),)),
    Odd("200 classes of 10 rows", many_classes, (STRAIGHT, UNSURE)),
    Odd("neighbours' order", truth("order", 1500), (STRAIGHT,)),
    Odd("far order", far_order, (NOTHING, UNSURE)),
    Odd("negation", truth("negation", 1000), (PAYS,)),
    Odd("nearly all empty", nearly_all_empty, (NOTHING, UNSURE)),
    Odd("a number bends", bent_number, (PAYS, UNSURE)),
    Odd("heavy-tailed target", heavy_target, (STRAIGHT, NOTHING, UNSURE)),
    Odd("hardly any time", truth("negation", 1500), (UNSURE,), ("verdict.text_few",), (("budget", 0.05),)),
)  # fmt: skip


if __name__ == "__main__":
    write_results(ODD, "Odd texts", "odd_texts", __doc__)
