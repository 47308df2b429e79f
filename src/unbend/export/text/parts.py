"""What the code of every language is made of: a table's numbers, its words, the comment at its top."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from ...arrays import Array
from ...text.fasttext import FastTextModel, NgramTable, collapse_fasttext
from ...text.fasttext.int8_blocks import BLOCK, Int8Blocks
from ...text.fasttext.table_file import as_array
from ...version import __version__
from ...words import say
from ..header import comment_line


def to_ngram_table(model: Any) -> NgramTable | None:
    """A straight model of text; a fastText model is collapsed; None for anything else."""
    if isinstance(model, FastTextModel):
        return collapse_fasttext(model)
    return model if isinstance(model, NgramTable) else None


def head_lines(table: NgramTable, name: str) -> list[str]:
    """The comment at the top: what the file is, what goes in, what comes out."""
    rows, outputs = table.weights.shape
    lines = [say("fasttext.export_head", name=name, rows=rows, outputs=outputs, version=__version__)]
    lines.append(say("fasttext.export_text"))
    if not table.is_linear:
        lines.append(say("fasttext.export_tree"))
    return [comment_line(line) for line in lines]


def settings(table: NgramTable) -> dict[str, Any]:
    """The numbers of the vocabulary and of the table, by the names that the templates use."""
    vocabulary = table.vocabulary
    return {
        "count": len(vocabulary.words),
        "buckets": vocabulary.bucket_count if vocabulary.has_ngrams else 0,
        "shortest": max(vocabulary.shortest, 1),
        "longest": vocabulary.longest if vocabulary.has_ngrams else 0,
        "word_ngrams": vocabulary.word_ngrams if vocabulary.has_ngrams else 1,
        "outputs": table.weights.shape[1],
        "classes": len(table.labels),
        "block": BLOCK,
    }


def encoded(array: Array, dtype: str) -> str:
    """An array's bytes (little-endian) in base64."""
    return base64.b64encode(np.ascontiguousarray(array, dtype).tobytes()).decode("ascii")


def encoded_arrays(table: NgramTable) -> dict[str, str]:
    """Words, labels, buckets, tree and weights in base64; "" for what a table does not have."""
    weights, buckets = table.weights, table.vocabulary.buckets
    return {
        "words": encoded(as_array(table.vocabulary.words), "u1"),
        "labels": encoded(as_array(table.labels), "u1"),
        "kept": "" if buckets is None else encoded(buckets, "<i4"),
        "tree": "" if table.tree is None else encoded(table.tree.children, "<i4"),
        "weights": "" if isinstance(weights, Int8Blocks) else encoded(weights, "<f8"),
        "codes": encoded(weights.codes, "i1") if isinstance(weights, Int8Blocks) else "",
        "scales": encoded(weights.scales, "<f4") if isinstance(weights, Int8Blocks) else "",
    }
