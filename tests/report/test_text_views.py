"""How a text's words add up: what is drawn are the model's numbers, readable without colour, in both languages."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from unbend.cli import run
from unbend.language import set_language
from unbend.report.notebook import view as notebook_view
from unbend.report.text_classes import frequent_words, speaking_words, speaking_words_section
from unbend.report.text_contributions import lines, sentence, strongest_ngrams
from unbend.report.text_pairs import text_pairs_section
from unbend.report.text_rows import chosen_rows, text_rows_section
from unbend.verdict.text import TextModel, find_word_pairs, fit_text

TEXTS = ["so good", "good film", "the film was good", "so bad", "bad film", "the film was bad", "<b>&"] * 30
LABELS = (["yes", "yes", "yes", "no", "no", "no", "no"] * 9 + ["no", "yes"] * 3 + ["no"]) * 3


@pytest.fixture(scope="module")
def model() -> TextModel:
    return fit_text(TEXTS, LABELS)


class Words(HTMLParser):
    """The words of a drawn sentence with their numbers and lines."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[list[str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "span":
            self.words.append([re.findall("solid|dotted", dict(attrs)["style"] or "")[0]])

    def handle_data(self, data: str) -> None:
        if self.words and data.strip():
            self.words[-1].append(data)


def test_sentence_shows_every_words_share_also_without_colour(model: TextModel) -> None:
    why = model.explain("The film was good, <b>&")
    shown = Words(sentence(why)).words
    assert [word for _, word, _ in shown] == ["the", "film", "was", "good,", "<b>&"]
    for (line, _, number), share in zip(shown, why.contributions[:, 0], strict=True):
        assert float(number.replace("−", "-")) == pytest.approx(share, rel=1e-3)
        assert (line == "solid") == (number[0] == "+") == (share >= 0)
    assert "<b>" not in sentence(why).replace("&lt;b&gt;", "")


def test_long_texts_keep_their_sum(model: TextModel) -> None:
    why = model.explain("good film " * 300)
    numbers = [float(number) for _, _, number in Words(sentence(why)).words]
    assert len(numbers) == 121
    assert sum(numbers) == pytest.approx(float(why.output[0] - why.intercepts[0]), rel=0.02)


def test_ngrams_are_told_once_with_all_their_places(model: TextModel) -> None:
    why = model.explain("good good good")
    found = dict(strongest_ngrams(why))
    assert len(found) == 12 and "good" in found
    total = sum(v for (b, e), v in zip(why.ngrams, why.ngram_contributions[:, 0], strict=True)
                if why.text[b:e] == "good")  # fmt: skip
    assert found["good"] == pytest.approx(total)


def test_words_that_speak_for_a_class(model: TextModel) -> None:
    words = frequent_words(TEXTS)
    assert set(words) == {"so", "good", "film", "the", "was", "bad", "b"}
    against, in_favour = speaking_words(model, words)
    assert in_favour[0][0] == "good" and against[0][0] == "bad"
    for word, weight in (in_favour[0], against[0]):
        assert weight == pytest.approx(model.output([word])[0, 0] - model.intercepts[0])
    page = speaking_words_section(model, TEXTS)
    assert page.count("<table>") == 2 and "good" in page
    assert speaking_words(model, []) == []


def test_chosen_rows_are_the_clearest() -> None:
    output = np.array([[3.0], [-2.0], [0.1], [-4.0], [np.nan], [1.0]])
    rows = chosen_rows(np.array([1, 0, 0, 1, 1, 0]), output, 2, count=2)
    assert {kind: chosen.tolist() for kind, chosen in rows.items()} == {
        "right": [0, 1],
        "wrong": [3, 5],
        "unsure": [2, 5],
    }
    rows = chosen_rows(np.array([3.1, -2.0, 5.0, -4.0, 0.0, 1.5]), output, 0, count=2)
    assert {kind: chosen.tolist() for kind, chosen in rows.items()} == {"near": [1, 3], "far": [2, 5]}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_sections_in_both_languages(model: TextModel, language: str) -> None:
    set_language(language)
    try:
        y = (np.array(LABELS) == "yes").astype(int)
        explain = lambda row: model.explain(TEXTS[row])  # noqa: E731
        page = text_rows_section(TEXTS, y, model.output(TEXTS), model.classes, explain)
        assert page.count("text-words") == 15
        with_empty = ["", None, *TEXTS]  # the least sure ones, but there is nothing to see in them
        output = np.vstack([np.zeros((2, 1)), model.output(TEXTS)])
        page = text_rows_section(with_empty, np.append([0, 1], y), output, model.classes, lambda row: explain(row - 2))
        assert page.count("text-words") == 15
        numbers = fit_text(TEXTS, y * 2.0, "regression")
        assert "text-words" in text_rows_section(
            TEXTS, y * 2.0, numbers.output(TEXTS), (), lambda row: numbers.explain(TEXTS[row])
        )
        assert speaking_words_section(numbers, TEXTS)
        view = notebook_view(model.explain("so good"))["text/html"]
        assert "text-words" in view and ("로그 오즈" in view) == (language == "ko")
        none = find_word_pairs(TEXTS, y, model.output(TEXTS), np.arange(len(y)) % 5, 2)
        assert not none.pairs and "<table" not in text_pairs_section(none, model.classes)
    finally:
        set_language(None)


def test_pairs_are_told_with_rows_and_shares() -> None:
    good, never, so = np.random.default_rng(0).integers(0, 2, (3, 2000))
    texts = [
        f"{i} {'never ' * n}{'so ' * s}{'good' * g}" for i, (g, n, s) in enumerate(zip(good, never, so, strict=True))
    ]
    found = find_word_pairs(texts, good ^ never, np.zeros((2000, 1)), np.arange(2000) % 5, 2)
    page = text_pairs_section(found, ("no", "yes"))
    assert "never … good" in page and f"{int(np.sum(good & never)):,}" in page and "100" in page


def test_command_line(model: TextModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(model.save(tmp_path / "model.safetensors"))
    assert run(["explain", path, "--text", "so good", "--json"]) == 0
    why = json.loads(capsys.readouterr().out)
    for part in ("words", "ngrams"):
        total = np.sum([row["contributions"] for row in why[part]], axis=0) + why["intercepts"]
        np.testing.assert_allclose(total, why["output"], atol=1e-9)
    assert why["prediction"] == "yes" and why["probabilities"]["yes"] > 0.5
    assert run(["explain", path, "--text", "so good", "--lang", "en"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed == lines(model.explain("so good")) and any(
        line.startswith("good") and "█" in line for line in printed
    )
    assert run(["explain", path, "--lang", "en"]) == 2
    assert "--text" in capsys.readouterr().err
