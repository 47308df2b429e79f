"""`text_groups_of`: rows whose texts are equal or nearly so, which are held out together."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from ...arrays import Array
from ...data import Problem

MOST = 0.2  # of the rows: a text that more have is a label, such as "none", and no copy
READ = 10_000  # characters of a text
_OTHER = re.compile(r"[\W_]+")
_REPEATED = re.compile(r"(.)\1{2,}")  # ㅋㅋㅋㅋ, soooo


def text_groups_of(problem: Problem) -> Array | None:
    """(rows,) numbers, the same where all texts are equal but for case, spaces, signs and letters drawn out.

    None where no two rows are. Rows without a letter or digit, and those of a text that very many rows have, are each a
    group of their own.
    """
    columns = [problem.arrays.texts(column.name) for column in problem.texts]
    number: dict[str, int] = {}
    groups = np.empty(problem.rows, np.int64)
    for row, texts in enumerate(zip(*columns, strict=True)):
        key = "\x00".join(_bare(text) for text in texts)
        groups[row] = number.setdefault(key if key.strip("\x00") else f"\x01{row}", len(number))
    labels = np.flatnonzero((np.bincount(groups) > MOST * problem.rows)[groups])
    groups[labels] = len(number) + np.arange(len(labels))
    groups = np.unique(groups, return_inverse=True)[1]
    return groups if groups.max() + 1 < problem.rows else None


def _bare(text: str | None) -> str:
    """The letters and digits of a text, in lower case, none more than twice in a row."""
    if text is None:
        return ""
    return _REPEATED.sub(r"\1\1", _OTHER.sub("", unicodedata.normalize("NFKC", text[:READ]).casefold()))
