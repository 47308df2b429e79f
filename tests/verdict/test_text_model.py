"""Straight models of text: what they learn, what they say, their files, and texts that try to break them."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from unbend.arrays import Array
from unbend.errors import BadInput, DataError, ModelError
from unbend.text.ngrams import NGrams
from unbend.verdict.calibration import Calibration
from unbend.verdict.text import TextModel, fit_text
from unbend.verdict.text.temperature import damped

WORDS = np.array("film plot scene actor story music camera end start role 영화 연기 배우 결말 음악".split())
GOOD, BAD = np.array("great lovely 최고 좋다".split()), np.array("awful boring 최악 별로".split())


def reviews(n: int, seed: int, noise: float = 0.1) -> tuple[list[str], Array]:
    rng = np.random.default_rng(seed)
    positive = rng.random(n) < 0.5
    texts = []
    for good in positive:
        words = [*rng.choice(WORDS, 5), rng.choice(GOOD if good else BAD)]
        texts.append(" ".join(rng.permutation(words)))
    return texts, positive ^ (rng.random(n) < noise)


@pytest.fixture(scope="module")
def model() -> TextModel:
    texts, labels = reviews(3000, 0)
    return fit_text(texts, labels)


def test_it_learns_what_can_be_learned_and_knows_how_sure_it_is(model: TextModel) -> None:
    texts, labels = reviews(5000, 1)
    assert np.mean(model.predict(texts) == labels.astype(str)) > 0.88  # 0.9 is all that the noise leaves
    assert abs(model.held_out.score - 0.9) < 0.05
    log_odds = damped(model.output(texts), model.damping)
    assert Calibration.of(log_odds, labels.astype(int), 2).error < 0.03
    np.testing.assert_allclose(model.probabilities(texts)[:, 1], 1 / (1 + np.exp(-log_odds[:, 0])))
    np.testing.assert_allclose(model.explain(texts[0]).probabilities, model.probabilities(texts[:1])[0])


def test_contributions_sum_to_the_output(model: TextModel) -> None:
    texts = [*reviews(50, 2)[0], "", "  ", "unknown 낱말 😀", "great " * 50, "a\x00b\u200f\ud800 영화"]
    for text in texts:
        told = model.explain(text)
        np.testing.assert_allclose(told.contributions.sum(axis=0) + told.intercepts, told.output, atol=1e-9)
        np.testing.assert_allclose(told.ngram_contributions.sum(axis=0) + told.intercepts, told.output, atol=1e-9)
    told = model.explain("music great camera")
    assert [told.text[i:j] for i, j in told.words] == ["music", "great", "camera"]
    assert told.contributions[:, 0].argmax() == 1


def test_several_classes_and_numbers() -> None:
    rng = np.random.default_rng(0)
    kinds = rng.integers(0, 3, 600)
    texts = [f"{rng.choice(WORDS)} {['red', 'green', 'blue'][k]} {rng.choice(WORDS)}" for k in kinds]
    model = fit_text(texts, kinds)
    assert model.classes == ("0", "1", "2") and np.mean(model.predict(texts) == kinds.astype(str)) == 1
    np.testing.assert_allclose(model.probabilities(texts).sum(axis=1), 1)
    values = 100 + 20.0 * kinds
    numbers = fit_text(texts, values, "regression")
    assert numbers.classes == () and np.abs(numbers.predict(texts) - values).mean() < 2
    assert numbers.held_out.score > 0.95


def test_file_is_small_and_read_bit_by_bit(model: TextModel, tmp_path: Path) -> None:
    path = model.save(tmp_path / "model.safetensors")
    back = TextModel.load(path)
    texts = reviews(500, 3)[0]
    assert np.array_equal(back.output(texts), model.output(texts))
    for name in ("classes", "held_out", "grams", "damping"):
        assert getattr(back, name) == getattr(model, name)
    assert path.stat().st_size < 4 * len(model.weighting.buckets) + 2000
    dense = fit_text(*reviews(300, 4), grams=NGrams(bits=10))
    back = TextModel.load(dense.save(tmp_path / "dense.safetensors"))
    assert np.array_equal(back.output(texts), dense.output(texts))


@pytest.mark.parametrize("name", ["idf", "sizes", "gaps", "codes", "scales", "intercepts"])
def test_damaged_files_are_refused(model: TextModel, tmp_path: Path, name: str) -> None:
    path = model.save(tmp_path / "model.safetensors")
    content = path.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"]
    for change in (lambda a: a[:-1], lambda a: a[::-1].astype(np.int16), lambda a: a.astype(np.float32) * np.nan):
        arrays = load_file(path)
        arrays[name] = change(arrays[name])
        save_file(arrays, tmp_path / "damaged.safetensors", metadata=header)
        with pytest.raises(ModelError):
            TextModel.load(tmp_path / "damaged.safetensors")


def test_same_seed_same_bits_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, labels = reviews(400, 5)
    kinds = np.array([text[0] for text in texts])  # several classes
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv("UNBEND_THREADS", threads)
        found.append([fit_text(texts, target, seed=1) for target in (labels, kinds)])
    for one, two in zip(*found, strict=True):
        assert np.array_equal(one.weights.codes, two.weights.codes) and np.array_equal(one.intercepts, two.intercepts)


@pytest.mark.parametrize(
    ("texts", "target", "task"),
    [
        (["a"] * 30, ["x", "y"] * 15, "classification"),
        ([""] * 30, ["x", "y"] * 15, "classification"),
        ([None, "\u200f"] * 15, ["x"] * 30, "classification"),
        ([str(i) for i in range(30)], range(30), "classification"),
        ([str(i) for i in range(30)], [1.0] * 30, "regression"),
        ([str(i) for i in range(30)], [np.inf, 2.0] * 15, "regression"),
        ([str(i) for i in range(30)], [1e300, 2.0] * 15, "regression"),
        ([str(i) for i in range(30)], ["many", "few"] * 15, "regression"),
        ([str(i) for i in range(100_000)], range(100_000), "classification"),
        (["good", "bad"] * 15, ["x" * 10**6] * 30, "classification"),
        (["a", "b"], ["x", "y"], "classification"),
        (["a", "b"], ["x"], "classification"),
        (["good", "bad"] * 15, ["x", "y"] * 15, "labels"),
    ],
)
def test_what_cannot_be_fitted_is_said_in_one_line(texts: list[str], target: list[object], task: str) -> None:
    with pytest.raises(DataError) as error:
        fit_text(texts, target, task)
    assert "\n" not in str(error.value) and len(str(error.value)) < 300


def test_strange_texts_are_texts() -> None:
    strange = ["\ud800" * 3, "\x00\x00", "\u202e\u200f", "😀😀", "", "ﬀ" * 5, "가" * 10_000, "🏳️‍🌈"]
    texts = [f"{a} {b}" for a in strange for b in ("yes", "no") for _ in range(5)]
    model = fit_text(texts, (["1"] * 5 + ["0"] * 5) * len(strange))
    assert model.predict([f"{a} yes" for a in strange]).tolist() == ["1"] * len(strange)


def test_texts_that_share_nothing_have_no_weights() -> None:
    model = fit_text([chr(0x4E00 + i) for i in range(40)], ["1", "0"] * 20)
    assert len(model.weighting.buckets) == 0 and np.all(np.abs(model.output(["없는 말", ""])) < 1)


def test_a_text_of_a_million_letters_is_no_trouble() -> None:
    letters = np.random.default_rng(0).integers(97, 123, 1_000_000).astype(np.uint8)
    letters[::7] = 32
    long = letters.tobytes().decode()
    tracemalloc.start()
    counts = NGrams().count([long])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 160e6 and counts.lengths[0] > 10**6  # 2**24 sums of four bytes, and the n-grams of a part
    texts, labels = reviews(200, 6)
    model = fit_text([*texts, long], [*labels, True])
    assert model.predict(["great film", "awful film", long]).tolist()[:2] == ["True", "False"]


def test_a_text_too_long_to_list_its_n_grams_is_one_line(model: TextModel) -> None:
    with pytest.raises(BadInput, match="100,000"):
        model.explain("a b " * 25_001)


def test_labels_of_any_characters_are_stored(tmp_path: Path) -> None:
    model = fit_text(["so good", "so bad", "the same"] * 15, ["\ud800", "\x00n", "같음"] * 15)
    back = TextModel.load(model.save(tmp_path / "model.safetensors"))
    assert back.predict(["so good", "so bad", "same"]).tolist() == ["\ud800", "\x00n", "같음"]


def test_a_class_that_all_rows_of_training_have() -> None:
    texts = ["a b", "c d", "e f"] * 20  # equal texts are held out together, here those of one class
    for seed in range(4):
        assert set(fit_text(texts, ["x", "y", "x"] * 20, seed=seed).predict(texts).tolist()) <= {"x", "y"}
