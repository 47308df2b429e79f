"""The page Words: what its words say is what the model says, in both languages; own tables; its code runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from unbend.data import read_table
from unbend.data.file_reader import shipped_texts
from unbend.errors import BadInput
from unbend.lab import words
from unbend.lab.text_fit import TOY, TextFit, shipped_fit, table_fit
from unbend.lab.toy_reviews import toy_reviews
from unbend.language import set_language
from unbend.report.number_text import number


def spoken(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def values(sentence: str, without: int = 0, bend: bool = False) -> dict[str, object]:
    return {"sentence": sentence, "without": without, "bend": bend}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en", this_thread=True)
    yield
    set_language(None, this_thread=True)


@pytest.fixture(scope="module")
def fit() -> TextFit:
    return shipped_fit(TOY, "en")


def test_negation_bends_and_switching_it_on_turns_the_answer(fit: TextFit) -> None:
    assert fit.pairs.pairs and all("not" in (pair.first, pair.second) for pair in fit.pairs.pairs)
    (switch,) = fit.pairs.switches
    assert switch.word == "not" and switch.multiplier < 0
    pair = fit.pairs.pairs[0]
    text = f"not a {pair.second} film"
    bent = fit.model.log_odds([text])[0] + fit.pairs.added([text])[0]
    assert bent[0] > 2  # not bad is good
    held_out = fit.output + fit.pairs.added(fit.texts)
    assert np.mean((held_out[:, 0] > 0) == fit.y) > 0.9 > fit.accuracy + 0.1
    page = spoken(words.answer(fit, values(text, bend=True))[1])
    assert f"not … {pair.second}" in page and number(float(bent[0])) in page
    assert "not …" in spoken(words.bends(fit))


def test_leaving_a_word_out(fit: TextFit) -> None:
    page = spoken(words.answer(fit, values("a good film", without=2))[1])
    assert "Without ‘good’" in page and number(float(fit.model.output(["a  film"])[0, 0])) in page
    assert "Without" not in spoken(words.answer(fit, values("a good film", without=9))[1])
    assert words.answer(fit, values("", without=1))[0]


def test_in_korean() -> None:
    set_language("ko", this_thread=True)
    found = shipped_fit(TOY, "ko")
    assert all("아니에요" in (pair.first, pair.second) for pair in found.pairs.pairs) and found.pairs.pairs
    sentence, page = words.answer(found, values(words.start(TOY), bend=True))
    assert sentence.startswith("직선 모델의 답") and "아니에요" in page


def test_included_texts_can_be_read_by_name() -> None:
    for name, rows, answers in (("chatbot-ko", 11_823, 3), ("banking77", 10_003, 77)):
        table = read_table(name)
        assert table.num_rows == rows and len(set(table["label"].to_pylist())) == answers
        assert words.start(name)
    assert sum(path.stat().st_size for path in shipped_texts().values()) < 400_000
    assert set(words.STARTS) == {TOY, *shipped_texts()}


def test_summary_is_one_sentence_whatever_the_answers(fit: TextFit) -> None:
    model = replace(fit.model, classes=tuple(f"a_long_name_of_an_answer_{i}" for i in range(20)))
    summary = words.summary(replace(fit, model=model))
    assert "_answer_1, … )" not in summary and " …). Of the held-out texts" in summary and len(summary) < 250


def test_own_tables(tmp_path: Path) -> None:
    texts, labels = toy_reviews("en", seed=1)
    path = tmp_path / "own.csv"
    rows = [f'{i},"{text}",{label}' for i, (text, label) in enumerate(zip(texts[:400], labels, strict=False))]
    path.write_text("id,review,mark\n" + "\n".join(rows), encoding="utf-8")
    fit = table_fit("own.csv", str(path))
    assert (fit.text, fit.target, fit.model.classes) == ("review", "mark", ("bad", "good"))
    assert "400 texts" in words.summary(fit) and np.isfinite(fit.output).all()
    path.write_text("id,review\n" + "\n".join(f'{i},"{text}"' for i, text in enumerate(texts[:400])), encoding="utf-8")
    with pytest.raises(BadInput, match="400 different answers"):
        table_fit("own.csv", str(path))
    path.write_text("review\n" + "\n".join(text.replace(",", "") for text in texts[:30]), encoding="utf-8")
    with pytest.raises(BadInput, match="two columns"):
        table_fit("own.csv", str(path))


def test_code_gives_the_same_answer(fit: TextFit, capsys: pytest.CaptureFixture[str]) -> None:
    exec(words.python(fit, values("a good film")), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed[1].startswith("good ") and printed[-1].endswith(fit.model.predict(["a good film"])[0])
    assert len(words.contents(fit, values("a good film"))) == 3


def test_of_many_answers_the_most_frequent_are_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    rows = [
        (f"tell me about topic{k} please {rng.integers(99)}", f"answer {k}") for k in range(30) for _ in range(9 + k)
    ]
    path = tmp_path / "many.csv"
    path.write_text("text,label\n" + "\n".join(",".join(row) for row in rows), encoding="utf-8")
    found = table_fit(str(path), str(path))
    assert found.answers == 30 and found.model.classes == tuple(sorted(f"answer {k}" for k in range(10, 30)))
    assert "Of 30 answers, the 20 most frequent" in words.summary(found) and found.accuracy > 0.9
    exec(words.python(found, values("topic 29")), {})
    assert capsys.readouterr().out.splitlines()[-1].endswith(found.model.predict(["topic 29"])[0])
