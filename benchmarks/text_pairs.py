"""Word pairs that bend, planted and not: python benchmarks/text_pairs.py [--seeds 20]

Texts are drawn from made-up words, some of which speak for or against the target; in *planted* texts a switch word
turns the weight of some of them within three places, which a sum of n-grams' weights cannot say. In the others nothing
bends.
Each set is fitted in five folds by `fit_text`, and `find_word_pairs` gets the held-out outputs, as in the main job.
Results: ``results/text_pairs.md``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from machine import machine

from unbend.verdict.text import TextModel, fit_text
from unbend.verdict.text.word_pairs import find_word_pairs

RESULTS = Path(__file__).resolve().parent / "results" / "text_pairs.md"
ROWS, FOLDS, WINDOW = 3000, 5, 3
FIRST_SEED = 2000  # the search was made with smaller ones in sight
SYLLABLES = "ba de fi go ku la me ni po ra se tu vo wi xa ye zo".split()


class Words(NamedTuple):
    """All words with how often each is drawn and its weight, and the positions of those with a weight."""

    names: np.ndarray
    share: np.ndarray
    weight: np.ndarray
    telling: np.ndarray


def words(rng: np.random.Generator, count: int = 300, telling: int = 20) -> Words:
    """Words of two to four syllables, as unevenly frequent as in a language; some tell."""
    names: dict[str, None] = {}
    while len(names) < count:
        names["".join(rng.choice(SYLLABLES, rng.integers(2, 5)))] = None
    share = 1 / (np.arange(count) + 10.0)
    chosen = rng.permutation(np.arange(5, 100))[:telling]
    weight = np.zeros(count)
    weight[chosen] = rng.choice([-1, 1], telling) * rng.uniform(1.0, 2.0, telling)
    return Words(np.array(list(names)), share / share.sum(), weight, chosen)


def sentences(rng: np.random.Generator, known: Words, least: int, most: int) -> list[np.ndarray]:
    """The numbers of the words of each text."""
    return [rng.choice(len(known.names), rng.integers(least, most + 1), p=known.share) for _ in range(ROWS)]


def labels(rng: np.random.Generator, logits: np.ndarray) -> np.ndarray:
    """Drawn with these log odds."""
    return (rng.random(len(logits)) < 1 / (1 + np.exp(-logits))).astype(int)


Made = tuple[list[str], np.ndarray, int, list[tuple[str, str]]]  # texts, target, classes, planted pairs


def planted(rng: np.random.Generator, pairs: int) -> Made:
    """One switch word, which turns the weight of so many words that stand one to three places after it.

    Each of these words is in about one text in eight, with the switch word before it in two of five; the switch word is
    as often among others.
    """
    known = words(rng)
    turned = known.telling[:pairs]
    known.weight[turned] = np.sign(known.weight[turned]) * 2
    rows = sentences(rng, known, 4, 14)
    for word in turned:
        for i in np.flatnonzero(rng.random(ROWS) < 0.12):
            insert(rng, known, rows, int(i), word)
    return turned_by_switch(rng, known, rows, turned)


def switched(rng: np.random.Generator) -> Made:
    """One switch word, which turns the weight of every word among the three that follow it."""
    known = words(rng)
    rows = sentences(rng, known, 4, 10)
    for i in range(ROWS):
        insert(rng, known, rows, i, rng.choice(known.telling))
    return turned_by_switch(rng, known, rows, known.telling)


SWITCH = 0  # the most frequent word, without a weight of its own


def insert(rng: np.random.Generator, known: Words, rows: list[np.ndarray], i: int, word: int) -> None:
    """The word somewhere in text i, in two of five cases with the switch word one to three places before it."""
    at = int(rng.integers(len(rows[i]) + 1))
    between = rng.choice(len(known.names), rng.integers(0, WINDOW), p=known.share)
    inserted = [SWITCH, *between, word] if rng.random() < 0.4 else [word]
    rows[i] = np.concatenate([rows[i][:at], inserted, rows[i][at:]])


def turned_by_switch(rng: np.random.Generator, known: Words, rows: list[np.ndarray], turned: np.ndarray) -> Made:
    """Texts whose words of a certain kind have the opposite weight where the switch word stands before them."""
    logits = np.zeros(ROWS)
    for i, row in enumerate(rows):
        for at, word in enumerate(row):
            flipped = word in turned and SWITCH in row[max(0, at - WINDOW) : at]
            logits[i] += -known.weight[word] if flipped else known.weight[word]
    texts = [" ".join(known.names[row]) for row in rows]
    return texts, labels(rng, logits), 2, [(known.names[SWITCH], known.names[word]) for word in turned]


def bag(rng: np.random.Generator, least: int = 4, most: int = 14) -> Made:
    """Nothing but single words."""
    known = words(rng)
    rows = sentences(rng, known, least, most)
    logits = np.array([known.weight[row].sum() for row in rows])
    return [" ".join(known.names[row]) for row in rows], labels(rng, logits), 2, []


def order(rng: np.random.Generator) -> Made:
    """Single words and pairs of neighbours: the order matters, and n-grams say all of it."""
    known = words(rng)
    rows = sentences(rng, known, 4, 14)
    first, second = rng.permutation(40)[:10], rng.permutation(40)[:10]
    worth = dict(zip(zip(first, second, strict=True), rng.choice([-2.0, 2.0], 10), strict=True))
    logits = np.array([known.weight[row].sum() + sum(worth.get((a, b), 0) for a, b in pairwise(row)) for row in rows])
    return [" ".join(known.names[row]) for row in rows], labels(rng, logits), 2, []


def nothing(rng: np.random.Generator) -> Made:
    """Labels that have nothing to do with the texts, one in five of one kind."""
    known = words(rng)
    return (
        [" ".join(known.names[row]) for row in sentences(rng, known, 4, 14)],
        (rng.random(ROWS) < 0.2).astype(int),
        2,
        [],
    )


def numbers(rng: np.random.Generator) -> Made:
    """A number that is a sum of words' weights, with uneven noise."""
    known = words(rng)
    rows = sentences(rng, known, 4, 14)
    value = np.array([known.weight[row].sum() for row in rows])
    return [" ".join(known.names[row]) for row in rows], value + rng.normal(size=ROWS) * (1 + np.abs(value)), 0, []


