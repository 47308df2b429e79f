"""`normalise` and `code_points`: texts in one form, as the numbers that the n-gram kernel reads."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Array


def normalise(text: Any) -> str:
    """The text in NFC and in lower case; what is missing (None, NaN) is the empty text.

    Lone surrogates, NUL and marks of direction stay: nothing is an error.

    Examples
    --------
    >>> from unbend.text.normalise import normalise
    >>> normalise("Cafe\\u0301"), normalise(None)
    ('café', '')
    """
    if not isinstance(text, str):
        return "" if text is None or text != text else normalise(str(text))
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


def code_points(texts: Sequence[Any]) -> tuple[Array, Array]:
    """Normalised texts as code points, uint32 (total,), and where each begins, int64 (texts + 1,)."""
    normal = [normalise(text) for text in texts]
    starts = np.zeros(len(normal) + 1, np.int64)
    np.cumsum([len(text) for text in normal], out=starts[1:])
    joined = "".join(normal).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(joined, np.dtype("<u4")).astype(np.uint32, copy=False), starts
