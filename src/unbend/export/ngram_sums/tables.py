"""`NgramSums`: the numbers that exported code needs to add up what a text's n-grams say."""

from __future__ import annotations

import base64
import functools
from typing import NamedTuple, Protocol

import numpy as np

from ...arrays import Array
from ...text.fasttext.int8_blocks import BLOCK, Int8Blocks
from ...text.hashing_kernel import kind
from ...text.ngrams import CHUNK, NGrams
from ...text.weighting import IDF_STEPS, Weighting


class Weighted(Protocol):
    """What has n-grams with weights: a straight model of text, or the features of a table's text column."""

    @property
    def grams(self) -> NGrams: ...

    @property
    def weighting(self) -> Weighting: ...

    @property
    def weights(self) -> Int8Blocks: ...


class NgramSums(NamedTuple):
    """One matrix of n-grams' weights; ``buckets`` (n-grams,) are in the order of its rows.

    ``idf`` (n-grams,) are the inverse document frequencies in steps, so many to 1; ``codes`` (n-grams, outputs) and
    ``scales`` the weights, as in `Int8Blocks`.
    """

    grams: NGrams
    buckets: Array
    idf: Array
    codes: Array
    scales: Array

    @classmethod
    def of(cls, model: Weighted) -> NgramSums:
        """Those of a model or of a column's features."""
        idf = np.rint(model.weighting.idf * IDF_STEPS).astype(np.uint8)
        return cls(model.grams, model.weighting.buckets, idf, model.weights.codes, model.weights.scales)

    @property
    def outputs(self) -> int:
        """How many sums there are."""
        return int(self.codes.shape[1])

    def settings(self) -> dict[str, int]:
        """Numbers by the names that the templates use."""
        return {
            "longest": self.grams.longest,
            "words": self.grams.words,
            "across": int(self.grams.across),
            "mask": self.grams.buckets - 1,
            "outputs": self.outputs,
        }

    def encoded(self) -> dict[str, str]:
        """The arrays' bytes (little-endian) in base64."""
        arrays = {"buckets": (self.buckets, "<u4"), "idf": (self.idf, "u1"), "codes": (self.codes, "i1"),
                  "scales": (self.scales, "<f4")}  # fmt: skip
        return {name: encoded(array, dtype) for name, (array, dtype) in arrays.items()}


CONSTANTS = {"chunk": CHUNK, "block": BLOCK, "steps": IDF_STEPS}  # of all tables, by the names that the templates use


def encoded(array: Array, dtype: str) -> str:
    """An array's bytes (little-endian) in base64."""
    return base64.b64encode(np.ascontiguousarray(array, dtype).tobytes()).decode("ascii")


@functools.cache
def kind_runs() -> tuple[tuple[int, int], ...]:
    """(first code point, kind) of every run of code points of one kind: 0 spaces, 1 letters, 2 signs."""
    kinds = [kind(c) for c in range(0x110000)]
    return tuple((c, kinds[c]) for c in range(0x110000) if c == 0 or kinds[c] != kinds[c - 1])
