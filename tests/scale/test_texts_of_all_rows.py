"""Tables with texts in parts: the verdict on a sample, the n-grams' weights from all rows, in one model file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import unbend as ub
from unbend.errors import DataError
from unbend.scale import growing_verdict
from unbend.verdict import text_pipeline
from unbend.verdict.text import bend_network, fit_text, stream_reading, streamed_fit

FILES, ROWS = 3, 1000
WORDS = np.array("film plot scene actor story music camera end start role 영화 연기 배우 결말 음악".split())


def reviews(seed: int, noise: float = 0.1) -> tuple[list[str], Any]:
    """Texts, few of them equal, and whether they praise; a share of the labels is wrong."""
    rng = np.random.default_rng(seed)
    praise = rng.random(FILES * ROWS) < 0.5
    texts = [
        " ".join(rng.permutation([*rng.choice(WORDS, 5), "great" if good else "awful", str(i % 997)]))
        for i, good in enumerate(praise)
    ]
    return texts, praise ^ (rng.random(len(praise)) < noise)


@pytest.fixture(autouse=True)
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing_verdict, "FIRST_ROWS", 500)
    monkeypatch.setattr(growing_verdict, "STRAIGHT_ROWS", 500)
    monkeypatch.setattr(stream_reading, "SAMPLE", 800)
    monkeypatch.setattr(streamed_fit, "ENTRIES", 20_000)
    monkeypatch.setattr(bend_network, "LEAST_VISITS", 500)
    monkeypatch.setattr(text_pipeline, "MAX_REPEATS", 1)


def write(folder: Path, **columns: Any) -> None:
    folder.mkdir()
    table = pa.table(columns)
    for k in range(FILES):
        pq.write_table(table.slice(k * ROWS, ROWS), folder / f"{k}.parquet")


def fit(folder: Path, target: str = "label") -> Any:
    return ub.fit(folder, target, memory="100 kB", by_clock=False, budget=2)


def test_the_words_of_all_rows_have_weights_and_the_model_file_is_as_usual(tmp_path: Path) -> None:
    texts, labels = reviews(0)
    write(tmp_path / "t", review=texts, label=np.where(labels, "9", "10"))
    result = fit(tmp_path / "t")
    assert result.large.verdict_rows == 500 and 2500 < result.large.linear_rows < FILES * ROWS
    other, own = reviews(1)
    expected = np.where(own, "9", "10")
    model = result.linear.model
    assert np.mean(model.predict({"review": other}) == expected) > 0.88
    whole = fit_text(texts, labels)
    output = model.output({"review": other})[:, 0] * (1 if model.classes == ("10", "9") else -1)
    assert np.corrcoef(output, whole.output(other)[:, 0])[0, 1] > 0.97
    assert any(note.key == "scale.texts_right" for note in result.notes)
    loaded = ub.load(result.save(tmp_path / "model.safetensors"))
    if result.chosen == "linear":
        np.testing.assert_array_equal(loaded.output({"review": other}), model.output({"review": other}))
    told = model.explain({"review": other[0]})
    assert told.texts["review"].words


def test_other_columns_and_numbers_are_joined(tmp_path: Path) -> None:
    texts, labels = reviews(2, noise=0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=len(texts))
    y = 1000 + 20.0 * labels + 10 * x + rng.normal(size=len(texts))
    write(tmp_path / "t", review=texts, x=x, y=y)
    result = fit(tmp_path / "t", "y")
    model = result.linear.model
    table = {"review": texts[:500], "x": x[:500]}
    assert result.large.linear_rows > 2500
    assert np.sqrt(np.mean((model.predict(table) - y[:500]) ** 2)) < 3  # of a standard deviation of 14
    low, high = model.predict_interval(table).T
    assert 0.8 < np.mean((low <= y[:500]) & (y[:500] <= high)) < 0.98


def test_a_file_without_the_texts_is_named_in_one_line(tmp_path: Path) -> None:
    texts, labels = reviews(3)
    write(tmp_path / "t", review=texts, label=labels)
    pq.write_table(pa.table({"label": labels[:10]}), tmp_path / "t" / "1.parquet")
    with pytest.raises(DataError, match=r"1\.parquet") as error:
        fit(tmp_path / "t")
    assert "\n" not in str(error.value)
