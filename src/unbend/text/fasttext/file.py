"""`read_fasttext`: fastText's model files (format 12, also quantised and pruned), read as hostile files.

Every size is checked against the file's length before anything is made; matrices stay views of the mapped file.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from ...file_access import reading
from .binary_reader import BinaryReader
from .matrices import Matrix, read_dense, read_quantised
from .vocabulary import Vocabulary, decode

MAGIC, VERSION = 793712314, 12
_LOSSES = {1: "hierarchical_softmax", 2: "negative_sampling", 3: "softmax", 4: "one_vs_all"}
_MODELS = {1: "cbow", 2: "skipgram", 3: "supervised"}
_LONGEST = 255  # characters or words of an n-gram; beyond it a text's n-grams would grow with its length squared
_ARGUMENTS = struct.Struct("<12id")
_COUNT_AND_TYPE = struct.Struct("<qB")
_ENTRY = 10  # least bytes of a word in the file: its end, its count, its type


@dataclass(frozen=True, eq=False, kw_only=True)
class FastTextModel:
    """What a fastText model file says.

    Parameters
    ----------
    model : str
        ``"supervised"``, ``"skipgram"`` or ``"cbow"``.
    loss : str
        ``"softmax"``, ``"one_vs_all"``, ``"negative_sampling"`` or ``"hierarchical_softmax"``.
    vocabulary : Vocabulary
        The words, and how n-grams are hashed.
    labels : tuple of bytes
        As in the file, with their prefix; () for word vectors.
    label_counts : tuple of int
        How often each was seen in training.
    input, output : Matrix
        A vector for each word and bucket (rows, dimensions); one for each label, word or node of the tree.
    size : int
        The file's length in bytes.
    """

    model: str
    loss: str
    vocabulary: Vocabulary
    labels: tuple[bytes, ...]
    label_counts: tuple[int, ...]
    input: Matrix
    output: Matrix
    size: int

    @property
    def dimension(self) -> int:
        """Numbers in a word's vector."""
        return self.input.shape[1]

    def __repr__(self) -> str:
        words, buckets = len(self.vocabulary.words), self.vocabulary.row_count - len(self.vocabulary.words)
        classes = f"{len(self.labels):,} classes, " if self.labels else ""
        kind = f"{self.model}, {self.loss}" if self.labels else self.model
        return f"FastTextModel({kind}; {classes}{self.dimension} dimensions, {words:,} words, {buckets:,} buckets)"


def is_fasttext(path: str | Path) -> bool:
    """Whether a file begins as fastText's model files do."""
    try:
        with Path(path).open("rb") as file:
            return file.read(4) == MAGIC.to_bytes(4, "little")
    except OSError:
        return False


def read_fasttext(path: str | Path) -> FastTextModel:
    """Read a fastText model file: ``.bin`` or ``.ftz``, format 12.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    FastTextModel
        Its matrices are views of the file, which is not to be changed meanwhile.

    Raises
    ------
    ModelError
        Naming what is wrong with the file. No more memory is taken than a small multiple of the file's length.
    """
    with reading(path, "fasttext.damaged") as place:
        return _read(BinaryReader(place))


