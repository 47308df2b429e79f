"""`sums_python`: exported Python that adds up what a text's n-grams say; the standard library alone."""

from __future__ import annotations

from collections.abc import Sequence

from ...words import say
from .tables import CONSTANTS, NgramSums, kind_runs

IMPORTS = ("base64", "math", "sys", "unicodedata")
FROM_IMPORTS = ("from array import array", "from bisect import bisect_right", "from collections import Counter")
_SOURCE = '''\
_RUNS = {runs}
_KINDS = {kinds}  # from each of these code points on: 0 spaces, 1 letters, 2 signs


def _numbers(code, text):
    numbers = array(code, base64.b64decode(text))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class _Sums:
    """Weights of n-grams; the text's row is log2(1 + count) times idf, divided by its length."""

    def __init__(self, longest, words, across, mask, outputs, buckets, idf, codes, scales):
        self.longest, self.words, self.across, self.mask, self.outputs = longest, words, across, mask, outputs
        self.row = {{bucket: row for row, bucket in enumerate(_numbers("I", buckets))}}
        self.idf, self.codes, self.scales = _numbers("B", idf), _numbers("b", codes), _numbers("f", scales)

    def counts(self, text):
        text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text or "").lower())
        found = Counter()
        for at in range(0, max(len(text), 1), {chunk}):
            found.update(_hashes(_padded(text[at : at + {chunk}]), self))
        return {{self.row[bucket]: count for bucket, count in found.items() if bucket in self.row}}

    def __call__(self, text):
        k, sums, squares = self.outputs, [0.0] * self.outputs, 0.0
        for row, count in self.counts(text).items():
            value = self.idf[row] / {steps} * math.log2(1 + count)
            squares += value * value
            for i in range(k):
                sums[i] += value * self.codes[row * k + i] * self.scales[(row * k + i) // {block}]
        return [one / math.sqrt(squares) for one in sums] if squares else sums


def _kind(c):
    return _KINDS[bisect_right(_RUNS, c) - 1]


def _mix(h, c):
    h = (h ^ c) * 0x01000193 & 0xFFFFFFFF
    return h ^ h >> 15


def _finish(h):
    h = (h ^ h >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    h = (h ^ h >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return h ^ h >> 16


def _padded(text):
    """Code points with single spaces, also at both ends."""
    padded = [32]
    for c in map(ord, text):
        c = c if _kind(c) else 32
        if c != 32 or padded[-1] != 32:
            padded.append(c)
    return padded if padded[-1] == 32 else [*padded, 32]


def _word(text, i):
    """The hash of the word that begins at i, and where it ends."""
    h, sort = 0x2F6B9D31, _kind(text[i])
    while i < len(text) and text[i] != 32 and _kind(text[i]) == sort:
        h = _mix(h, text[i])
        i += 1
    return h, i


def _ending(h, c, size, mask):
    """Those of a character n-gram that ends in c, h is its hash without it: as it is, and without a final consonant."""
    yield _finish(_mix(h, c) ^ size) & mask
    if 0xAC00 <= c <= 0xD7A3 and (c - 0xAC00) % 28:
        yield _finish(_mix(h, c - (c - 0xAC00) % 28) ^ size) & mask


def _hashes(text, by):
    """The bucket of each n-gram of characters, word, and pair of words."""
    for i in range(len(text)):
        h = 0x811C9DC5
        for size, c in enumerate(text[i : i + by.longest], 1):
            if size > 1 or c != 32:
                yield from _ending(h, c, size, by.mask)
            h = _mix(h, c)
            if size > 1 and c == 32:
                break
        if text[i] == 32:
            continue
        h, size, k = 0x811C9DC5, 0, i
        while by.across and k < len(text) and size < by.longest:
            if text[k] != 32:
                size += 1
                if k - i >= size:
                    yield from _ending(h, text[k], size, by.mask)
                h = _mix(h, text[k])
            k += 1
        if by.words and (text[i - 1] == 32 or _kind(text[i - 1]) != _kind(text[i])):
            h, end = _word(text, i)
            yield _finish(h) & by.mask
            end += end < len(text) and text[end] == 32
            if by.words > 1 and end < len(text) and text[end] != 32:
                yield _finish(_mix(h, _word(text, end)[0])) & by.mask


_SUMS = [
{tables}
]

'''
_TABLE = """\
    # {comment}
    _Sums({longest}, {words}, {across}, {mask}, {outputs}, "{buckets}", "{idf}",
          "{codes}",
          "{scales}"),"""


def sums_python(tables: Sequence[NgramSums]) -> str:
    """``_SUMS``: for each table a function of a text that gives its sums, and its ``counts`` of each row."""
    starts, kinds = zip(*kind_runs(), strict=True)
    sources = [
        _TABLE.format(comment=say("text.export_table", rows=len(one.buckets)), **one.settings(), **one.encoded())
        for one in tables
    ]
    return _SOURCE.format(runs=list(starts), kinds=list(kinds), tables="\n".join(sources), **CONSTANTS)