def topics(rng: np.random.Generator) -> Made:
    """Six classes, each with words of its own."""
    known = words(rng)
    rows = sentences(rng, known, 4, 14)
    weight = np.zeros((len(known.names), 6))
    weight[known.telling] = rng.normal(scale=1.5, size=(len(known.telling), 6))
    scores = np.array([weight[row].sum(axis=0) for row in rows]) + rng.gumbel(size=(ROWS, 6))
    return [" ".join(known.names[row]) for row in rows], scores.argmax(axis=1), 6, []


SETS: dict[str, Callable[[np.random.Generator], Made]] = {
    "one pair planted": lambda rng: planted(rng, 1),
    "three pairs planted": lambda rng: planted(rng, 3),
    "a switch word planted": switched,
    "single words": bag,
    "single words in 2 to 40": lambda rng: bag(rng, 2, 40),
    "words and neighbours": order,
    "nothing to learn": nothing,
    "numbers": numbers,
    "six classes": topics,
}


def held_out_outputs(texts: list[str], y: np.ndarray, classes: int, folds: np.ndarray) -> np.ndarray:
    """Outputs of straight models fitted to the other folds, in the unit of the target."""
    output = np.full((len(texts), classes if classes > 2 else 1), np.nan)
    for fold in np.unique(folds):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        task: Any = "classification" if classes else "regression"
        model: TextModel = fit_text([texts[i] for i in train], y[train], task)
        output[test] = model.output([texts[i] for i in test])
    return output


def main() -> None:
    """Run sets of texts, save the table; rows of sets that are not run stay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--sets", default=",".join(SETS))
    chosen = parser.parse_args()
    for name in chosen.sets.split(","):
        rows = {**saved(), name: row(name, chosen.seeds)}
        print(rows[name], flush=True)
        lines = [*head(), *(rows[one] for one in SETS if one in rows)]
        RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def saved() -> dict[str, str]:
    """The rows of the table as it is."""
    lines = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else []
    named = {line.split("|")[1].strip(): line for line in lines if line.startswith("| ")}
    return {name: line for name, line in named.items() if name in SETS}


def head() -> list[str]:
    """What stands above the rows."""
    return [
        "# Word pairs that bend",
        "",
        f"Made by `python benchmarks/text_pairs.py`: {ROWS:,} texts a set, {FOLDS} folds, many seeds of each set,",
        f"from {FIRST_SEED} on: none of them was in sight when the search was made.",
        "Planted: a switch word turns the weight of words among the three that follow it. A found pair is false where",
        "it was not planted; a switch word, which turns all words that tell, counts where it is told as one with",
        "a negative multiplier. Seconds are those of the search alone, on a machine with other work.",
        "",
        f"{machine(('numpy', 'scipy', 'numba'))}, one process.",
        "",
        "| texts | planted | found | false | sets with a false pair | pairs looked at, median | seconds, median |",
        "|---|---|---|---|---|---|---|",
    ]


def row(name: str, seeds: int) -> str:
    """One line of the table."""
    count = found_pairs = false_pairs = false_sets = 0
    looked, seconds = [], []
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        rng = np.random.default_rng([seed, list(SETS).index(name)])
        texts, y, classes, pairs = SETS[name](rng)
        folds = rng.permutation(np.arange(ROWS) % FOLDS)
        output = held_out_outputs(texts, y, classes, folds)
        began = time.perf_counter()
        found = find_word_pairs(texts, y, output, folds, classes)
        seconds.append(time.perf_counter() - began)
        looked.append(found.looked)
        names = [(pair.first, pair.second) for pair in found.pairs]
        if SETS[name] is switched:
            count += 1
            found_pairs += [one.word for one in found.switches if one.after and one.multiplier < 0] == [pairs[0][0]]
        else:
            count += len(pairs)
            found_pairs += sum(pair in names for pair in pairs)
        false = [pair for pair in names if pair not in pairs]
        false_pairs += len(false)
        false_sets += bool(false)
    return (
        f"| {name} | {count or ''} | {found_pairs if count else ''} | {false_pairs} | {false_sets} of {seeds} | "
        f"{np.median(looked):,.0f} | {np.median(seconds):.1f} |"
    )


if __name__ == "__main__":
    main()
