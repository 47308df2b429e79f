"""fastText's models against fastText itself: what version 0.9.2 computes of the texts is in models/expected.json."""

from __future__ import annotations

import contextlib
import json
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unbend as ub
from unbend.text.fasttext import NgramTable, collapse_fasttext, read_fasttext, shrink_table, vocabulary
from unbend.text.fasttext.hashing import character_ngrams, word_hashes, word_ngrams
from unbend.text.fasttext.tree import LabelTree
from unbend.text.fasttext.vocabulary import Vocabulary

MODELS = Path(__file__).with_name("models")
EXPECTED = json.loads((MODELS / "expected.json").read_text(encoding="utf-8"))
SUPERVISED = [name for name, said in EXPECTED.items() if "labels" in said]


def said(name: str) -> tuple[list[str], list[dict[str, Any]]]:
    rows = EXPECTED[name]["texts"]
    return [row["text"] for row in rows], rows


@pytest.mark.parametrize("name", SUPERVISED)
def test_logits_and_probabilities_are_fasttexts(name: str) -> None:
    model = ub.load(MODELS / name)
    assert [label.decode() for label in model.labels] == EXPECTED[name]["labels"]
    table = ub.collapse(model)
    texts, rows = said(name)
    logits, shares = table.logits(texts), table.probabilities(texts)
    for i, row in enumerate(rows):
        if row["logits"] is not None:  # float32 sums of terms far larger than 1
            np.testing.assert_allclose(logits[i], row["logits"][: logits.shape[1]], rtol=1e-6, atol=4e-6)
        known = [k for k, p in enumerate(row["probabilities"]) if p is not None]
        # fastText adds 0.00001 to a probability (for a tree at each node); its sigmoid is a table with steps of 1/32
        tolerance = {"one_vs_all": 8e-3, "tree": 1e-4}.get(table.link, 2e-6)
        wanted = np.array([row["probabilities"][k] for k in known]) - 1e-5
        np.testing.assert_allclose(shares[i, known], wanted, atol=tolerance)


@pytest.mark.parametrize("name", SUPERVISED)
def test_the_table_is_the_model_exactly(name: str) -> None:
    """Averages of rows times the output matrix, in float64 and in the other order."""
    model = read_fasttext(MODELS / name)
    table = collapse_fasttext(model)
    texts, _ = said(name)
    found = model.vocabulary.rows(texts)
    W = model.output.rows(np.arange(table.weights.shape[1]))
    for i, logits in enumerate(table.logits(texts)):
        hidden = model.input.rows(found.row[found.text == i]).mean(axis=0)
        np.testing.assert_allclose(W @ hidden, logits, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", SUPERVISED)
def test_contributions_sum_to_the_logits(name: str) -> None:
    table = ub.collapse(ub.load(MODELS / name))
    texts, _ = said(name)
    for text, logits in zip(texts, table.logits(texts), strict=True):
        why = table.explain(text)
        np.testing.assert_allclose(why.logits, logits, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(why.by_word.sum(axis=0), logits, rtol=1e-12, atol=1e-12)
        for ngram, (first, last) in zip(why.ngrams, why.places, strict=True):
            inside = ngram == " ".join(why.words[first:last]) if last > first + 1 else (
                ngram in why.words[first] or ngram in f"<{why.words[first]}>")  # fmt: skip
            assert inside


@pytest.mark.parametrize("name", SUPERVISED)
def test_saved_and_shrunk(name: str, tmp_path: Path) -> None:
    table = ub.collapse(ub.load(MODELS / name))
    texts, _ = said(name)
    again = ub.load(table.save(tmp_path / "table.safetensors"))
    assert isinstance(again, NgramTable) and again.classes == table.classes
    np.testing.assert_array_equal(again.logits(texts), table.logits(texts))
    shrunk = shrink_table(table, texts)
    assert shrunk.rows_after < shrunk.rows_before and shrunk.bytes_after < shrunk.bytes_before / 4
    again = ub.load(shrunk.table.save(tmp_path / "small.safetensors"))
    difference = np.abs(again.logits(texts) - table.logits(texts)).max()
    assert difference == pytest.approx(shrunk.largest) and difference <= shrunk.bound * (1 + 1e-9)
    unrounded = shrink_table(table, texts, int8=False)
    np.testing.assert_allclose(unrounded.table.logits(texts), table.logits(texts), rtol=1e-12, atol=1e-12)


def test_a_text_without_anything_known_has_no_answer() -> None:
    table = ub.collapse(ub.load(MODELS / "bag.bin"))
    small = shrink_table(table, ["what is my balance"]).table
    assert b"</s>" in small.vocabulary.words
    words = tuple(word for word in small.vocabulary.words if word != b"</s>")
    cut = NgramTable(vocabulary=Vocabulary(words=words), weights=small.rows(np.arange(len(words))),
                     labels=small.labels, link="softmax")  # fmt: skip
    for link in ("softmax", "one_vs_all"):
        assert np.isnan(replace(cut, link=link).probabilities(["xyzzy"])).all()
    assert np.isnan(cut.logits(["xyzzy"])).all() and cut.predict(["xyzzy", "balance"])[0] is None


def test_trees_of_two_classes_are_linear() -> None:
    table = ub.collapse(ub.load(MODELS / "tree.bin"))
    assert not table.is_linear and len(table.outputs) == len(table.classes) - 1
    assert " | " in table.outputs[0]


def naive_hash(text: bytes) -> int:
    h = 2166136261
    for byte in text:
        h = ((h ^ (byte - 256 if byte > 127 else byte) % 2**32) * 16777619) % 2**32
    return h


def naive_ngrams(word: str, shortest: int, longest: int) -> list[str]:
    """The same from characters, not bytes."""
    text = f"<{word}>"
    spans = [(i, i + n) for n in range(1, longest + 1) for i in range(len(text) - n + 1) if n >= shortest]
    return [text[i:j] for i, j in spans if j - i > 1 or 0 < i < len(text) - 1]


WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"]), min_size=1, max_size=9), max_size=6)


@settings(max_examples=150, deadline=None)
@given(WORDS, st.integers(1, 4), st.integers(0, 6))
def test_character_ngrams(words: list[str], shortest: int, longest: int) -> None:
    found = character_ngrams([word.encode() for word in words], shortest, longest)
    assert word_hashes([w.encode() for w in words]).tolist() == [naive_hash(word.encode()) for word in words]
    for i, word in enumerate(words):
        mine = found.word == i
        got = [found.text[a:b].decode() for a, b in zip(found.start[mine], found.end[mine], strict=True)]
        assert sorted(got) == sorted(naive_ngrams(word, shortest, longest))
        assert found.hash[mine].tolist() == [naive_hash(ngram.encode()) for ngram in got]


def test_published_hash_of_ascii() -> None:
    """FNV-1a, 32 bits, from the test vectors of its authors (Fowler, Noll & Vo); the same for bytes below 128."""
    assert word_hashes([b"", b"a", b"foobar", b"f" * 600])[:3].tolist() == [0x811C9DC5, 0xE40C292C, 0xBF9CF968]
    assert word_hashes([b"f" * 600, b"f" * 400]).tolist() == [naive_hash(b"f" * 600), naive_hash(b"f" * 400)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2**32 - 1), max_size=8), st.integers(1, 5))
