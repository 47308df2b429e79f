"""Word pairs that bend: found where they are planted, not elsewhere; the parts against plain Python and SciPy."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from unbend.arrays import Array
from unbend.verdict.text.offset_fit import PENALTY, fit_with_offset
from unbend.verdict.text.pair_scores import score_test
from unbend.verdict.text.word_pairs import find_word_pairs
from unbend.verdict.text.word_table import WordTable, forms

FILLERS = np.array([f"w{i}" for i in range(40)])
FOLDS = np.arange(2400) % 5


def negated(seed: int, how: tuple[str, ...] = ("good", "fine"), switch: str = "not") -> tuple[list[str], Array, Array]:
    """(texts, labels, what a straight model says): ``switch`` before a word of praise turns it, with a word between."""
    rng = np.random.default_rng(seed)
    texts, label, straight = [], [], []
    for _ in range(len(FOLDS)):
        words = list(rng.choice(FILLERS, rng.integers(4, 11)))
        praise, negate, elsewhere = rng.random() < 0.5, rng.random() < 0.4, rng.random() < 0.4
        if praise:
            words[3:3] = [*([switch, str(rng.choice(FILLERS))] if negate else []), str(rng.choice(how))]
        if elsewhere:
            words.append(switch)
        logit = (-2.0 if negate else 2.0) if praise else -0.5
        texts.append(" ".join(words))
        label.append(rng.random() < 1 / (1 + np.exp(-logit)))
        straight.append([0.5 if praise else -0.5])
    return texts, np.array(label, int), np.array(straight)


def test_negation_is_found_told_and_can_be_switched_on() -> None:
    texts, y, output = negated(0)
    found = find_word_pairs(texts, y, output, FOLDS, 2)
    assert {(pair.first, pair.second) for pair in found.pairs} == {("not", "good"), ("not", "fine")}
    for pair in found.pairs:
        assert pair.weight < -2 and pair.p_value < 0.01 and pair.held_out_p < 0.01
        assert pair.rows == sum(f"not w{i} {pair.second}" in text for text in texts for i in range(40))
    assert abs(sum(pair.share for pair in found.pairs) - 1) < 1e-9 and 0.03 < found.gain < 0.5
    (switch,) = found.switches
    assert switch.word == "not" and switch.after
    assert abs(switch.multiplier - (-1.5 / 2.5)) < 0.25  # log odds 2 and -0.5 with and without praise; turned: -2
    bent = output + found.added(texts)
    right = [np.mean((one[:, 0] > 0) == y) for one in (output, bent)]
    assert right[1] > right[0] + 0.1


def test_korean_beginnings_carry_what_endings_share() -> None:
    rng = np.random.default_rng(0)
    endings = tuple("좋" + ending for ending in ("아요", "네요", "았다", "다", "군", "지만", "더라", "습니다"))
    texts, y, output = negated(1, how=endings, switch="안")
    found = find_word_pairs(texts, y, output, FOLDS, 2)
    assert [(pair.first, pair.second) for pair in found.pairs] == [("안", "좋…")]
    assert forms("좋아요") == ("좋아요", "좋…", "좋아…") and forms("good") == ("good",) and rng


@pytest.mark.parametrize("kind", ["labels", "numbers", "classes"])
def test_where_nothing_bends_no_pair_is_told(kind: str) -> None:
    told = 0
    for seed in range(12):
        rng = np.random.default_rng([seed, 3])
        rows = rng.integers(0, 40, (len(FOLDS), 8))
        texts = [" ".join(FILLERS[row]) for row in rows]
        weights = rng.normal(size=(40, 4 if kind == "classes" else 1))
        output = np.array([weights[row].sum(axis=0) for row in rows])
        y: Array
        if kind == "labels":
            y = (rng.random(len(FOLDS)) < 1 / (1 + np.exp(-output[:, 0]))).astype(int)
        elif kind == "numbers":
            y = output[:, 0] + rng.standard_t(3, len(FOLDS))
        else:
            y = (output + rng.gumbel(size=output.shape)).argmax(axis=1)
        shrunk = 0.6 * output + 0.1  # a penalised model is
        found = find_word_pairs(texts, y, shrunk, FOLDS, {"labels": 2, "numbers": 0, "classes": 4}[kind])
        assert found.looked > 1000
        told += bool(found.pairs)
    assert told == 0


def test_numbers_and_one_of_several_classes() -> None:
    texts, y, output = negated(2)
    values = 3.0 * y + np.random.default_rng(0).normal(size=len(y))
    found = find_word_pairs(texts, values, 3 * output, FOLDS, 0)
    assert {(pair.first, pair.second) for pair in found.pairs} == {("not", "good"), ("not", "fine")}
    scores = np.column_stack([-output, output, np.full(len(y), -1.0)])
    third = np.random.default_rng(1).random(len(y)) < 0.2
    found = find_word_pairs(texts, np.where(third, 2, y), scores, FOLDS, 3)
    assert {(pair.first, pair.output) for pair in found.pairs} == {("not", 0), ("not", 1)}


def test_a_text_that_was_sent_a_hundred_times_is_one_text() -> None:
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(FILLERS, 6)) for _ in FOLDS]
    y = rng.integers(0, 2, len(FOLDS))
    texts[:400], y[:400] = ["buy this  now"] * 200 + ["Buy this now"] * 200, 1
    assert find_word_pairs(texts, y, np.zeros((len(y), 1)), FOLDS, 2).pairs == ()


def test_nothing_to_read_and_no_time() -> None:
    texts, y, output = negated(0)
    for odd in ([""] * len(texts), [None] * len(texts), ["same"] * len(texts), ["!?"] * len(texts)):
        found = find_word_pairs(odd, y, output, FOLDS, 2)
        assert found.pairs == () and found.gain == 0
    assert find_word_pairs(texts, y, np.full_like(output, np.nan), FOLDS, 2).pairs == ()
    cut = find_word_pairs(texts, y, output, FOLDS, 2, deadline=0.0)
    assert cut.cut and cut.pairs == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "좋아요", "안"]), max_size=7), min_size=1, max_size=8))
def test_pairs_are_those_of_plain_python(texts: list[list[str]]) -> None:
    expected: dict[tuple[str, str], dict[int, bool]] = defaultdict(dict)
    for row, words in enumerate(texts):
        for i, first in enumerate(words):
            for j in range(i + 1, min(i + 4, len(words))):
                for a in forms(first):
                    for b in forms(words[j]):
                        if a != b:
                            expected[a, b][row] = expected[a, b].get(row, False) or j == i + 1
    table = WordTable.of([" ".join(words) for words in texts])
    names = list(table.words)
    pairs = table.pairs(1)
    got: dict[tuple[str, str], dict[int, bool]] = defaultdict(dict)
    for pair, row, adjacent in zip(pairs.pair, pairs.row, pairs.adjacent, strict=True):
        got[names[pairs.first[pair]], names[pairs.second[pair]]][int(row)] = bool(adjacent)
    assert got == expected
    for (a, b), rows in expected.items():
        near, adjacent = table.pair_presence(table.words[a], table.words[b])
        assert {int(r): bool(adjacent[r]) for r in np.flatnonzero(near)} == rows


def test_offset_fit_is_the_minimum_of_its_loss() -> None:
    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(200), rng.random((200, 2)) < 0.3])
    offset, y = rng.normal(size=200), (rng.random(200) < 0.5).astype(float)
    size = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)

    def loss(w: Array) -> float:
        output = offset + x @ w
        return float(np.sum(np.logaddexp(0, output) - y * output) + PENALTY * np.sum((size * w) ** 2) / 2)

    best = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000})
    made = fit_with_offset(x, y, offset, True)
    np.testing.assert_allclose(made.weights, best.x, atol=1e-4)
    separable = fit_with_offset(x[:, :2], x[:, 1].copy(), 40 * offset, True)
    assert np.isfinite(separable.weights).all()


def test_scores_of_chance_are_small_also_where_events_are_rare() -> None:
    """At 1 in 1000 by theory; the score of a column of 30 ones in 3000 rows, one event in 200."""
    large = 0
    for seed in range(3000):
        rng = np.random.default_rng(seed)
        y = (rng.random(1000) < 0.005).astype(float)
        null = fit_with_offset(np.ones((1000, 1)), y, np.full(1000, -5.0), True)
        presence = np.zeros(1000)
        presence[:30] = 1
        large += abs(score_test(presence, np.ones((1000, 1)), null)) > 10.83
    assert large <= 9
