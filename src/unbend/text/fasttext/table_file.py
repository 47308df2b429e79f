"""The file of an `NgramTable`: safetensors with a JSON header, checked when it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from ...file_access import check_header, reading, tensors_with_header
from .int8_blocks import BLOCK, Int8Blocks
from .tree import LabelTree
from .vocabulary import Vocabulary

FORMAT, VERSION = "unbend.ngram_table", 1
_NUMBERS = ("bucket_count", "shortest", "longest", "word_ngrams")
_MOST_LONGEST = 255


class TableParts(NamedTuple):
    """What the file holds: the arguments of an `NgramTable`."""

    vocabulary: Vocabulary
    weights: Array | Int8Blocks
    labels: tuple[bytes, ...]
    link: str
    tree: LabelTree | None


def to_bytes(table: TableParts) -> bytes:
    """The file's bytes."""
    vocabulary = table.vocabulary
    arrays = {"words": as_array(vocabulary.words), "labels": as_array(table.labels)}
    if vocabulary.buckets is not None:
        arrays["buckets"] = vocabulary.buckets.astype(np.int32)
    if table.tree is not None:
        arrays["tree"] = table.tree.children.astype(np.int32)
    if isinstance(table.weights, Int8Blocks):
        arrays |= {"codes": table.weights.codes, "scales": table.weights.scales}
    else:
        arrays["weights"] = table.weights
    numbers = {name: getattr(vocabulary, name) for name in _NUMBERS}
    return tensors_with_header(arrays, {"format": FORMAT, "version": VERSION, "link": table.link, **numbers})


def read_table_file(path: str | Path) -> TableParts:
    """Read a file of `to_bytes`. Raises ``ModelError``."""
    from safetensors import safe_open

    with reading(path) as place, safe_open(place, framework="numpy") as file:
        header = json.loads((file.metadata() or {})["unbend"])
        check_header(header, place, FORMAT, VERSION)
        return _from_arrays(header, {name: file.get_tensor(name) for name in file.keys()})


def as_array(words: tuple[bytes, ...]) -> Array:
    """Words, none of which has a zero byte, as bytes with one after each."""
    return np.frombuffer(b"".join(word + b"\0" for word in words), np.uint8)


def as_words(array: Array) -> tuple[bytes, ...]:
    """The words that `as_array` wrote."""
    return tuple(array.astype(np.uint8).tobytes().split(b"\0")[:-1])


def _from_arrays(header: dict[str, Any], arrays: dict[str, Array]) -> TableParts:
    numbers = {name: header[name] for name in _NUMBERS}
    if not all(type(n) is int and 0 <= n < 2**31 for n in numbers.values()):
        raise ValueError("numbers of the header")
    if max(numbers["longest"], numbers["word_ngrams"]) > _MOST_LONGEST or numbers["word_ngrams"] < 1:
        raise ValueError("lengths of n-grams")
    buckets, labels = arrays.get("buckets"), as_words(arrays["labels"])
    if buckets is not None:
        buckets = buckets.astype(np.int64)
        if buckets.ndim != 1 or (np.diff(buckets) <= 0).any() or (len(buckets) and buckets[0] < 0):
            raise ValueError("buckets ascend")
    vocabulary = Vocabulary(words=as_words(arrays["words"]), buckets=buckets, labels=frozenset(labels), **numbers)
    tree = _tree(arrays, header["link"], len(labels))
    table = TableParts(vocabulary, _weights(arrays), labels, header["link"], tree)
    if table.weights.shape != (vocabulary.row_count, len(labels) - (tree is not None)) or not labels:
        raise ValueError("one row of weights for each n-gram, one column for each class")
    return table


def _weights(arrays: dict[str, Array]) -> Array | Int8Blocks:
    if "weights" in arrays:
        weights = arrays["weights"]
        if weights.dtype != np.float64 or weights.ndim != 2:
            raise ValueError("weights are float64")
        if not np.isfinite(weights).all():
            raise ModelError("fasttext.not_finite", name="weights")
        return weights
    codes, scales = arrays["codes"], arrays["scales"]
    if codes.dtype != np.int8 or codes.ndim != 2 or scales.shape != (-(-codes.size // BLOCK),):
        raise ValueError("codes are int8, with one scale for each block")
    if scales.dtype != np.float32 or not np.isfinite(scales).all():
        raise ModelError("fasttext.not_finite", name="scales")
    return Int8Blocks(codes, scales)


def _tree(arrays: dict[str, Array], link: str, labels: int) -> LabelTree | None:
    """The tree of labels, each node above all below it."""
    if link not in ("softmax", "one_vs_all", "tree"):
        raise ValueError("link")
    if link != "tree":
        return None
    children = arrays["tree"].astype(np.int64)
    nodes = np.arange(labels - 1)[:, None] + labels
    if children.shape != (labels - 1, 2) or (children < 0).any() or (children >= nodes).any():
        raise ValueError("tree")
    if not np.array_equal(np.sort(children, axis=None), np.arange(2 * labels - 2)):
        raise ValueError("tree")
    return LabelTree(children)