def test_word_ngrams(hashes: list[int], longest: int) -> None:
    document = np.arange(len(hashes)) // 5
    got = word_ngrams(np.array(hashes, np.uint32), document, longest)
    signed = [h - 2**32 if h >= 2**31 else h for h in hashes]
    wanted = []
    for n in range(2, longest + 1):
        for i in range(len(hashes) - n + 1):
            if document[i] == document[i + n - 1]:
                h = signed[i] % 2**64
                for j in range(i + 1, i + n):
                    h = (h * 116049371 + signed[j]) % 2**64
                wanted.append((i, h))
    assert [(int(i), int(h)) for first, values in got for i, h in zip(first, values, strict=True)] == wanted


@pytest.mark.parametrize("counts", [[5], [3, 2], [8, 4, 2, 1], [1, 1, 1, 1, 1], [0, 0, 0], [9, 9, 1, 0, 0, 0]])
def test_trees(counts: list[int]) -> None:
    tree = LabelTree.from_counts(counts)
    assert tree.label_count == len(counts)
    scores = np.random.default_rng(0).normal(size=(4, len(counts) - 1)) * 20
    np.testing.assert_allclose(tree.probabilities(scores).sum(axis=1), 1)
    assert sorted(tree.children.ravel().tolist()) == list(range(2 * len(counts) - 2))


@pytest.mark.parametrize("name", ["softmax_words.bin", "softmax_subwords.bin"])
def test_a_text_in_pieces_adds_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = ub.collapse(ub.load(MODELS / name))
    texts, _ = said(name)
    whole = table.logits(texts)
    for size in (1, 2, 7):
        monkeypatch.setattr(vocabulary, "_BATCH", size)
        np.testing.assert_allclose(table.logits(texts), whole, rtol=1e-12, atol=1e-12)


def test_sizes_that_a_file_cannot_hold_take_no_memory(tmp_path: Path) -> None:
    """Each number of the header and of the matrices announces as much as it can; the peak stays small."""
    data = (MODELS / "codes_out.ftz").read_bytes()
    path = tmp_path / "model.bin"
    path.write_bytes(data)
    collapse_fasttext(read_fasttext(path))
    places = [*range(8, 84, 4), *range(len(data) - 9000, len(data) - 16, 611)]
    tracemalloc.start()
    try:
        for at in places:
            for value in (2**31 - 1, -1, 10**6):
                path.write_bytes(data[:at] + value.to_bytes(4, "little", signed=True) + data[at + 4 :])
                tracemalloc.reset_peak()
                with contextlib.suppress(ub.BadInput):
                    collapse_fasttext(read_fasttext(path))
                assert tracemalloc.get_traced_memory()[1] < 64 * len(data) + 2**21
    finally:
        tracemalloc.stop()


def test_lone_surrogates_and_long_texts() -> None:
    table = ub.collapse(ub.load(MODELS / "softmax_subwords.bin"))
    assert np.isfinite(table.logits(["\ud800 what", "x" * 5000, "what " * 30_000])).all()
    np.testing.assert_array_equal(*table.logits(["\ud800 what", "\ufffd what"]))
