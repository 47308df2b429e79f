"""N-grams of code points and words, hashed into buckets: the kernel, compiled by ``kernels/sources.py``.

A text is read as code points, runs of spaces as one space, with a space before and after. From each place begin
character n-grams of 1 to ``longest`` code points. Those inside a word may begin and end with the space beside it;
those that run across words leave the spaces out, for writers are not of one mind where Korean words end (재미 없다,
재미없다). Of n-grams that end in a Korean syllable with a final consonant (좋았) there is also the one without it
(좋아), for endings grow on open syllables. Words are runs of letters and digits, or of other signs; from each begins
its word and the pair with the next one. Every n-gram is hashed in 32 bits (FNV-1a with a mixing shift, finished as in
MurmurHash3); its lowest bits are the bucket, the same on every machine and in every language.
"""

from typing import Any

import numpy as np

from ..arrays import Array
from ..kernels.declare import (
    Float32s,
    Int32s,
    Int64s,
    ReadInt64s,
    ReadUint32s,
    Uint32s,
    entry_point,
    inlined,
)

SPACE = 32
SPACES, LETTERS, SIGNS = 0, 1, 2
WORD_START = 0x2F6B9D31  # of the hashes of words; those of characters begin with FNV's offset
CHARACTER_START = 0x811C9DC5


@inlined
def kind(c: Any) -> int:
    """What a code point is: a space or invisible, a letter, digit or mark, or a sign (punctuation, symbol, emoji)."""
    if c < 0x80:
        if c <= 0x20 or c == 0x7F:
            return SPACES
        if 0x61 <= c <= 0x7A or 0x30 <= c <= 0x39 or 0x41 <= c <= 0x5A or c == 0x5F:
            return LETTERS
        return SIGNS
    if c < 0xC0:
        if c <= 0xA0 or c == 0xAD:
            return SPACES
        return LETTERS if c == 0xAA or c == 0xB5 or c == 0xBA else SIGNS
    if c < 0x2000:
        if c == 0x1680 or c == 0x180E:
            return SPACES
        return SIGNS if c == 0xD7 or c == 0xF7 else LETTERS
    if c < 0x3040:
        if c <= 0x200F or 0x2028 <= c <= 0x202F or 0x205F <= c <= 0x206F or c == 0x3000:
            return SPACES
        if 0x2C00 <= c <= 0x2DFF or 0x2E80 <= c <= 0x2FDF or 0x3005 <= c <= 0x3007 or 0x2100 <= c <= 0x218F:
            return LETTERS
        return SIGNS
    if c < 0xFE00:
        return SIGNS if 0xD800 <= c <= 0xF8FF else LETTERS
    if c < 0x10000:
        if c <= 0xFE0F or c == 0xFEFF:
            return SPACES
        if c >= 0xFF10 and not (0xFF1A <= c <= 0xFF20 or 0xFF3B <= c <= 0xFF40 or 0xFF5B <= c <= 0xFF65):
            return LETTERS if c < 0xFFE0 else SIGNS
        return SIGNS if c < 0xFE70 or c >= 0xFEFF else LETTERS
    return SIGNS if 0x1F000 <= c <= 0x1FAFF else LETTERS


@inlined
def mix(h: Any, c: Any) -> Any:
    """The hash ``h`` with the number ``c`` appended."""
    h = ((h ^ c) * 0x01000193) & 0xFFFFFFFF
    return h ^ (h >> 15)


@inlined
def finish(h: Any) -> Any:
    """All bits of the hash depend on all others (the finalizer of MurmurHash3)."""
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return h ^ (h >> 16)


@inlined
def prepare(points: Array, begin: Any, end: Any, text: Array, places: Array) -> int:
    """The text with single spaces, also at both ends, into ``text``, and where each stood, into ``places``.

    Returns its length, at most that of the text and two.
    """
    text[0], places[0] = SPACE, begin
    length = 1
    for i in range(begin, end):
        c = np.int64(points[i])
        if kind(c) == SPACES:
            if text[length - 1] == SPACE:
                continue
            c = np.int64(SPACE)
        text[length], places[length] = c, i
        length += 1
    if text[length - 1] != SPACE:
        text[length], places[length] = SPACE, end
        length += 1
    return length


@inlined
def word_hash(text: Array, length: int, i: int) -> tuple[Any, int]:
    """(hash of the word that begins at ``i``, where it ends)."""
    h = np.int64(WORD_START)
    sort = kind(text[i])
    while i < length and text[i] != SPACE and kind(text[i]) == sort:
        h = mix(h, text[i])
        i += 1
    return h, i


@inlined
def add_characters(h: Any, c: Any, size: int, mask: int, end: int, count: int, buckets: Array, ends: Array) -> int:
    """Write the n-gram of ``size`` that ends in ``c``, whose hash without it is ``h``; returns how many there are now.

    Where ``c`` is a Korean syllable with a final consonant, the n-gram without that is written as well.
    """
    buckets[count], ends[count] = finish(mix(h, c) ^ size) & mask, end
    count += 1
    if 0xAC00 <= c <= 0xD7A3 and (c - 0xAC00) % 28 > 0:
        buckets[count], ends[count] = finish(mix(h, c - (c - 0xAC00) % 28) ^ size) & mask, end
        count += 1
    return count


