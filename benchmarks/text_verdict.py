"""Study of the verdict on texts: planted truths, straight and bent, and the same verdict for ten seeds.

    python benchmarks/text_verdict.py WORK [--texts FOLDER] [--tables 20] [--seeds 10]     fit what WORK does not hold
    python benchmarks/text_verdict.py WORK --table [--out benchmarks/results/text_verdict.md]

Straight truths: the label's log odds are a sum over words; a word pair in its order counts too (straight for
n-grams). Bent truths: "not" some words before a word turns it round, one word of eight (*pair*) or all (*negation*:
there the pairs with half of the words say all, for single words' weights follow). A straight table called *bends pay*
is a false alarm; the study counts them, how often each of the three answers is the planted one, and which word pairs
are told. FOLDER holds film-reviews-ko.train.csv, chatbot-ko.csv, clinc150.train.csv and banking77.train.csv, of which
a part is judged with one seed after another. One JSON line a fit is added to WORK/fits.jsonl, so that a run that was
broken off goes on where it ended.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from machine import machine

import unbend as ub
from unbend.data import read_table

ROWS = 1500  # of a planted table
FIRST_TABLE = 7000  # the seed of the first one: smaller ones were in sight when the rules were made
FILLER = np.array(
    "the a film plot one of it in on at this that with story cast scene music people time watch saw is was very so "
    "when then there we they you he she had have do did make made old new long short first last other same".split()
)
PRAISE, BLAME = ("good", "great", "fine", "lovely"), ("bad", "awful", "poor", "dull")
KINDS = ("words", "order", "nothing", "pair", "negation")
TURNED = {"pair": PRAISE[:1], "negation": (*PRAISE, *BLAME)}  # by the word "not"


class TextSet(NamedTuple):
    """A published set: its file, target, and the part of it that is judged."""

    file: str
    target: str
    rows: int
    classes: int | None = None  # the first so many of its labels


SETS = {
    "film reviews": TextSet("film-reviews-ko.train.csv", "positive", 2500),
    "chatbot": TextSet("chatbot-ko.csv", "label", 2500),
    "CLINC150": TextSet("clinc150.train.csv", "label", 1500, 15),
    "Banking77": TextSet("banking77.train.csv", "label", 1500, 15),
}


class Fit(NamedTuple):
    """One fit of the study."""

    study: str  # "truths" or "seeds"
    name: str
    table: int
    seed: int


def planted(kind: str, rows: int, seed: int) -> dict[str, list[str]]:
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
        word = str(rng.choice(PRAISE if praised else BLAME))
        words.insert(int(rng.integers(3, 5)), word)
        logit = {
            "words": (1.5 if praised else -1.5) - 1.0 * negated + 0.5,
            "order": (1.0 if praised else -1.0) + (1.5 if first == "kim" else -1.5),
            "pair": 2.0 if praised != (negated and word in TURNED["pair"]) else -2.0,
            "negation": 2.0 if praised != negated else -2.0,
            "nothing": 0.0,
        }[kind]
        texts.append(" ".join(words))
        labels.append("yes" if rng.random() < 1 / (1 + np.exp(-logit)) else "no")
    return {"text": texts, "label": labels}


def published(chosen: TextSet, folder: Path) -> dict[str, list[Any]]:
    """The part of a set that is judged: rows drawn from those of its first labels."""
    table = read_table(folder / chosen.file)
    columns = {name: table[name].to_pylist() for name in table.column_names}
    labels = sorted(set(columns[chosen.target]))[: chosen.classes]
    rows = np.flatnonzero([label in labels for label in columns[chosen.target]])
    rows = np.sort(np.random.default_rng(0).permutation(rows)[: chosen.rows])
    return {name: [column[i] for i in rows] for name, column in columns.items()}


def fits(tables: int, seeds: int, with_sets: bool) -> Iterator[Fit]:
    """The fits of the study, so ordered that a part of it is a study too."""
    for k in range(tables):
        yield from (Fit("truths", kind, FIRST_TABLE + k, k) for kind in KINDS)
    for seed in range(seeds if with_sets else 0):
        yield from (Fit("seeds", name, 0, seed) for name in SETS)


def result_of(fit: Fit, folder: Path | None) -> dict[str, Any]:
    """Verdict, answers, word pairs and seconds of the processor, of one fit."""
    chosen = SETS.get(fit.name)
    if chosen is None:
        data, target = planted(fit.name, ROWS, fit.table), "label"
    else:
        assert folder is not None
        data, target = published(chosen, folder), chosen.target
    began = time.process_time()
    result = ub.fit(data, target=target, task="classification", budget=600, by_clock=False, seed=fit.seed)
    text = result.text
    assert text is not None
    pairs = [[pair.first, pair.second] for found in text.pairs.values() for pair in found.pairs]
    switches = [one.word for found in text.pairs.values() for one in found.switches if one.after and one.multiplier < 0]
    notes = [note.values for note in result.notes if note.key == "verdict.text_missed_pairs"]
    return {
        **fit._asdict(),
        "verdict": result.verdict,
        "answers": [text.words_tell, text.order_matters, text.bend_pays],
        "gain": text.bend.gain,
        "interval": list(text.bend.interval),
        "pairs": pairs or [[note["first"], note["second"]] for note in notes],
        "switches": switches,
        "seconds": round(time.process_time() - began, 1),
    }


def main() -> None:
    """Fit, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--tables", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "text_verdict.md")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    file = arguments.work / "fits.jsonl"
    found = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    if arguments.table:
        arguments.out.write_text(results(found), encoding="utf-8")
        return
    done = {Fit(row["study"], row["name"], row["table"], row["seed"]) for row in found}
    for fit in fits(arguments.tables, arguments.seeds, arguments.texts is not None):
        if fit not in done:
            line = json.dumps(result_of(fit, arguments.texts), ensure_ascii=False)
            with file.open("a", encoding="utf-8") as stream:
                stream.write(line + "\n")
            print(line, flush=True)


