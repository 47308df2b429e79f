"""Word vectors against plain loops, dense linear algebra, and fastText's own vectors."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unbend as ub
from unbend.text.vectors.corpus import words_of
from unbend.text.vectors.counting import count_pairs, count_words, distance_weights
from unbend.text.vectors.expression import parse
from unbend.text.vectors.factorise import context_logs, cooccurrence, ppmi, truncated_svd

MODELS = Path(__file__).with_name("models")
EXPECTED = json.loads((MODELS / "expected.json").read_text(encoding="utf-8"))

SENTENCES = st.lists(st.lists(st.sampled_from("abcdefg"), max_size=12), max_size=8)


@settings(max_examples=80, deadline=None)
@given(SENTENCES, st.integers(1, 4), st.sampled_from(["linear", "harmonic", "flat"]), st.integers(1, 30))
def test_pairs_are_counted(sentences: list[list[str]], window: int, weighting: str, block: int) -> None:
    weights = distance_weights(window, weighting)
    number = {word: i for i, word in enumerate("abcdef")}  # g is left out before windows are laid
    wanted = np.zeros((6, 6))
    for sentence in sentences:
        ids = [number[word] for word in sentence if word in number]
        for i, a in enumerate(ids):
            for d in range(1, window + 1):
                for j in (i - d, i + d):
                    if 0 <= j < len(ids):
                        wanted[a, ids[j]] += weights[d - 1]
    pairs = count_pairs(sentences, number, weights, block=block)
    np.testing.assert_allclose(cooccurrence(pairs, 6).toarray(), wanted, rtol=1e-12)
    assert pairs.forgotten == 0


def test_weights_of_distances() -> None:
    np.testing.assert_allclose(distance_weights(4, "linear"), [1, 3 / 4, 1 / 2, 1 / 4])
    np.testing.assert_allclose(distance_weights(3, "harmonic"), [1, 1 / 2, 1 / 3])


def test_pairs_that_do_not_fit_are_dropped_and_said() -> None:
    rng = np.random.default_rng(0)
    sentences = [[f"w{i}" for i in np.minimum(rng.geometric(0.05, 30), 199)] for _ in range(300)]
    number = {f"w{i}": i for i in range(1, 200)}
    whole = count_pairs(sentences, number, np.ones(3), block=500)
    cut = count_pairs(sentences, number, np.ones(3), most=1000, block=500)
    assert len(cut.key) <= 1000 < len(whole.key)
    assert cut.count.sum() + cut.forgotten == whole.count.sum()


def test_rare_spellings_are_forgotten_first() -> None:
    sentences = [["often"] * 9, *[[f"rare{i}"] for i in range(50)], ["often", "twice", "twice"]]
    counts = count_words(sentences, most=10)
    assert counts["often"] == 10 and counts["twice"] == 2 and len(counts) <= 11
    assert count_words([["b", "a", "b", "a", "c"]]) == {"a": 2, "b": 2, "c": 1}


def test_ppmi_as_it_is_written() -> None:
    counts = np.random.default_rng(1).integers(0, 4, (7, 7)).astype(float)
    counts += counts.T + np.eye(7)
    from scipy.sparse import csr_array

    sparse = csr_array(counts)
    shares = counts.sum(axis=0) ** 0.75 / (counts.sum(axis=0) ** 0.75).sum()
    with np.errstate(divide="ignore"):
        pmi = np.log(counts / counts.sum(axis=1, keepdims=True) / shares) - np.log(2)
    got = ppmi(sparse, context_logs(sparse, 0.75), 2.0).toarray()
    np.testing.assert_allclose(got, np.maximum(pmi, 0), atol=1e-12)


def test_truncated_svd_is_the_whole_one_cut() -> None:
    from scipy.sparse import random_array

    matrix = random_array((700, 700), density=0.05, rng=np.random.default_rng(0), format="csr")
    U, s, V = truncated_svd(matrix, 12, seed=3)
    whole = np.linalg.svd(matrix.toarray(), compute_uv=False)
    np.testing.assert_allclose(s, whole[:12], rtol=1e-10)
    np.testing.assert_allclose(U.T @ U, np.eye(12), atol=1e-10)
    np.testing.assert_allclose(matrix @ V, U * s, atol=1e-9)
    again = truncated_svd(matrix, 12, seed=3)
    for a, b in zip((U, s, V), again, strict=True):
        np.testing.assert_array_equal(a, b)


TEXTS = [
    "the king rules the land", "the queen rules the land", "the man walks home", "the woman walks home",
    "a king is a man", "a queen is a woman", "a dog eats a bone", "a cat eats a fish",
    "강아지가 뼈를 먹는다", "고양이가 생선을 먹는다",
    "강아지는 귀엽다", "고양이는 귀엽다",
] * 6  # fmt: skip


def test_vectors_of_a_small_corpus(tmp_path: Path) -> None:
    file = tmp_path / "corpus.txt"
    file.write_text("\n".join(TEXTS) + "\n", encoding="utf-8")
    made, of_file = (ub.vectors(corpus, dimension=8, ngrams=(1, 3)) for corpus in (TEXTS, str(file)))
    assert made.words == of_file.words
    np.testing.assert_array_equal(made.vectors, of_file.vectors)
    assert made.near("king", 1)[0][0] == "queen" and made.near("강아지는", 1)[0][0] == "고양이는"
    assert made.analogy("king - man + woman", 3)[0][0] == "queen"
    assert made.similarity("king", "king") == pytest.approx(1)
    counts = Counter(word for text in TEXTS for word in words_of(text))
    assert list(made.words) == sorted(counts, key=lambda word: (-counts[word], word))


def test_unknown_words_from_their_ngrams() -> None:
    made = ub.vectors(TEXTS, dimension=8, ngrams=(1, 3))
    assert "강아지를" not in made
    assert made.near("강아지를", 2)[0][0] in ("강아지가", "강아지는")
    with pytest.raises(ub.BadInput, match="zzz"):
        made["zzz"]
    with pytest.raises(ub.BadInput, match="강아지를"):
        ub.vectors(TEXTS, dimension=8)["강아지를"]


def test_an_ngram_of_one_word_has_its_vector() -> None:
    """Counted and projected as a word is: U S^p = M V S^(p - 1)."""
    from unbend.text.vectors import fit

    before = fit._LEAST_WORDS
    fit._LEAST_WORDS = 1
    try:
        made = ub.vectors(TEXTS, dimension=6, ngrams=(6, 6))
    finally:
        fit._LEAST_WORDS = before
    assert made.ngrams is not None
    got = made.ngrams.vector("queen")  # <queen and queen>, which no other word has
    np.testing.assert_allclose(got, made["queen"], atol=1e-5)


def test_saved_and_read(tmp_path: Path) -> None:
    made = ub.vectors(TEXTS, dimension=5, ngrams=(2, 3))
    again = ub.load(made.save(tmp_path / "v.safetensors"))
    np.testing.assert_array_equal(again.vectors, made.vectors)
    np.testing.assert_array_equal(again["강아지를"], made["강아지를"])
    assert again.words == made.words and again.about == made.about
    text = ub.load(made.save(tmp_path / "v.vec"))
    np.testing.assert_array_equal(text.vectors, made.vectors)
    assert text.words == made.words and text.ngrams is None


@pytest.mark.parametrize("name", ["skipgram.bin", "cbow.bin"])
def test_fasttexts_vectors(name: str) -> None:
    made = ub.load(MODELS / name)
    for word, vector in EXPECTED[name].items():
        if any(vector):
            np.testing.assert_allclose(made[word], vector, atol=1e-6)
        else:  # fastText gives zeros where nothing is known
            with pytest.raises(ub.BadInput):
                made[word]


def test_vec_files_of_fasttext() -> None:
    text, binary = ub.load(MODELS / "cbow.vec"), ub.load(MODELS / "cbow.bin")
    assert text.words == binary.words
    np.testing.assert_allclose(text.vectors, binary.vectors, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"2 3\na 1 2 3\n", b"1 2\na 1 2\nb 1 2\n", b"1 2\na 1 x\n", b"1 2\na 1 nan\n", b"1 2\na 1 inf\n",
     b"9999999999 3\n", b"1 99999999999\na 1\n", b"word\n", b"a 1 2\nb 1\n", b"1 0\na\n", b"\xff\xfe 1e999\n"],
)  # fmt: skip
def test_damaged_vec_files(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.vec").write_bytes(content)
    with pytest.raises(ub.BadInput) as caught:
        ub.load(tmp_path / "a.vec")
    assert "\n" not in str(caught.value)


def test_a_vec_file_without_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "glove.vec").write_bytes(b"the 0.5 -1\nof 1e-2 2\n\xff 0 1\n")
    made = ub.load(tmp_path / "glove.vec")
    assert made.words == ("the", "of", "\\xff")
    np.testing.assert_allclose(made.vectors, [[0.5, -1], [0.01, 2], [0, 1]])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("king - man + woman", [(1, "king"), (-1, "man"), (1, "woman")]),
        ("- bad", [(-1, "bad")]),
        ("0.5*good − 2 * bad-tempered", [(0.5, "good"), (-2, "bad-tempered")]),
        ("왕 - 남자 + 여자", [(1, "왕"), (-1, "남자"), (1, "여자")]),
    ],
)
def test_expressions(text: str, wanted: list[tuple[float, str]]) -> None:
    assert parse(text) == wanted


@pytest.mark.parametrize("text", ["", " ", "a +  + b", "a b", "+ ", "a - "])
def test_no_expressions(text: str) -> None:
    with pytest.raises(ub.BadInput):
        parse(text)


@pytest.mark.parametrize(
    "arguments",
    [{"dimension": 0}, {"window": 0}, {"weighting": "near"}, {"ngrams": (3, 2)}, {"shift": 0.0}, {"smoothing": -1},
     {"dimension": 500}, {"min_count": 1.5}],
)  # fmt: skip
def test_arguments_out_of_range(arguments: dict[str, object]) -> None:
    with pytest.raises(ub.BadInput):
        ub.vectors(TEXTS, **{"dimension": 4, **arguments})  # type: ignore[arg-type]


def test_corpora_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9 " * 10)
    for corpus in (tmp_path / "latin.txt", tmp_path / "missing.txt", tmp_path, [b"bytes"]):
        with pytest.raises(ub.BadInput):
            ub.vectors(corpus)  # type: ignore[arg-type]


def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    """Three times the text, the same peak."""
    rng = np.random.default_rng(0)
    words = np.array([f"w{i}" for i in range(400)])
    lines = [" ".join(words[np.minimum(rng.geometric(0.02, 12), 399)]) + "\n" for _ in range(4000)]
    peaks = []
    for times in (1, 3):
        (tmp_path / "corpus.txt").write_text("".join(lines * times))
        weights, number = np.ones(3), {word: i for i, word in enumerate(words)}
        from unbend.text.vectors.corpus import sentences

        tracemalloc.start()
        count_words(sentences(tmp_path / "corpus.txt"))
        count_pairs(sentences(tmp_path / "corpus.txt"), number, weights, block=20_000)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


def test_the_plane_keeps_the_largest_differences() -> None:
    made = ub.vectors(TEXTS, dimension=8)
    words = ["king", "queen", "man", "woman", "dog", "cat"]
    plane = made.plane(words)
    points = np.array([made[word] / np.linalg.norm(made[word]) for word in words])
    points -= points.mean(axis=0)
    s = np.linalg.svd(points, compute_uv=False)
    np.testing.assert_allclose(np.linalg.norm(plane, axis=0), s[:2], rtol=1e-10)
