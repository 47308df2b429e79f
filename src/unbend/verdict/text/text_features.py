"""`TextFeatures`: sums over a text's n-grams, each n-gram with a number for every feature."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...arrays import Array
from ...file_access import tensors_with_header
from ...kernels.sources import load_kernels
from ...text.fasttext.int8_blocks import BLOCK, Int8Blocks
from ...text.ngrams import NGrams
from ...text.packed_weighting import pack_weighting, unpack_weighting
from ...text.sparse_rows import SparseRows
from ...text.weighting import KERNEL, Weighting


@dataclass(frozen=True, eq=False)
class TextFeatures:
    """The features are the weighted row of a text's n-grams times a matrix.

    Parameters
    ----------
    grams : NGrams
        Which n-grams are counted.
    weighting : Weighting
        How counts become numbers.
    weights : Int8Blocks
        (n-grams, features): what each n-gram adds to each feature.
    """

    grams: NGrams
    weighting: Weighting
    weights: Int8Blocks

    @property
    def count(self) -> int:
        """How many features there are."""
        return self.weights.shape[1]

    def __call__(self, texts: Sequence[Any]) -> Array:
        """The features (n, features) of texts; a missing one is an empty text, all of whose features are 0."""
        scored = self.grams.map_chunks(texts, self._score)
        return np.concatenate([np.empty((0, self.count)), *scored])

    def knows(self, text: Any) -> bool:
        """Whether the text has an n-gram with a row in the matrix."""
        return bool((self._tables[0][self.grams.locate(text)[0]] >= 0).any())

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, the arrays as a safetensors file in base64; `from_dict` reads it back."""
        arrays = {**pack_weighting(self.weighting), "codes": self.weights.codes, "scales": self.weights.scales}
        content = base64.b64encode(tensors_with_header(arrays, {})).decode("ascii")
        return {"grams": asdict(self.grams), "content": content}

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> TextFeatures:
        """What `to_dict` described. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        grams = NGrams(**saved["grams"])
        fits = all(type(n) is type(getattr(NGrams, name)) for name, n in saved["grams"].items())
        _check(fits and 1 <= grams.longest <= 16 and 0 <= grams.words <= 2 and 8 <= grams.bits <= 30, "n-grams")
        try:
            arrays = load(base64.b64decode(saved["content"], validate=True))
        except SafetensorError as error:
            raise ValueError("text features") from error
        weighting, codes, scales = unpack_weighting(arrays, grams.buckets), arrays["codes"], arrays["scales"]
        _check(codes.dtype == np.int8 and codes.ndim == 2 and len(codes) == len(weighting.buckets), "codes")
        _check(scales.dtype == np.float32 and scales.shape == (-(-codes.size // BLOCK),), "scales")
        _check(bool(np.isfinite(scales).all()), "scales")
        return cls(grams, weighting, Int8Blocks(codes, scales))

    @cached_property
    def _tables(self) -> tuple[Array, Array, Array, Array]:
        """What the kernel multiplies by: each bucket's column, idf, weights by columns, zeros."""
        matrix = self.weights.rows(np.arange(self.weights.shape[0])).astype(np.float32)
        return self.weighting.number, self.weighting.idf, matrix.reshape(-1), np.zeros(self.count)

    def _score(self, counts: SparseRows) -> Array:
        out = np.zeros(len(counts) * self.count)
        kernels = load_kernels(KERNEL)
        kernels.score_counts(counts.row_starts, counts.columns, counts.values, *self._tables, out)
        return out.reshape(len(counts), -1)


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