Rows = Sequence[dict[str, Any]]


def results(rows: Rows) -> str:
    """The tables as Markdown."""
    seconds = sum(row["seconds"] for row in rows)
    lines = ["# The verdict on texts: planted truths and ten seeds", "", f"{machine()}.", ""]
    lines += [
        f"Made by `python benchmarks/text_verdict.py`: {len(rows)} fits, {seconds / 60:.0f} minutes of one core.",
        "",
        "## Planted truths",
        "",
        f"{ROWS:,} rows a table. *words*, *order*, *nothing* are straight; in *pair* and *negation* the word `not`",
        "turns one word of eight, or all, two or three places after it. Told: tables with these pairs or this switch",
        "word, in the report or, with *cannot tell*, in a note. A pair is false where it is not planted.",
        "",
        "| truth | tables | bends pay | told | false pairs | verdicts · words, order, bend |",
        "|---|---:|---:|---:|---:|---|",
    ]
    truths = [row for row in rows if row["study"] == "truths"]
    lines += [_truth(kind, own) for kind in KINDS if (own := [row for row in truths if row["name"] == kind])]
    lines += ["", "## The same rows, another seed each time", ""]
    parts = [f"{name}: {_part(one)}" for name, one in SETS.items()]
    lines += [f"Parts of the published sets: {'; '.join(parts)}.", ""]
    lines += [
        "| texts | seeds | gain of a network, least to largest | verdicts · words, order, bend |",
        "|---|---:|---|---|",
    ]
    again = [row for row in rows if row["study"] == "seeds"]
    for name in dict.fromkeys(row["name"] for row in again):
        own = [row for row in again if row["name"] == name]
        gains = [row["gain"] for row in own]
        lines.append(f"| {name} | {len(own)} | {min(gains):.1%} to {max(gains):.1%} | {_verdicts(own)} |")
    return "\n".join(lines) + "\n"


def _part(chosen: TextSet) -> str:
    return f"{chosen.rows:,} rows" + (f" of the first {chosen.classes} labels" if chosen.classes else "")


def _truth(kind: str, rows: Rows) -> str:
    bent = sum(row["verdict"] == "bends_pay" for row in rows)
    turned = [["not", word] for word in TURNED.get(kind, ())]
    told = sum("not" in row["switches"] or any(pair in turned for pair in row["pairs"]) for row in rows)
    false = sum(pair not in turned for row in rows for pair in row["pairs"])
    return f"| {kind} | {len(rows)} | {bent} | {told if turned else ''} | {false} | {_verdicts(rows)} |"


def _verdicts(rows: Rows) -> str:
    told = Counter(f"{row['verdict']} · {' '.join(row['answers'])}" for row in rows)
    return "; ".join(f"{answer} ({count})" for answer, count in told.most_common())


if __name__ == "__main__":
    main()
