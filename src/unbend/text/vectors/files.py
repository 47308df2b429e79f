"""Word vectors in files: safetensors with a JSON header, and word2vec's text format (``.vec``)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from ...file_access import check_header, reading, tensors_with_header
from ..fasttext.table_file import as_array, as_words
from ..fasttext.vocabulary import Vocabulary

FORMAT, VERSION = "unbend.word_vectors", 1
_LONGEST = 255  # characters of an n-gram
_LINE = 1 << 24  # bytes of a line of a .vec file


class VectorFile(NamedTuple):
    """What a file holds: words, vectors, the n-grams and their vectors (None without), how it was made."""

    words: tuple[str, ...]
    vectors: Array
    vocabulary: Vocabulary | None
    ngrams: Array | None
    about: dict[str, Any]


def to_tensors(words: Sequence[str], vectors: Array, vocabulary: Vocabulary | None, ngrams: Array | None,
               about: Mapping[str, Any]) -> bytes:  # fmt: skip
    """The bytes of a tensor file."""
    arrays = {"words": as_array(tuple(word.encode() for word in words)), "vectors": vectors}
    header: dict[str, Any] = {"format": FORMAT, "version": VERSION, "about": dict(about)}
    if vocabulary is not None and ngrams is not None:
        arrays["ngrams"] = ngrams
        if vocabulary.buckets is not None:
            arrays["buckets"] = vocabulary.buckets.astype(np.int32)
        header |= {name: getattr(vocabulary, name) for name in ("bucket_count", "shortest", "longest")}
    return tensors_with_header(arrays, header)


def read_tensors(path: str | Path) -> VectorFile:
    """A tensor file. Raises ``ModelError``."""
    from safetensors import safe_open

    with reading(path) as place, safe_open(place, framework="numpy") as file:
        header = json.loads((file.metadata() or {})["unbend"])
        check_header(header, place, FORMAT, VERSION)
        arrays = {name: file.get_tensor(name) for name in file.keys()}
        words, vectors = tuple(word.decode() for word in as_words(arrays["words"])), _matrix(arrays["vectors"])
        if len(words) != len(vectors):
            raise ValueError("one vector for each word")
        about = header.get("about", {})
        if not isinstance(about, dict):
            raise TypeError("about is an object")
        if "ngrams" not in arrays:
            return VectorFile(words, vectors, None, None, about)
        vocabulary, ngrams = _vocabulary(header, arrays.get("buckets")), _matrix(arrays["ngrams"])
        if ngrams.shape != (vocabulary.row_count, vectors.shape[1]):
            raise ValueError("one vector for each n-gram")
        return VectorFile(words, vectors, vocabulary, ngrams, about)


def _vocabulary(header: Mapping[str, Any], buckets: Array | None) -> Vocabulary:
    count, shortest, longest = (header[name] for name in ("bucket_count", "shortest", "longest"))
    if not all(type(n) is int and n > 0 for n in (count, shortest, longest)) or longest > _LONGEST or count >= 2**31:
        raise ValueError("lengths of n-grams")
    if buckets is not None:
        buckets = buckets.astype(np.int64)
        if buckets.ndim != 1 or (np.diff(buckets) <= 0).any() or (len(buckets) and buckets[0] < 0):
            raise ValueError("buckets ascend")
    return Vocabulary(words=(), bucket_count=count, buckets=buckets, shortest=shortest, longest=longest)


def _matrix(array: Array) -> Array:
    if array.ndim != 2 or array.dtype not in (np.float32, np.float64) or array.shape[1] < 1:
        raise ValueError("vectors are a matrix of floats")
    if not np.isfinite(array).all():
        raise ModelError("fasttext.not_finite", name="vectors")
    return array


def to_vec(words: Sequence[str], vectors: Array) -> str:
    """word2vec's text format: how many words and numbers, then a word and its numbers on each line."""
    lines = [f"{len(words)} {vectors.shape[1]}"]
    lines += [f"{word} {' '.join(map(repr, row.tolist()))}" for word, row in zip(words, vectors, strict=True)]
    return "\n".join(lines) + "\n"


def read_vec(path: str | Path) -> VectorFile:
    """A ``.vec`` file, also one without its first line (GloVe's). Raises ``ModelError``.

    No more memory is taken than a small multiple of the file's length, whatever its first line announces.
    """
    with reading(path, "vectors.damaged_vec") as place, place.open("rb") as file:
        lines = iter(lambda: file.readline(_LINE), b"")
        first = next(lines, b"").split()
        announced = len(first) == 2 and first[0].isdigit() and first[1].isdigit()
        size = int(first[1]) if announced else len(first) - 1
        if not 1 <= size <= _LINE:
            raise ModelError("vectors.vec_start", path=place)
        words, vectors = _rows(lines if announced else chain([b" ".join(first)], lines), size, place)
        if announced and int(first[0]) != len(words):
            raise ModelError("vectors.vec_count", path=place, wanted=int(first[0]), got=len(words))
        return VectorFile(words, _matrix(vectors), None, None, {})


def _rows(lines: Iterator[bytes], size: int, path: Path) -> tuple[tuple[str, ...], Array]:
    words, blocks = [], [np.zeros((0, size), np.float32)]
    block: list[Array] = []
    for number, line in enumerate(lines, 1):
        word, *values = line.rstrip(b"\r\n ").rsplit(b" ", size)
        if len(values) != size:
            raise ModelError("vectors.vec_line", path=path, line=number, wanted=size, got=len(values))
        words.append(word.decode("utf-8", "backslashreplace"))
        block.append(np.array(values, dtype="S").astype(np.float32))
        if len(block) == 4096:
            blocks.append(np.array(block))
            block = []
    return tuple(words), np.concatenate([*blocks, *([np.array(block)] if block else [])])
