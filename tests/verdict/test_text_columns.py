"""Tables with text columns: planted truths about words, their order and bends; what is saved; near copies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.data import pose_problem
from unbend.display import provider
from unbend.errors import BadInput
from unbend.verdict.decide import decide
from unbend.verdict.straight_texts import straight_texts
from unbend.verdict.text.joined_columns import fit_join
from unbend.verdict.text.near_copies import text_groups_of
from unbend.verdict.text.text_blocks import ORDER
from unbend.verdict.text.text_plan import ngrams_per_row, plan_texts

FILLER = np.array("the a film plot one of it in on at this story cast scene music people time".split())


def reviews(n: int, seed: int, bent: bool) -> tuple[list[str], list[str]]:
    """A word of praise or blame, some words after "not" or without it: does "not" turn it round, or lower it?"""
    rng = np.random.default_rng(seed)
    texts, labels = [], []
    for _ in range(n):
        praised, negated = rng.random(2) < 0.5
        words = list(rng.choice(FILLER, 5))
        if negated:
            words.insert(1, "not")
        words.insert(4, rng.choice(["good", "great"] if praised else ["bad", "awful"]))
        logit = (2.0 if praised != negated else -2.0) if bent else (1.5 if praised else -1.5) - 1.5 * negated
        texts.append(" ".join(words))
        labels.append("yes" if rng.random() < 1 / (1 + np.exp(-logit)) else "no")
    return texts, labels


def test_a_turned_meaning_is_a_bend_and_a_lowered_one_is_not(tmp_path: Path) -> None:
    texts, labels = reviews(900, 0, bent=True)
    result = ub.fit({"text": texts, "label": labels}, target="label", by_clock=False, budget=1)  # five folds
    answers = result.text
    assert answers is not None and answers.columns == ("text",)
    assert result.verdict == "bends_pay" and answers.bend_pays == "yes" and answers.order_matters != "yes"
    assert answers.straightened is not None and answers.straightened.gain < 0.5 * answers.bend.gain
    assert {pair.first for pair in answers.pairs["text"].pairs} == {"not"}
    assert {pair.second for pair in answers.pairs["text"].pairs} <= {"good", "great", "bad", "awful"}
    new, expected = reviews(300, 9, bent=True)
    assert np.mean(result.predict({"text": new}) == expected) > 0.8
    loaded = ub.load(result.save(tmp_path / "model.safetensors"))
    assert np.array_equal(loaded.output({"text": new}), result.model.output({"text": new}))
    assert np.array_equal(
        ub.load(result.save(tmp_path / "model.json")).predict({"text": new}), loaded.predict({"text": new})
    )
    why = result.explain({"text": "this film is not good at all"})
    np.testing.assert_allclose(why.base + why.contributions.sum(axis=0), why.output, atol=1e-9)
    assert set(result.to_json()["text"]) >= {"columns", "words", "order", "bend"}


def test_pairs_are_told_also_where_the_gain_is_not_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unbend.verdict.text_pipeline.decide", lambda *a: replace(decide(*a), verdict="cannot_tell"))
    texts, labels = reviews(900, 1, bent=True)
    result = ub.fit({"text": texts, "label": labels}, target="label", by_clock=False, budget=1)
    told = [note.values for note in result.notes if note.key == "verdict.text_missed_pairs"]
    assert result.verdict == "cannot_tell" and [note["first"] for note in told] == ["not"]


def test_a_lowered_meaning_is_straight_and_other_columns_join(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, labels = reviews(600, 1, bent=False)
    rng = np.random.default_rng(2)
    stars = rng.integers(1, 6, 600)
    y = np.where(np.array(labels) == "yes", 1.0, 0.0) + 0.4 * stars + rng.normal(0, 0.2, 600)
    table = {"text": [None, "", *texts[2:]], "stars": stars, "y": y}
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv("UNBEND_THREADS", threads)
        found.append(ub.fit(table, target="y", by_clock=False, budget=1, seed=3))
    result = found[0]
    assert result.verdict != "bends_pay" and result.linear.score > 0.6
    assert result.text is not None and 0 < abs(result.text.bytes_cost) < 0.005
    assert abs(float(result.linear.model.network.layers[0].W[0, 0]) - 0.4) < 0.03  # a star is worth what it was made to
    assert np.array_equal(result.model.output(table), found[1].model.output(table))
    assert result.comparison.losses.tolist() == found[1].comparison.losses.tolist()
    text = straight_texts(result.linear.model)["text"]
    why = text.explain(texts[5])
    np.testing.assert_allclose(why.intercepts + why.contributions.sum(axis=0), why.output, atol=1e-4)
    row = {"text": texts[5], "stars": float(stars.mean())}  # all other columns at their mean
    np.testing.assert_allclose(why.output, result.linear.model.output({k: [v] for k, v in row.items()})[0], atol=1e-4)
    assert "good" in (page := provider().page(result)) and "What the text tells" in page


def test_near_copies_are_held_out_together() -> None:
    words = "the plot is slow but I like how the music goes on and on".split()
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.permutation(words)) for _ in range(30)]
    table = {"t": [*texts, texts[0].upper() + "!!!", texts[1] + "  ", "", None], "y": rng.normal(size=34)}
    groups = text_groups_of(pose_problem(table, "y"))
    assert groups is not None and groups[30] == groups[0] and groups[31] == groups[1]
    assert len(set(groups.tolist())) == 32  # two empty texts are not one text
    same = pose_problem(
        {"t": ["none at all"] * 30, "x": rng.normal(size=30), "y": rng.normal(size=30)}, "y", texts={"t": True}
    )
    assert text_groups_of(same) is None  # a text of all rows is no copy


def test_hostile_texts_are_read() -> None:
    texts = ["\ud800 \x00 \u202e عربى 😀 " + "ab " * k for k in range(40)]
    found = ub.fit({"t": texts, "empty": [""] * 40, "y": np.arange(40) % 2}, "y", text=["t", "empty"], by_clock=False)
    assert np.isfinite(found.model.output({"t": [None, "\udfff"], "empty": ["", "x"]})).all()


def test_the_join_is_the_logistic_regression_of_its_columns() -> None:
    rng = np.random.default_rng(0)
    scores, x = rng.normal(size=(5000, 1)), rng.normal(size=(5000, 2)) * [1, 10]
    logit = 2 * scores[:, 0] + x @ [1, -0.1] + 0.5
    y = (rng.random(5000) < 1 / (1 + np.exp(-logit))).astype(int)
    join = fit_join(scores, x, y, 2)
    np.testing.assert_allclose([join.factor, *join.W[:, 0], join.b[0]], [2, 1, -0.1, 0.5], atol=0.2)
    residual = 1 / (1 + np.exp(-join(scores, x)[:, 0])) - y
    assert abs(residual.mean()) < 1e-5 and abs((residual * scores[:, 0]).mean()) < 1e-4  # its normal equations


def test_a_small_budget_compares_fewer_rows() -> None:
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("abcdefgh "), k)) for k in rng.integers(10, 60, 900)]
    ngrams = ngrams_per_row(pose_problem({"t": texts, "y": rng.normal(size=900)}, "y", texts={"t": True}))
    assert ngrams == pytest.approx(len(ORDER.count(texts).columns) / 900, rel=0.1)
    for outputs in (1, 150):
        whole = plan_texts(20_000, 250, outputs, 1e9)
        assert (whole.rows, plan_texts(20_000, 250, outputs, whole.needed).rows) == (20_000, 20_000)
        some = [plan_texts(20_000, 250, outputs, part * whole.needed) for part in (1e-6, 0.4, 0.8)]
        assert some[0].rows == 300 and some[1].rows == pytest.approx(8_000, rel=0.01) and some[1].folds == 5
        assert some[2].rows == pytest.approx(2 * some[1].rows, rel=0.01)


def test_what_does_not_go_with_text() -> None:
    texts, labels = reviews(60, 5, bent=False)
    with pytest.raises(BadInput, match="--no-text"):
        ub.fit({"text": texts, "label": labels}, target="label", trees=True)
    with pytest.raises(BadInput, match="'text'"):
        ub.fit({"text": texts, "label": labels}, target="label", text=["text"], no_text=["text"])
