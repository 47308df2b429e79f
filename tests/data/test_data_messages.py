"""The room's messages: every one used, every one present, both languages filled by the same values."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import unbend
import unbend.data
from unbend.data import Note, pose_problem
from unbend.words import LANGUAGES, catalogue

SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in Path(unbend.data.__file__).parent.glob("*.py"))
MESSAGES = catalogue("data")


@pytest.mark.parametrize("key", MESSAGES)
def test_message(key: str) -> None:
    texts = MESSAGES[key]
    assert set(texts) == set(LANGUAGES)
    fields = [{name for _, name, _, _ in string.Formatter().parse(texts[language]) if name} for language in LANGUAGES]
    assert fields[0] == fields[1]
    assert all("\n" not in text for text in texts.values())
    assert re.search("[가-힣]", texts["ko"])
    stem, _, last = key.partition("_")
    made = {
        "calendar": f'"{last}"',
        "foreign": f'"{last}"',
        "left": f'"{last.removeprefix("out_")}"',
        "missing": f'"{key}"',
        "read": f'"{last}"',
    }
    if key.startswith("read_") and key.endswith("_year"):
        made["read"] = f'"{last.replace("_", "-")}"'
    assert f"data.{key}" in SOURCE or made.get(stem, "\0") in SOURCE


def test_every_key_in_the_source_has_a_message() -> None:
    assert set(re.findall(r'"data\.(\w+)"', SOURCE)) <= set(MESSAGES)


def test_the_users_language() -> None:
    problem = pose_problem(
        {"나이": [1, 5, 2, 8, None] * 4, "값": [0.5 * k * k for k in range(20)], "x": [3] * 20}, "값"
    )
    assert isinstance(problem.notes[0], Note)
    unbend.set_language("ko")
    assert problem.notes[0].text().startswith("결측값 4개(나이)")
    assert [column.why.text() for column in problem.columns if column.why] == ["x(모든 행에서 값이 3으로 같음)"]
