"""Fits with text columns: word pairs in the result and the report, and each word's share in an explained row."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.cli import run
from unbend.language import set_language
from unbend.report import page, view
from unbend.verdict import Result

FILLER = np.array("the a film plot one of it in on at this story cast scene music people time".split())


def table(n: int, seed: int) -> dict[str, object]:
    rng = np.random.default_rng(seed)
    texts, labels = [], []
    for _ in range(n):
        praised, negated = rng.random(2) < 0.5
        words = list(rng.choice(FILLER, rng.integers(4, 8)))
        words[2:2] = [*(["not", str(rng.choice(FILLER))] if negated else []), "good" if praised else "bad"]
        texts.append(" ".join(words))
        labels.append("yes" if rng.random() < 1 / (1 + np.exp(-(2.5 if praised != negated else -2.5))) else "no")
    return {"review": texts, "stars": rng.integers(1, 6, n), "label": labels}


@pytest.fixture(scope="module")
def result() -> Result:
    return ub.fit(table(700, 0), target="label", by_clock=False, budget=1)


def test_pairs_stand_in_the_result(result: Result) -> None:
    assert result.text is not None and result.verdict == "bends_pay"
    found = result.text.pairs["review"]
    assert found.pairs and all({p.first, p.second} & {"not"} for p in found.pairs)
    assert result.to_json()["text"]["pairs"]["review"]["pairs"][0]["first"] == found.pairs[0].first


@pytest.mark.parametrize("kind", ["linear", "network"])
def test_words_and_the_rest_of_the_row_sum_to_the_output(result: Result, kind: str) -> None:
    model = getattr(result, kind).model
    rows = table(12, 1)
    output = model.output(rows)
    for row in range(12):
        why = model.explain(rows, row)
        text = why.texts["review"]
        np.testing.assert_allclose(text.contributions.sum(axis=0) + text.intercepts, output[row], atol=1e-6)
        assert [text.text[b:e] for b, e in text.words] == str(rows["review"][row]).split()  # type: ignore[index]
    if kind == "linear":  # the rest is the same for all texts beside the same other columns
        rest = [
            model.explain({"review": text, "stars": 3}).texts["review"].intercepts for text in ("good", "", "bad film")
        ]
        np.testing.assert_allclose(rest[0], rest[1], atol=1e-6)
        np.testing.assert_allclose(rest[0], rest[2], atol=1e-6)


def test_command_line(result: Result, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(result.save(tmp_path / "model.safetensors"))
    assert run(["explain", path, "--row", "review=not good,stars=3", "--json"]) == 0
    text = json.loads(capsys.readouterr().out)["texts"]["review"]
    total = np.sum([word["contributions"] for word in text["words"]], axis=0) + text["intercepts"]
    np.testing.assert_allclose(total, result.model.output({"review": ["not good"], "stars": [3]})[0], atol=1e-6)
    assert run(["explain", path, "--row", "review=not good,stars=3", "--lang", "en"]) == 0
    assert any(line.startswith("good ") for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize("language", ["en", "ko"])
def test_report_and_notebook_draw_the_words(result: Result, language: str) -> None:
    set_language(language)
    try:
        report = page(result)
        assert report.count('class="text-words"') >= 10
        assert "not … " in report
        shown = view(result.explain({"review": "not a good film", "stars": 3}))["text/html"]
        assert shown.count('class="text-words"') == 1
    finally:
        set_language(None)
