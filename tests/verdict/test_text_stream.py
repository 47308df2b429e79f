"""Straight models of a stream of texts: as good as those of texts in memory, whatever the order and the batches."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import numpy as np
import pytest

from unbend.arrays import Array
from unbend.errors import DataError
from unbend.solve.sparse.block_solver import BlockSolver
from unbend.solve.sparse.dual import DualSolver, Loss
from unbend.text.ngrams import NGrams
from unbend.text.sparse_rows import SparseRows
from unbend.text.spilled_counts import SpilledCounts
from unbend.verdict.text import fit_text, fit_text_stream, stream_reading, streamed_fit

from .test_text_model import WORDS, reviews


def batches(texts: list[str], target: Array, size: int) -> Iterator[tuple[list[str], Array]]:
    for at in range(0, len(texts), size):
        yield texts[at : at + size], target[at : at + size]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_reading, "SAMPLE", 1000)
    monkeypatch.setattr(stream_reading, "ROWS", 700)
    monkeypatch.setattr(streamed_fit, "ENTRIES", 20_000)


@pytest.mark.usefixtures("small_blocks")
def test_a_sorted_stream_gives_the_model_of_the_texts_in_memory() -> None:
    texts, labels = reviews(4000, 0)
    texts = [f"{text} {i % 997}" for i, text in enumerate(texts)]  # few equal ones
    order = np.argsort(labels, kind="stable")
    streamed = fit_text_stream(batches([texts[i] for i in order], labels[order], 333))
    other, own = reviews(3000, 1)
    whole = fit_text(texts, labels)
    assert streamed.classes == whole.classes == ("False", "True")
    assert np.mean(streamed.predict(other) == own.astype(str)) > 0.88
    assert np.corrcoef(streamed.output(other)[:, 0], whole.output(other)[:, 0])[0, 1] > 0.98
    assert 100 <= streamed.held_out.rows <= 400 and abs(streamed.held_out.score - 0.9) < 0.06


@pytest.mark.usefixtures("small_blocks")
def test_same_bits_for_other_batches_and_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, labels = reviews(1500, 2)
    found = []
    for threads, size in (("1", 10), ("2", 1500)):
        monkeypatch.setenv("UNBEND_THREADS", threads)
        found.append(fit_text_stream(batches(texts, labels, size)))
    assert np.array_equal(found[0].weights.codes, found[1].weights.codes)
    assert found[0].intercepts == found[1].intercepts


@pytest.mark.usefixtures("small_blocks")
def test_several_classes_and_numbers() -> None:
    rng = np.random.default_rng(0)
    kinds = rng.integers(0, 3, 3000)
    texts = [f"{rng.choice(WORDS)} {['red', 'green', 'blue'][k]} {i % 50}" for i, k in enumerate(kinds)]
    model = fit_text_stream(batches(texts, kinds[::-1], 500))  # told apart by nothing
    assert model.held_out.score < 0.6
    model = fit_text_stream(batches(texts, kinds, 500))
    assert model.classes == ("0", "1", "2") and np.mean(model.predict(texts) == kinds.astype(str)) > 0.99
    values = 1e6 + 20.0 * kinds
    numbers = fit_text_stream(batches(texts, values, 500), "regression")
    assert np.abs(numbers.predict(texts) - values).mean() < 2


@pytest.mark.parametrize(
    ("texts", "target", "task"),
    [
        (["a"] * 100, ["x", "y"] * 50, "classification"),
        (["a", "b"] * 50, ["x"] * 100, "classification"),
        (["a b", "c"], ["x", "y"], "classification"),
        (["a", "b"], ["x"], "classification"),
        ([str(i) for i in range(100)], range(100), "classification"),
        ([str(i) for i in range(100)], [1.0] * 99 + [np.nan], "regression"),
        ([str(i) for i in range(100)], [1.0] * 100, "regression"),
        ([], [], "classification"),
    ],
)
def test_what_cannot_be_fitted_is_said_in_one_line(texts: list[str], target: list[object], task: str) -> None:
    with pytest.raises(DataError) as error:
        fit_text_stream([(texts, target)], task)
    assert "\n" not in str(error.value) and len(str(error.value)) < 300


def test_a_full_disk_is_said_in_one_line() -> None:
    texts, labels = reviews(1500, 4)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    fit_text(texts[:40], labels[:40])  # kernels are compiled and written before
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(DataError, match="TMPDIR"):
            fit_text_stream(batches(texts, labels, 500))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_counts_come_back_from_the_file_each_once() -> None:
    texts = [f"글 {i} " + "하" * (i % 400) for i in range(500)]
    counts, spilled = NGrams(bits=24).count(texts), SpilledCounts(24)
    for rows in np.array_split(np.arange(500), 3):
        spilled.append(counts, np.arange(500), rows)
    seen: list[int] = []
    for part in range(4):
        block, numbers = spilled.block(part, 4)
        for row, number in enumerate(numbers.tolist()):
            own, original = block.take(np.array([row])), counts.take(np.array([number]))
            assert np.array_equal(own.columns, original.columns)
            assert np.array_equal(own.values, np.minimum(original.values, 255))
        seen += numbers.tolist()
    assert sorted(seen) == list(range(500)) and seen != list(range(500))


@pytest.mark.parametrize(("loss", "smoothing"), [("logistic", 0.0), ("logistic", 0.05), ("squared", 0.0)])
def test_blocks_end_where_all_rows_at_once_do(loss: Loss, smoothing: float) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(120, 6)).astype(np.float32)
    rows = SparseRows(np.arange(121) * 6, np.tile(np.arange(6, dtype=np.int32), 120), x.reshape(-1), 6)
    y = np.where(x[:, 0] + rng.normal(size=120) > 0, 1.0, -1.0)
    whole = DualSolver(rows, y, loss, smoothing=smoothing)
    whole.fit(np.arange(120), 0.7, 300, 1e-6)
    solver = BlockSolver(6, loss, 0.7, smoothing)
    parts = [(rows.take(part), y[part], np.zeros(len(part))) for part in np.array_split(rng.permutation(120), 3)]
    for _ in range(300):
        for part in parts:
            solver.fit_block(*part, rng)
    np.testing.assert_allclose(solver.weights, whole.weights, atol=2e-4)