@inlined
def grams_at(
    text: Array, length: int, i: int, longest: int, words: int, across: int, mask: int, buckets: Array, ends: Array
) -> int:
    """The n-grams that begin at ``i``: their buckets and ends are written; returns how many there are.

    Only if ``across`` is 1 do characters run across words.
    """
    count = 0
    h = np.int64(CHARACTER_START)
    for size in range(1, min(longest, length - i) + 1):
        c = text[i + size - 1]
        if size > 1 or c != SPACE:
            count = add_characters(h, c, size, mask, i + size, count, buckets, ends)
        h = mix(h, c)
        if size > 1 and c == SPACE:
            break
    if text[i] == SPACE:
        return count
    if across == 1:
        h, size, crossed = np.int64(CHARACTER_START), 0, False
        for k in range(i, length):
            c = text[k]
            if c == SPACE:
                crossed = True
                continue
            size += 1
            if crossed:
                count = add_characters(h, c, size, mask, k + 1, count, buckets, ends)
            if size == longest:
                break
            h = mix(h, c)
    if words > 0 and (text[i - 1] == SPACE or kind(text[i - 1]) != kind(text[i])):
        h, end = word_hash(text, length, i)
        buckets[count], ends[count] = finish(h) & mask, end
        count += 1
        if words > 1:
            if end < length and text[end] == SPACE:
                end += 1
            if end < length and text[end] != SPACE:
                following, end = word_hash(text, length, end)
                buckets[count], ends[count] = finish(mix(h, following)) & mask, end
                count += 1
    return count


@entry_point
def count_grams(
    points: ReadUint32s,
    starts: ReadInt64s,
    longest: int,
    words: int,
    across: int,
    mask: int,
    row_starts: Int64s,
    columns: Int32s,
    counts: Float32s,
) -> int:
    """Each text's buckets and how often they occur, in the order of their first occurrence; returns their number.

    ``starts`` (texts + 1,) are the places in ``points``; ``row_starts`` (texts + 1,) and ``columns``, ``counts`` are
    written as those of a CSR matrix and must hold ``2*longest + 3`` n-grams for every code point and two more a text.
    """
    buckets, ends = np.empty(2 * longest + 3, np.int64), np.empty(4 * longest + 2, np.int64)
    text, places = np.empty(len(points) + 2, np.int64), np.empty(len(points) + 2, np.int64)
    table = np.full(4096, -1, np.int64)  # open addressing: where in ``columns`` a bucket of this text stands
    total = np.int64(0)
    row_starts[0] = 0
    for row in range(len(starts) - 1):
        length = prepare(points, starts[row], starts[row + 1], text, places)
        first = total
        for i in range(length):
            count = grams_at(text, length, i, longest, words, across, mask, buckets, ends)
            if 2 * (total - first + count) > len(table):
                table = np.full(4 * len(table), -1, np.int64)
                for k in range(first, total):
                    slot = np.int64(columns[k]) & (len(table) - 1)
                    while table[slot] >= 0:
                        slot = (slot + 1) & (len(table) - 1)
                    table[slot] = k
            for g in range(count):
                slot = buckets[g] & (len(table) - 1)
                while table[slot] >= 0 and columns[table[slot]] != buckets[g]:
                    slot = (slot + 1) & (len(table) - 1)
                if table[slot] >= 0:
                    counts[table[slot]] += 1
                else:
                    table[slot] = total
                    columns[total] = buckets[g]
                    counts[total] = 1
                    total += 1
        if len(table) > 65536:
            table = np.full(4096, -1, np.int64)
        elif 8 * (total - first) > len(table):
            table[:] = -1
        else:
            for k in range(total - 1, first - 1, -1):  # the last entered first: no chain is broken
                slot = np.int64(columns[k]) & (len(table) - 1)
                while table[slot] != k:
                    slot = (slot + 1) & (len(table) - 1)
                table[slot] = -1
        row_starts[row + 1] = total
    return int(total)


@entry_point
def locate_grams(
    points: ReadUint32s,
    longest: int,
    words: int,
    across: int,
    mask: int,
    columns: Uint32s,
    begins: Int64s,
    ends: Int64s,
) -> int:
    """Every n-gram of one text: its bucket, where it begins and where it ends among ``points``; returns how many."""
    buckets, stops = np.empty(2 * longest + 3, np.int64), np.empty(4 * longest + 2, np.int64)
    text, places = np.empty(len(points) + 2, np.int64), np.empty(len(points) + 2, np.int64)
    length = prepare(points, 0, len(points), text, places)
    total = 0
    for i in range(length):
        count = grams_at(text, length, i, longest, words, across, mask, buckets, stops)
        for g in range(count):
            columns[total], begins[total] = buckets[g], places[i]
            ends[total] = min(places[stops[g] - 1] + 1, len(points))
            total += 1
    return total
