"""`write_text`: a table of n-grams as a Python module that needs the standard library alone."""

from __future__ import annotations

from ...text.fasttext import NgramTable
from ...words import say
from .parts import encoded_arrays, head_lines, settings

_CODE = '''\
import base64
import math
import re
import sys
from array import array
from bisect import bisect_left

CLASSES = {class_list!a}
OUTPUTS, BUCKETS, SHORTEST, LONGEST, WORD_NGRAMS = {outputs}, {buckets}, {shortest}, {longest}, {word_ngrams}


def _numbers(kind, text):
    numbers = array(kind, base64.b64decode(text))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


WORDS = {{word: row for row, word in enumerate(base64.b64decode("{words}").split(b"\\0")[:-1])}}
LABELS = set(base64.b64decode("{labels}").split(b"\\0")[:-1])
KEPT = {kept}
TREE = {tree}
{weights}


def _hash(data):
    h = 2166136261
    for byte in data:  # each byte with its sign, as fastText takes it
        h = ((h ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * 16777619) & 0xFFFFFFFF
    return h


def _of_bucket(h):
    """The rows, one or none, of a hash."""
    bucket = h % BUCKETS
    if KEPT is None:
        return [len(WORDS) + bucket]
    place = bisect_left(KEPT, bucket)
    return [len(WORDS) + place] if place < len(KEPT) and KEPT[place] == bucket else []


def _characters(word):
    text = b"<" + word + b">"
    starts = [i for i, byte in enumerate(text) if byte & 0xC0 != 0x80] + [len(text)]
    last = len(starts) - 1
    for i in range(last):
        for n in range(SHORTEST, min(LONGEST, last - i) + 1):
            if n > 1 or 0 < i < last - 1:
                yield from _of_bucket(_hash(text[starts[i] : starts[i + n]]))


def rows(text):
    """{doc_rows}"""
    text = re.sub("[\\ud800-\\udfff]", "\\ufffd", text)
    words = text.encode("utf-8").replace(b"\\0", b" ").split() + [b"</s>"]
    found, running = [], []
    for word in words[: words.index(b"</s>") + 1]:
        if word in LABELS or (word.startswith(b"__label__") and word not in WORDS):
            continue
        found += [WORDS[word]] if word in WORDS else []
        if LONGEST and word != b"</s>":
            found += _characters(word)
        if WORD_NGRAMS > 1:
            h = _hash(word)
            h = (h - (h >> 31 << 32)) & 0xFFFFFFFFFFFFFFFF
            running = [h, *((r * 116049371 + h) & 0xFFFFFFFFFFFFFFFF for r in running)][:WORD_NGRAMS]
            for r in running[1:]:
                found += _of_bucket(r)
    return found


def output(text):
    """{doc_output}"""
    found = rows(text)
    if not found:
        return None
    return [sum(_weight(row * OUTPUTS + k) for row in found) / len(found) for k in range(OUTPUTS)]


def probabilities(text):
    """{doc_probabilities}"""
    scores = output(text)
    return None if scores is None else _link(scores)


def predict(text):
    """{doc_predict}"""
    p = probabilities(text)
    return None if p is None else CLASSES[p.index(max(p))]


def _log_sigmoid(z):
    return min(z, 0.0) - math.log1p(math.exp(-abs(z)))


{link}
'''
_LINKS = {
    "softmax": """\
def _link(scores):
    parts = [math.exp(score - max(scores)) for score in scores]
    return [part / sum(parts) for part in parts]""",
    "one_vs_all": """\
def _link(scores):
    return [math.exp(_log_sigmoid(score)) for score in scores]""",
    "tree": """\
def _link(scores):
    logs = [0.0] * (2 * len(CLASSES) - 1)
    for k in range(len(CLASSES) - 2, -1, -1):
        above = logs[len(CLASSES) + k]
        logs[TREE[2 * k]] = above + _log_sigmoid(-scores[k])
        logs[TREE[2 * k + 1]] = above + _log_sigmoid(scores[k])
    return [math.exp(value) for value in logs[: len(CLASSES)]]""",
}
_FLOATS = """\
WEIGHTS = _numbers("d", "{weights}")


def _weight(i):
    return WEIGHTS[i]"""
_CODES = """\
CODES = _numbers("b", "{codes}")
SCALES = _numbers("f", "{scales}")


def _weight(i):
    return CODES[i] * SCALES[i // {block}]"""


def write_text(table: NgramTable, name: str) -> str:
    """A module with ``rows``, ``output``, ``probabilities`` and ``predict``, each of a text."""
    arrays, numbers = encoded_arrays(table), settings(table)
    docs = {f"doc_{what}": say(f"fasttext.doc_{what}") for what in ("rows", "output", "probabilities", "predict")}
    weights = (_FLOATS if arrays["weights"] else _CODES).format(**arrays, **numbers)
    lists = {"tree": f'_numbers("i", "{arrays["tree"]}")'}
    lists["kept"] = "None" if table.vocabulary.buckets is None else f'_numbers("i", "{arrays["kept"]}")'
    code = _CODE.format(
        **numbers, **docs, **lists, words=arrays["words"], labels=arrays["labels"], weights=weights,
        class_list=list(table.classes), link=_LINKS[table.link],
    )  # fmt: skip
    return "".join(f"# {line}\n" for line in head_lines(table, name)) + code
