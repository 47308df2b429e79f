"""`collapse_fasttext`: averaged vectors and a linear layer, merged into one weight per n-gram and class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from .file import FastTextModel, check_finite
from .matrices import product
from .ngram_table import NgramTable
from .tree import LabelTree
from .vocabulary import Vocabulary

MOST = 64  # times the file's length that a table may take


def collapse_fasttext(model: FastTextModel, texts: Sequence[str] | None = None) -> NgramTable:
    """The straight table of a supervised fastText model, exactly (facebookresearch/fastText#686).

    The hidden vector is an average of rows E[r], the logits are W times it: so row r adds W E[r] to each class. With a
    hierarchical softmax that holds for the nodes of its tree; the classes' log odds are linear for two classes alone.

    Parameters
    ----------
    model : FastTextModel
    texts : sequence of str, optional
        Keep only words and n-grams that occur in these. Others are left out of the average, as in a pruned model.

    Returns
    -------
    NgramTable
        In float64.

    Raises
    ------
    ModelError
        For word vectors, numbers that are not finite, or a table of more than 64 times the file's length.
    """
    if model.model != "supervised":
        raise ModelError("fasttext.unsupervised", path=model.model)
    tree = LabelTree.from_counts(model.label_counts) if model.loss == "hierarchical_softmax" else None
    outputs = len(model.labels) - (tree is not None)
    vocabulary, rows = model.vocabulary, np.arange(model.vocabulary.row_count)
    if texts is not None:
        vocabulary, rows = used_rows(vocabulary, texts)
    size = 8 * outputs * (len(rows) + model.dimension)
    if size > MOST * model.size:
        raise ModelError("fasttext.table", size=f"{size / 2**20:,.0f}", most=MOST)
    with np.errstate(all="ignore"):  # what is not finite is refused
        matrix = check_finite(model.output.rows(np.arange(outputs)).T, "output")
        table = product(model.input, rows, matrix)
    return NgramTable(
        vocabulary=vocabulary,
        weights=check_finite(table, "input"),
        labels=model.labels,
        link="tree" if tree is not None else "softmax" if model.loss == "softmax" else "one_vs_all",
        tree=tree,
    )


def used_rows(vocabulary: Vocabulary, texts: Sequence[str]) -> tuple[Vocabulary, Array]:
    """The vocabulary of what occurs in the texts, and its rows in the one that was given."""
    found = [np.unique(batch.row) for batch in vocabulary.batches(texts)]
    used = np.unique(np.concatenate([np.zeros(0, np.int64), *found]))
    count = len(vocabulary.words)
    buckets = used[used >= count] - count
    if vocabulary.buckets is not None:
        buckets = vocabulary.buckets[buckets]
    words = tuple(vocabulary.words[row] for row in used[used < count])
    return replace(vocabulary, words=words, buckets=buckets if vocabulary.has_ngrams else None), used