def _read(reader: BinaryReader) -> FastTextModel:
    size = reader.remaining
    if reader.integer() != MAGIC:
        reader.fail("magic")
    if (version := reader.integer()) != VERSION:
        reader.fail("version", got=version, known=VERSION)
    dim, _, _, _, _, word_ngrams, loss, kind, bucket, shortest, longest, _, _ = reader.numbers(_ARGUMENTS)
    for name, value, known in (("loss", loss, _LOSSES), ("model", kind, _MODELS)):
        if value not in known:
            reader.fail("size", name=name, got=value)
    for name, value in (("bucket", bucket), ("minn", shortest), ("maxn", longest), ("wordNgrams", word_ngrams)):
        if value < 0 or (name in ("maxn", "wordNgrams") and value > _LONGEST):
            reader.fail("size", name=name, got=value)
    words, labels, counts, buckets, order = _read_dictionary(reader)
    has_ngrams = longest > 0 or (word_ngrams > 1 and kind == 3)
    vocabulary = Vocabulary(
        words=words,
        bucket_count=bucket if has_ngrams else 0,
        buckets=buckets,
        shortest=shortest,
        longest=longest,
        word_ngrams=max(word_ngrams, 1) if kind == 3 else 1,
        labels=frozenset(labels),
    )
    if has_ngrams and not bucket:
        reader.fail("size", name="bucket", got=bucket)
    quantised = reader.flag("quantised")
    if buckets is not None and not quantised:
        reader.fail("size", name="pruneidx_size", got=len(buckets))
    matrix = read_quantised(reader) if quantised else read_dense(reader)
    output = read_quantised(reader) if reader.flag("qout") and quantised else read_dense(reader)
    _check_shapes(reader, vocabulary, dim, matrix, output, len(labels) if kind == 3 else len(words))
    if kind == 3 and not labels:
        reader.fail("size", name="nlabels", got=0)
    return FastTextModel(
        model=_MODELS[kind],
        loss=_LOSSES[loss],
        vocabulary=vocabulary,
        labels=labels if kind == 3 else (),
        label_counts=counts,
        input=matrix if order is None else _Reordered(matrix, order),
        output=output,
        size=size,
    )


def _check_shapes(reader: BinaryReader, vocabulary: Vocabulary, dim: int, matrix: Matrix, output: Matrix,
                  outputs: int) -> None:  # fmt: skip
    if matrix.shape[1] != dim or matrix.shape[0] < vocabulary.row_count or dim < 1:
        reader.fail("shape", got=matrix.shape, wanted=(vocabulary.row_count, dim))
    if output.shape[1] != dim or output.shape[0] < outputs:
        reader.fail("shape", got=output.shape, wanted=(outputs, dim))


def _read_dictionary(
    reader: BinaryReader,
) -> tuple[tuple[bytes, ...], tuple[bytes, ...], tuple[int, ...], Array | None, Array | None]:
    """Words, labels, the labels' counts, the buckets that have rows (ascending), and where those rows are."""
    size, word_count, label_count = (reader.integer() for _ in range(3))
    reader.integer(64)
    pruned = reader.integer(64)
    if min(size, word_count, label_count) < 0 or word_count + label_count != size:
        reader.fail("size", name="nwords, nlabels", got=f"{word_count}, {label_count}")
    reader.require(size * _ENTRY)
    entries, counts = [], []
    for i in range(size):
        entries.append(reader.word())
        count, kind = reader.numbers(_COUNT_AND_TYPE)
        if kind != (i >= word_count) or not 0 <= count < 10**15:
            reader.fail("size", name=repr(decode(entries[-1])[:40]), got=f"{count}, {kind}")
        counts.append(count)
    buckets, order = None, None
    if pruned >= 0:
        pairs = reader.array("<i4", pruned, 2).astype(np.int64)
        buckets, last = np.unique(pairs[::-1, 0], return_index=True)
        at = pairs[::-1, 1][last]
        if len(buckets) != pruned or (pruned and (buckets[0] < 0 or at.min() < 0 or at.max() >= pruned)):
            reader.fail("size", name="pruneidx", got=pruned)
        order = np.concatenate([np.arange(word_count), word_count + at])
    return tuple(entries[:word_count]), tuple(entries[word_count:]), tuple(counts[word_count:]), buckets, order


@dataclass(frozen=True, eq=False)
class _Reordered:
    """A matrix whose row i is row ``order[i]`` of another."""

    matrix: Matrix
    order: Array

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.order), self.matrix.shape[1]

    def rows(self, numbers: Array) -> Array:
        return self.matrix.rows(self.order[numbers])


def check_finite(numbers: Array, what: str) -> Array:
    """The numbers. Raises ``ModelError`` where one is NaN or infinite."""
    if not np.isfinite(numbers).all():
        raise ModelError("fasttext.not_finite", name=what)
    return numbers
