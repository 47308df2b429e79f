"""fastText's hash of words and of character n-grams, for many at once.

FNV-1a with 32 bits over UTF-8 bytes, each taken as a signed number, as in fastText's ``Dictionary::hash``: bytes above
127 are not those of the published FNV-1a.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...arrays import Array

_OFFSET, _PRIME = np.uint32(2166136261), np.uint32(16777619)
_WORD_FACTOR = np.uint64(116049371)  # of word n-grams: Dictionary::addWordNgrams
_LONG = 512  # bytes of a word above which one loop over its bytes is quicker than steps over all words


class CharacterNgrams(NamedTuple):
    """n-grams of words, in the order of the words: the word's number, the n-gram's bytes in ``text``, its hash."""

    text: bytes
    word: Array
    start: Array
    end: Array
    hash: Array


def word_hashes(words: Sequence[bytes]) -> Array:
    """The hash of each word (uint32)."""
    lengths = np.array([len(word) for word in words], np.int64)
    hashes = np.full(len(words), _OFFSET, np.uint32)
    for i in np.flatnonzero(lengths > _LONG).tolist():
        hashes[i] = _hash(words[i])
    short = np.flatnonzero(lengths <= _LONG)
    starts = np.cumsum(lengths) - lengths
    values = _signed(b"".join(words))
    for k in range(int(lengths[short].max(initial=0))):
        short = short[lengths[short] > k]
        hashes[short] = (hashes[short] ^ values[starts[short] + k]) * _PRIME
    return hashes


def character_ngrams(words: Sequence[bytes], shortest: int, longest: int) -> CharacterNgrams:
    """All n-grams of ``<word>`` of ``shortest`` to ``longest`` characters, without ``<`` and ``>`` alone."""
    text = b"".join([b"<%b>" % word for word in words])
    sizes = np.array([len(word) + 2 for word in words], np.int64)
    ends = np.cumsum(sizes)
    values = _signed(text)
    first = np.flatnonzero((np.frombuffer(text, np.uint8) & 0xC0) != 0x80)  # where a character begins
    owner = np.searchsorted(ends, first, "right")
    following = np.append(first, len(text))  # the byte after character i is following[i + 1]
    last = np.searchsorted(first, ends)[owner] if len(ends) else first  # the character after the word's last
    hashes = np.full(len(first), _OFFSET, np.uint32)
    active = np.arange(len(first))
    found: list[tuple[Array, Array, Array, Array]] = []
    for n in range(1, longest + 1):
        active = active[active + n <= last[active]]
        if not len(active):
            break
        begin, end = following[active + n - 1], following[active + n]
        going = np.arange(len(active))
        for k in range(int((end - begin).max())):
            going = going[begin[going] + k < end[going]]
            one = active[going]
            hashes[one] = (hashes[one] ^ values[begin[going] + k]) * _PRIME
        if n >= shortest:
            inner = slice(None) if n > 1 else (first[active] > ends[owner[active]] - sizes[owner[active]]) & (
                end < ends[owner[active]])  # fmt: skip
            one = active[inner]
            found.append((owner[one], first[one], end[inner], hashes[one]))
    word, start, end, hashed = (np.concatenate(parts) for parts in zip(*found, strict=True)) if found else (
        np.zeros(0, np.int64),) * 3 + (np.zeros(0, np.uint32),)  # fmt: skip
    order = np.argsort(word, kind="stable")
    return CharacterNgrams(text, word[order], start[order], end[order], hashed[order])


def word_ngrams(hashes: Array, document: Array, longest: int) -> list[tuple[Array, Array]]:
    """For n = 2 … ``longest``: the place of each n-gram's first word, and the n-gram's hash (uint64).

    ``hashes`` (uint32) are those of all words in a row, ``document`` the number of the text that each is from.
    """
    signed = hashes.astype(np.int32).astype(np.int64).astype(np.uint64)  # fastText keeps them as int32
    found, running, active = [], signed.copy(), np.arange(len(hashes))
    for n in range(2, longest + 1):
        active = active[active + n <= len(hashes)]
        active = active[document[active + n - 1] == document[active]]
        if not len(active):
            break
        running[active] = running[active] * _WORD_FACTOR + signed[active + n - 1]
        found.append((active, running[active]))
    return found


def _signed(text: bytes) -> Array:
    """Each byte as a signed number, in 32 bits."""
    return np.frombuffer(text, np.int8).astype(np.int32).view(np.uint32)


def _hash(word: bytes) -> int:
    value = int(_OFFSET)
    for byte in word:
        value = ((value ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * 16777619) & 0xFFFFFFFF
    return value
