"""Which columns hold sentences: text, and not names, codes, addresses or labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from unbend.data import Encoder, pose_problem
from unbend.data.sentences import carries_words

WORDS = "the film was long and I did not like how it ended but music is good".split()
KOREAN = "영화가 너무 길어서 지루했지만 음악은 정말 좋았다 다시 보고 싶은 배우 연기".split()


def drawn(words: Sequence[str], count: int = 60) -> list[str]:
    rng = np.random.default_rng(0)
    return [" ".join(rng.choice(words, 6)) for _ in range(count)]


@pytest.mark.parametrize(
    ("texts", "sentences"),
    [
        (drawn(WORDS), True),
        (drawn(KOREAN), True),
        ([text + " 😀" for text in drawn(["e\u0301te\u0301", *WORDS])], True),
        (["".join(text.split()) for text in drawn(list("今日は天気がいいですね明日も晴れ"))], True),
        ([f"{a}, Mr. {b} {c}" for a in ("Braund", "Allen") for b in ("Owen", "Jo") for c in "ABCDEFGHI"], False),
        ([f"{k} Main Street, Springfield {k % 7}" for k in range(60)], False),
        ([f"AB-{7 * k} X{k} q" for k in range(60)], False),
        ([f"person {k}" for k in range(60)], False),
        (["very satisfied with it", "not at all happy here"] * 30, False),
        ([f"{k:x}{k:x}" for k in range(60)], False),
    ],
)  # fmt: skip
def test_sentences(texts: list[str], sentences: bool) -> None:
    assert carries_words(pa.chunked_array([pa.array([*texts, None])])) is sentences


def test_text_beside_other_columns_and_on_request() -> None:
    table = {
        "review": [*drawn(WORDS, 58), "", None],
        "name": [f"person {k}" for k in range(60)],
        "stars": np.arange(60) % 5,
        "y": np.random.default_rng(1).normal(size=60),
    }
    problem = pose_problem(table, "y")
    assert [(c.name, c.kind) for c in problem.inputs] == [("review", "text"), ("stars", "number")]
    assert problem.columns[0].missing == 2 and problem.arrays.texts("review")[-2:] == [None, None]
    assert Encoder.fit(problem).columns == ("stars",)
    other = pose_problem(table, "y", texts={"name": True, "review": False})
    assert [column.name for column in other.texts] == ["name"]
    assert other.columns[0].kind == "left_out"
