"""`write_text`: a table of n-grams as JSON."""

from __future__ import annotations

from ... import json_text
from ...text.fasttext import NgramTable
from ...text.fasttext.int8_blocks import Int8Blocks
from ...text.fasttext.table_file import FORMAT, VERSION
from ...text.fasttext.vocabulary import decode


def write_text(table: NgramTable, name: str) -> str:
    """Everything that the table holds, as one object; ``docs/fasttext.md`` says how n-grams are hashed."""
    vocabulary, weights = table.vocabulary, table.weights
    numbers = {"codes": weights.codes.tolist(), "scales": weights.scales.tolist()} if isinstance(
        weights, Int8Blocks) else {"weights": weights.tolist()}  # fmt: skip
    answer = {
        "format": FORMAT,
        "version": VERSION,
        "name": name,
        "link": table.link,
        "classes": table.classes,
        "labels": [decode(label) for label in table.labels],
        "words": [decode(word) for word in vocabulary.words],
        "bucket_count": vocabulary.bucket_count,
        "buckets": None if vocabulary.buckets is None else vocabulary.buckets.tolist(),
        "shortest": vocabulary.shortest,
        "longest": vocabulary.longest,
        "word_ngrams": vocabulary.word_ngrams,
        "tree": None if table.tree is None else table.tree.children.tolist(),
        **numbers,
    }
    return json_text.dumps(answer) + "\n"
