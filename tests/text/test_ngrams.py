"""N-grams in buckets, against the same counted with strings; weights, against scikit-learn's."""

from __future__ import annotations

import unicodedata
from collections import Counter
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from unbend.text.hashing_kernel import kind
from unbend.text.ngrams import CHUNK, NGrams
from unbend.text.normalise import normalise
from unbend.text.weighting import IDF_STEPS, Weighting, count_rows, naive_bayes_scale

ANY_TEXT = st.text(
    st.characters() | st.sampled_from("가각힣 \t.,!😀안못좋았다\ud800\udfff\u200f\x00e\u0301"), max_size=30
)
BITS = 24


def _mix(h: int, c: int) -> int:
    h = (h ^ c) * 16777619 % 2**32
    return h ^ h >> 15


def _bucket(h: int) -> int:
    h = (h ^ h >> 16) * 0x85EBCA6B % 2**32
    h = (h ^ h >> 13) * 0xC2B2AE35 % 2**32
    return (h ^ h >> 16) % 2**BITS


def _characters(gram: str) -> int:
    h = 2166136261
    for c in gram:
        h = _mix(h, ord(c))
    return _bucket(h ^ len(gram))


def _word(word: str) -> int:
    h = 0x2F6B9D31
    for c in word:
        h = _mix(h, ord(c))
    return h


def _words(text: str) -> list[str]:
    """Runs of code points of the same kind; spaces, which have become " ", divide them."""
    found: list[str] = []
    last = 0
    for c in text:
        k = kind(ord(c))
        if k:
            found[-1:] = [found[-1] + c] if k == last else [*found[-1:], c]
        last = k
    return found


def _expected(text: str, longest: int, words: int) -> Counter[int]:
    text = "".join(" " if kind(ord(c)) == 0 else c for c in normalise(text))
    sizes = range(1, longest + 1)
    inside = [f" {word} " for word in text.split()]
    grams = [word[i : i + n] for word in inside for n in sizes for i in range(len(word) - n + 1)]
    closed = "".join(text.split())
    word_of = [k for k, word in enumerate(text.split()) for _ in word]
    for n in sizes:
        grams += [closed[i : i + n] for i in range(len(closed) - n + 1) if word_of[i] != word_of[i + n - 1]]
    counts = Counter(_characters(gram) for gram in grams if gram.strip())
    for gram in grams:
        parts = unicodedata.normalize("NFD", gram[-1])
        if "가" <= gram[-1] <= "힣" and len(parts) == 3:
            counts[_characters(gram[:-1] + unicodedata.normalize("NFC", parts[:2]))] += 1
    hashes = [_word(word) for word in _words(text)]
    counts.update(_bucket(h) for h in hashes[: len(hashes) if words else 0])
    counts.update(_bucket(_mix(a, b)) for a, b in pairwise(hashes) if words > 1)
    return counts


@settings(deadline=None, max_examples=150)
@given(st.lists(ANY_TEXT, max_size=4), st.integers(1, 5), st.integers(0, 2))
@example(["", " ", "안 좋았다, don't!!", "a b a b"], 4, 2)
def test_counts_are_those_of_strings(texts: list[str], longest: int, words: int) -> None:
    grams = NGrams(longest, words, BITS)
    counts = grams.count(texts)
    assert counts.shape == (len(texts), 2**BITS)
    for i, text in enumerate(texts):
        at = slice(counts.row_starts[i], counts.row_starts[i + 1])
        assert dict(zip(counts.columns[at].tolist(), counts.values[at].tolist(), strict=True)) == _expected(
            text, longest, words
        )
        buckets, begins, ends = grams.locate(text)
        assert Counter(buckets.tolist()) == _expected(text, longest, words)
        assert ((begins >= 0) & (begins <= ends) & (ends <= len(normalise(text)))).all()


