"""`shrink_table`: a smaller table: without n-grams that do not occur in given texts, and in 8 bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...words import say
from .collapse import used_rows
from .int8_blocks import Int8Blocks
from .ngram_table import NgramTable


@dataclass(frozen=True, eq=False)
class ShrunkTable:
    """A smaller table, and what it costs.

    Attributes
    ----------
    table : NgramTable
    rows_before, rows_after : int
        Words and n-grams.
    bytes_before, bytes_after : int
        Of the files.
    bound : float
        No logit of a text whose n-grams all have rows in both tables changes by more: half a step of the coarsest
        block.
    texts : int
        Texts that both tables were compared on; 0 for none.
    largest : float
        The largest difference of a logit on them.
    same : float
        The share of them with the same answer.
    """

    table: NgramTable
    rows_before: int
    rows_after: int
    bytes_before: int
    bytes_after: int
    bound: float
    texts: int
    largest: float
    same: float

    def __str__(self) -> str:
        sizes = {"before": f"{self.bytes_before:,}", "after": f"{self.bytes_after:,}", "bound": f"{self.bound:.3g}"}
        rows = {"rows_before": self.rows_before, "rows_after": self.rows_after}
        lines = [say("fasttext.shrunk", **rows, **sizes)]
        if self.texts:
            compared = {"texts": self.texts, "largest": f"{self.largest:.3g}", "same": f"{self.same:.2%}"}
            lines.append(say("fasttext.shrunk_texts", **compared))
        return "\n".join(lines)


def shrink_table(table: NgramTable, texts: Sequence[str] | None = None, *, int8: bool = True) -> ShrunkTable:
    """Drop what does not occur in the texts, then write weights in 8 bits.

    Parameters
    ----------
    table : NgramTable
    texts : sequence of str, optional
        Texts like those that the model will see. Words and n-grams that occur in none of them are dropped; later they
        are left out of the average, as in a pruned fastText model. None keeps all.
    int8 : bool, default True
        Whether weights become 8-bit numbers, 64 to a scale.

    Returns
    -------
    ShrunkTable
        With the loss, measured on the texts.
    """
    smaller, bound = table, 0.0
    if texts is not None:
        vocabulary, rows = used_rows(table.vocabulary, texts)
        smaller = replace(table, vocabulary=vocabulary, weights=table.rows(rows))
    if int8 and not isinstance(smaller.weights, Int8Blocks):
        codes = Int8Blocks.from_matrix(smaller.weights)
        bound = float(codes.scales.max(initial=0)) / 2
        smaller = replace(smaller, weights=codes)
    largest, same = 0.0, 1.0
    if texts:
        before, after = table.logits(texts), smaller.logits(texts)
        largest = float(np.nanmax(np.abs(before - after), initial=0))
        same = float(np.mean([a == b for a, b in zip(table.predict(texts), smaller.predict(texts), strict=True)]))
    return ShrunkTable(
        smaller, table.weights.shape[0], smaller.weights.shape[0], len(table.to_bytes()), len(smaller.to_bytes()),
        bound, len(texts or ()), largest, same,
    )  # fmt: skip
