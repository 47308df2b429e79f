"""`TextFit`: the straight model of the page *Words*, its held-out accuracy, and the word pairs that bend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

import numpy as np

from ..arrays import Array
from ..data import ReadOptions
from ..data.file_reader import shipped_texts
from ..data.reader import load_table
from ..errors import BadInput
from ..verdict.text import TextModel, WordPairs, find_word_pairs, fit_text
from .toy_reviews import toy_reviews

FOLDS = 3
MAX_ROWS = 12_000
MAX_CLASSES = 20  # of more answers the most frequent ones are taken, so that nobody waits long
LEAST_REPEATS = 5  # rows for an answer, on average: a column of names is no answer
TOY = "reviews"  # the made-up ones
_LOCK = Lock()  # one fit at a time, of all readers


@dataclass(frozen=True, eq=False)
class TextFit:
    """A model of some texts: the names of the columns, the texts, class numbers, held-out outputs, and where it bends.

    ``answers`` is how many answers the table has, of which the ``MAX_CLASSES`` most frequent ones are taken; ``seen``
    how many rows with these, of which at most ``MAX_ROWS`` are.
    """

    name: str
    text: str
    target: str
    texts: list[str]
    y: Array
    output: Array
    model: TextModel
    pairs: WordPairs
    seen: int
    answers: int

    @property
    def accuracy(self) -> float:
        """The share of held-out texts with the right answer."""
        best = (self.output[:, 0] > 0) if self.output.shape[1] == 1 else self.output.argmax(axis=1)
        return float(np.mean(best == self.y))


@cache
def shipped_fit(name: str, language: str) -> TextFit:
    """The fit of an included set of texts; the made-up one is in the reader's language."""
    with _LOCK:
        if name == TOY:
            return _fit(name, "text", "label", *toy_reviews(language))
        return _table_fit(name, str(shipped_texts()[name]))


def table_fit(name: str, path: str) -> TextFit:
    """The fit of a reader's table: its column of longest texts, and its last other column as the answer.

    Raises ``BadInput`` where there are no two such columns, or too many answers.
    """
    with _LOCK:
        return _table_fit(name, path)


def _table_fit(name: str, path: str) -> TextFit:
    table = load_table(path, options=ReadOptions(raw=True)).table
    columns = {
        column: ["" if v is None else str(v) for v in table[column].to_pylist()] for column in table.column_names
    }
    if len(columns) < 2:
        raise BadInput("lab_words.two_columns", got=len(columns))
    text = max(columns, key=lambda column: sum(map(len, columns[column])))
    target = [column for column in columns if column != text][-1]
    return _fit(name, text, target, columns[text], columns[target])


def _fit(name: str, text: str, target: str, texts: Sequence[str], labels: Sequence[str]) -> TextFit:
    count = Counter(labels)
    if len(count) > max(MAX_CLASSES, len(labels) / LEAST_REPEATS):
        raise BadInput("lab_words.many_answers", column=target, got=len(count))
    frequent = {label for label, _ in count.most_common(MAX_CLASSES)}
    rows = np.flatnonzero([label in frequent for label in labels])
    seen = len(rows)
    if seen > MAX_ROWS:
        rows = np.sort(np.random.default_rng(0).permutation(rows)[:MAX_ROWS])
    texts, labels = [texts[i] for i in rows.tolist()], [labels[i] for i in rows.tolist()]
    classes, y = np.unique(np.asarray(labels, dtype=object).astype(str), return_inverse=True)
    folds = np.random.default_rng(0).permutation(np.arange(len(texts)) % FOLDS)
    output = np.full((len(texts), len(classes) if len(classes) > 2 else 1), np.nan)
    for fold in range(FOLDS):
        output[folds == fold] = _held_out(texts, labels, folds, fold, classes)
    pairs = find_word_pairs(texts, y, output, folds, len(classes))
    return TextFit(
        name=name,
        text=text,
        target=target,
        texts=list(texts),
        y=y,
        output=output,
        model=fit_text(texts, labels),
        pairs=pairs,
        seen=seen,
        answers=len(count),
    )


def _held_out(texts: Sequence[str], labels: Sequence[str], folds: Array, fold: int, classes: Any) -> Array:
    """Outputs (rows, outputs) for one fold, of a model that has seen the others; -30 for classes it has not seen."""
    train, test = np.flatnonzero(folds != fold).tolist(), np.flatnonzero(folds == fold).tolist()
    model = fit_text([texts[i] for i in train], [labels[i] for i in train])
    output = model.log_odds([texts[i] for i in test])
    if len(model.classes) == len(classes):
        return output
    if output.shape[1] == 1:
        output = np.column_stack([np.zeros(len(output)), output])
    full = np.full((len(test), len(classes)), -30.0)
    full[:, np.searchsorted(classes, model.classes)] = output
    return full
