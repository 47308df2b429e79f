"""`carries_words`: whether a column of text holds sentences to be read, and no names, codes or labels."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LEAST_DISTINCT = 20  # fewer different texts are labels
LEAST_SHARE = 0.2  # of the rows that have a text of their own; below, they are labels as well
LEAST_WORDS = 3  # in the mean text
MOST_NAMES = 0.6  # of the words that could be in lower case: names and addresses are nearly all capitalised
LEAST_SHARED = 0.3  # of the words of the mean text, that are in another text too: codes are not
SAMPLE = 2_000  # distinct texts that are looked at
MOST_CHARACTERS = 300  # of each of them

# a character of a script that has no spaces between words, which counts as half of one, or a word of letters without
# digits: those are codes
_WORD = re.compile(
    r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff\u0e00-\u0eff])"
    r"|(?<![\d_])[^\W\d_]++(?![\d_]|-\d)"
)


def carries_words(column: Any) -> bool:
    """Whether an Arrow column of strings holds sentences.

    Different in many rows, of some words each, mostly in lower case where the script has one, and made of words that
    other rows have as well: identifiers, names, addresses and labels are not.
    """
    distinct = pc.unique(column.drop_null().cast(pa.string()).combine_chunks())
    known = len(column) - column.null_count
    if len(distinct) < LEAST_DISTINCT or len(distinct) < LEAST_SHARE * known:
        return False
    rows = np.random.default_rng(0).permutation(len(distinct))[:SAMPLE]
    texts = [str(text)[:MOST_CHARACTERS] for text in distinct.take(pa.array(rows)).to_pylist()]
    words = [_words(text) for text in texts]
    if np.mean([weight for _, weight in words]) < LEAST_WORDS:
        return False
    cased = [word for found, _ in words for word in found if word.lower() != word.upper()]
    names = sum(word[0].isupper() and (len(word) == 1 or not word.isupper()) for word in cased)
    if names > MOST_NAMES * len(cased) > 0:
        return False
    rows_with = Counter(word.lower() for found, _ in words for word in set(found))
    shared = [np.mean([rows_with[word.lower()] > 1 for word in found]) for found, _ in words if found]
    return bool(np.mean(shared) >= LEAST_SHARED)


def _words(text: str) -> tuple[list[str], float]:
    """The words of a text, and how many they are."""
    found = list(_WORD.finditer(unicodedata.normalize("NFC", text)))
    return [match[0] for match in found], sum(0.5 if match[1] else 1.0 for match in found)