def test_located_ngrams_stand_where_they_are_said_to() -> None:
    text = "안  좋았다"
    buckets, begins, ends = NGrams(longest=2, words=1).locate(text)
    where = {b: text[i:j] for b, i, j in zip(buckets.tolist(), begins, ends, strict=True)}
    assert where[_characters("안 ")] == "안 " and where[_characters("좋았")] == "좋았"
    assert where[_bucket(_word("좋았다"))] == "좋았다" and where[_characters("좋아")] == "좋았"


def test_same_bits_on_one_and_two_threads() -> None:
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("가나다 abc"), 100)) for _ in range(6000)]
    one, two = NGrams().count(texts, threads=1), NGrams().count(texts, threads=2)
    for name in ("row_starts", "columns", "values"):
        assert np.array_equal(getattr(one, name), getattr(two, name))


def test_missing_and_composed_texts() -> None:
    counts = NGrams().count([None, float("nan"), "", "é", "E\u0301"])
    assert counts.lengths.tolist()[:3] == [0, 0, 0]
    first, second = (counts.columns[counts.row_starts[i] : counts.row_starts[i + 1]] for i in (3, 4))
    assert np.array_equal(first, second)


def test_a_text_of_many_chunks_is_counted_in_parts() -> None:
    text = "좋은 영화 " * (CHUNK // 3)
    counts = NGrams(longest=1, words=0).count([text])
    assert counts.values.sum() == 7 * (CHUNK // 3)  # 좋은영화, and 조으여 without the consonants


def test_weights_are_those_of_scikit_learn() -> None:
    feature = pytest.importorskip("sklearn.feature_extraction.text")
    texts = ["the cat sat", "the dog sat on the cat", "a dog and a dog", "cats"]
    counts = NGrams(longest=3, words=0, across=False).count(texts)
    rows = Weighting.of(counts, least_rows=1)(counts)
    vocabulary = feature.CountVectorizer(analyzer="char_wb", ngram_range=(1, 3)).fit(texts)
    peer = vocabulary.transform(texts).astype(float)
    df = np.bincount(peer.indices, minlength=peer.shape[1])
    idf = np.round((np.log(5 / (1 + df)) + 1) * IDF_STEPS) / IDF_STEPS
    not_space = np.array([bool(gram.strip()) for gram in vocabulary.get_feature_names_out()])
    dense = (np.log2(1 + peer.toarray()) * idf)[:, not_space]
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    for i in range(len(texts)):
        own = np.sort(rows.values[rows.row_starts[i] : rows.row_starts[i + 1]])
        np.testing.assert_allclose(own, np.sort(dense[i][dense[i] > 0]), rtol=1e-5)


def test_weights_come_from_the_training_rows_alone() -> None:
    texts = ["good film", "bad film", "good one", "bad one", "strange thing", "strange other"]
    train = np.array([True, True, True, True, False, False])
    other = [*texts[:4], "quite different", "words here"]
    positive = np.array([True, False, True, False, True, False])
    weightings, scales = [], []
    for chosen in (texts, other):
        counts = NGrams().count(chosen)
        weightings.append(Weighting.of(counts, train))
        rows_with = count_rows(weightings[-1](counts), np.where(train, positive, -1), 2)
        scales.append(naive_bayes_scale(rows_with, (2, 2)))
    assert np.array_equal(weightings[0].buckets, weightings[1].buckets)
    assert np.array_equal(weightings[0].idf, weightings[1].idf) and np.array_equal(*scales)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(st.sampled_from("abc가각.,!😀"), min_size=1, max_size=4), max_size=6), st.randoms())
def test_a_bag_of_words_does_not_see_their_order(words: list[str], random: Random) -> None:
    shuffled = random.sample(words, len(words))
    bag = NGrams(words=1, across=False)
    one, other = (Counter(bag.locate(" ".join(order))[0].tolist()) for order in (words, shuffled))
    assert one == other


def test_where_n_grams_are_many_the_most_frequent_ones_are_kept() -> None:
    counts = NGrams(longest=1, words=0).count(["ab", "abc", "abcd", "xyzabcde"])
    kept = Weighting.of(counts, least_rows=1, most_columns=3)
    assert set(kept.buckets.tolist()) == {_characters(c) for c in "abc"}
