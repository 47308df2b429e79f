"""From losses to a verdict: the corrected test by hand, Fieller's interval by inverting the test, four answers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from unbend.verdict import Comparison, corrected_interval, decide
from unbend.verdict.decide import EQUIVALENCE_MARGIN, LEAST_GAIN, LEVEL, gain_interval
from unbend.verdict.scores import constant_output, probabilities, row_losses, score


def test_corrected_interval_by_hand() -> None:
    """Four differences 1, 2, 3, 6: mean 3, s² = 14/3; with test/training rows 1/3: sqrt((1/4 + 1/3) 14/3)."""
    low, high, p = corrected_interval(np.array([1.0, 2.0, 3.0, 6.0]), 1 / 3, 0.95)
    error = math.sqrt((0.25 + 1 / 3) * 14 / 3)
    t = 3.182446305284263  # 97.5 % of Student's t with 3 degrees of freedom
    assert (low, high) == pytest.approx((3 - t * error, 3 + t * error), rel=1e-12)
    x = 3 / error  # the distribution function of t with 3 degrees of freedom in closed form
    assert p == pytest.approx(
        1 - 2 / math.pi * (math.atan(x / math.sqrt(3)) + x * math.sqrt(3) / (3 + x * x)), rel=1e-9
    )


def test_without_correction_it_is_students_interval() -> None:
    d = np.random.default_rng(0).normal(0.3, 1, 12)
    theirs = stats.ttest_1samp(d, 0)
    low, high, p = corrected_interval(d, 0.0, 0.95)
    assert (low, high) == pytest.approx(tuple(theirs.confidence_interval(0.95)), rel=1e-10)
    assert p == pytest.approx(theirs.pvalue, rel=1e-10)


def test_the_papers_variance() -> None:
    """Nadeau & Bengio 2003: (1/J + n2/n1) s², for 10 × 10-fold with n2/n1 = 1/9 eleven times the naive one, nearly."""
    d = np.random.default_rng(0).normal(0.1, 1, 100)
    low, high, _ = corrected_interval(d, 1 / 9, 0.95)
    naive = corrected_interval(d, 0.0, 0.95)
    assert (high - low) / (naive[1] - naive[0]) == pytest.approx(math.sqrt(1 + 100 / 9), rel=1e-12)


def test_differences_that_do_not_vary() -> None:
    assert corrected_interval(np.full(5, 2.0), 0.1, 0.95) == (2.0, 2.0, 0.0)
    assert corrected_interval(np.zeros(5), 0.1, 0.95) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize("ratio", [1 / 9, 1 / 4])
def test_coverage_where_folds_share_rows(ratio: float) -> None:
    """Fold results that hang together as the correction assumes (correlation n2/(n1 + n2)): 95 %, naive far less."""
    rng, folds, times = np.random.default_rng(1), 15, 1500
    rho = ratio / (1 + ratio)
    d = 1 + math.sqrt(rho) * rng.normal(size=(times, 1)) + math.sqrt(1 - rho) * rng.normal(size=(times, folds))
    covered, naive = np.mean(
        [[low <= 1 <= high for low, high, _ in (corrected_interval(row, r, 0.95) for r in (ratio, 0.0))] for row in d],
        axis=0,
    )
    assert covered == pytest.approx(0.95, abs=0.02) and naive < 0.85


# the gain -----------------------------------------------------------------------------------------------------------


def losses_of(seed: int, folds: int, gain: float, error: float) -> tuple[np.ndarray, np.ndarray]:
    """Folds hard and easy for both models alike, and noise of each."""
    rng = np.random.default_rng(seed)
    hard = rng.uniform(0.7, 1.3, folds)
    linear = hard * (1 + error * rng.normal(size=folds))
    return linear, (1 - gain) * hard * (1 + error * rng.normal(size=folds))


@given(
    st.integers(0, 10**6), st.integers(4, 30), st.floats(-0.5, 0.9), st.floats(0.01, 0.3), st.sampled_from([0.95, 0.99])
)
@settings(max_examples=50, deadline=None)
def test_gain_interval_is_the_test_inverted(seed: int, folds: int, gain: float, error: float, level: float) -> None:
    """Its ends are the ratios at which the corrected test of network - r*linear just stops rejecting."""
    linear, network = losses_of(seed, folds, gain, error)
    ratio = 1 / 9
    low, high = gain_interval(linear, network, ratio, level)
    point = float(network.mean() / linear.mean())

    def p_minus(r: float) -> float:
        return corrected_interval(network - r * linear, ratio, level)[2] - (1 - level)

    # it holds 0 just when equal losses are not rejected
    assert (low <= 0 <= high) == (p_minus(1.0) >= 0) and low <= 1 - point <= high
    if corrected_interval(linear, ratio, level)[2] >= 1 - level:  # the straight loss might be 0: no ratio is bounded
        plain = corrected_interval((linear - network) / linear.mean(), ratio, level)
        assert (low, high) == pytest.approx((plain[0], min(1.0, plain[1])))
        return
    assume(p_minus(200.0) < 0)
    assert 1 - low == pytest.approx(optimize.brentq(p_minus, point, 200.0), rel=1e-6)
    if high < 1:
        assert high == pytest.approx(1 - optimize.brentq(p_minus, -200.0, point), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("gain", [0.0, 0.4])
def test_coverage_of_the_gain(gain: float) -> None:
    caught = []
    for seed in range(1200):
        rng = np.random.default_rng(seed)
        hard = rng.normal(1, 0.15, 12)
        linear, network = hard + rng.normal(0, 0.05, 12), (1 - gain) * hard + rng.normal(0, 0.05, 12)
        low, high = gain_interval(linear, network, 0.0, 0.95)
        caught.append(low <= gain <= high)
    assert np.mean(caught) == pytest.approx(0.95, abs=0.02)


def test_hard_folds_do_not_widen_it() -> None:
    linear, network = losses_of(3, 10, 0.4, 0.01)
    uneven = np.linspace(1, 8, 10)
    low, high = gain_interval(linear, network, 1 / 9, 0.95)
    wide = gain_interval(linear * uneven, network * uneven, 1 / 9, 0.95)
    plain = [
        e / linear.mean() for e in corrected_interval((linear - network) * uneven / uneven.mean(), 1 / 9, 0.95)[:2]
    ]
    assert high - low < 0.05 and wide[1] - wide[0] < 0.1 < plain[1] - plain[0]


def test_an_unknown_straight_loss_falls_back_on_the_difference() -> None:
    linear, network = np.array([0.0, 0.0, 9.0]), np.array([1.0, 1.0, 1.5])
    low, high, _ = corrected_interval((linear - network) / 3, 1 / 9, 0.95)
    assert gain_interval(linear, network, 1 / 9, 0.95) == (low, min(1.0, high)) and np.isfinite(low)


# the verdict --------------------------------------------------------------------------------------------------------


def made_up(
    constant: float, linear: float, network: float, noise: float = 0.02, folds: int = 10, seed: int = 0
) -> Comparison:
    """Losses around the given means; folds are hard or easy for all three alike."""
    rng = np.random.default_rng(seed)
    hard = rng.uniform(0.8, 1.2, (folds, 1))
    losses = np.array([constant, linear, network]) * hard * (1 + noise * rng.normal(size=(folds, 3)))
    return Comparison(1 / 9, losses=losses)


@pytest.mark.parametrize(
    ("means", "noise", "verdict"),
    [
        ((1.0, 0.5, 0.2), 0.02, "bends_pay"),
        ((1.0, 1.0, 0.3), 0.02, "bends_pay"),  # the straight model learns nothing, the network does
        ((1.0, 1.4, 0.8), 0.02, "bends_pay"),
        ((1.0, 0.5, 0.5), 0.02, "straight_is_enough"),
        ((1.0, 0.5, 0.8), 0.02, "straight_is_enough"),
        ((1.0, 0.5, 0.499), 0.001, "straight_is_enough"),  # surely better, by too little to pay
        ((1.0, 0.5, 0.49), 0.005, "bends_pay"),
        ((1.0, 1.0, 1.0), 0.01, "nothing_to_learn"),
        ((1.0, 1.02, 1.3), 0.01, "nothing_to_learn"),
        ((1.0, 0.5, 0.45), 0.15, "cannot_tell"),
        ((1.0, 1.0, 0.9), 0.30, "cannot_tell"),
        ((1.0, 0.95, 0.94), 0.30, "cannot_tell"),
        ((1.0, 1.5, 1.2), 0.01, "nothing_to_learn"),  # better than the straight model, worse than none
    ],
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_four_answers(means: tuple[float, float, float], noise: float, verdict: str, seed: int) -> None:
    answer = decide(made_up(*means, noise=noise, seed=seed), rows=200)
    assert answer.verdict == verdict
    low, high = answer.interval
    assert low <= answer.gain <= high <= 1
    assert (answer.p_value < 1 - LEVEL) == (low > 0 or high < 0)
    assert answer.rows_needed is None if verdict != "cannot_tell" else (answer.rows_needed or 0) > 200
    assert answer.learned == (min(means[1:]) < 0.9) or verdict == "cannot_tell"
    if verdict == "bends_pay":
        assert low > 0 and answer.gain >= LEAST_GAIN
    if verdict == "straight_is_enough":
        assert high < EQUIVALENCE_MARGIN


def test_the_unit_of_the_loss_does_not_matter() -> None:
    for means in ((1.0, 0.5, 0.2), (1.0, 0.5, 0.5), (1.0, 1.0, 1.0), (1.0, 0.5, 0.45)):
        here, there = made_up(*means, noise=0.1), made_up(*means, noise=0.1)
        there.losses = there.losses * 1e12
        one, other = decide(here, 100), decide(there, 100)
        assert one.verdict == other.verdict and one.rows_needed == other.rows_needed
        assert one.interval == pytest.approx(other.interval, rel=1e-9)


def test_an_exact_straight_model_leaves_nothing_to_gain() -> None:
    answer = decide(Comparison(1 / 9, losses=np.tile([1.0, 1e-20, 1e-9], (10, 1))), 100)
    assert (answer.verdict, answer.gain, answer.interval) == ("straight_is_enough", 0.0, (0.0, 0.0))
    both = decide(Comparison(1 / 9, losses=np.tile([1.0, 0.0, 0.0], (10, 1))), 100)
    assert both.verdict == "straight_is_enough" and both.p_value == 1


def test_more_rows_are_asked_for_the_less_is_seen() -> None:
    def even(noise: float) -> Comparison:  # the means hold exactly
        up, down = np.tile([1, -1], 5), np.tile([1, 1, -1, -1, 0], 2)
        return Comparison(1 / 9, losses=np.c_[np.ones(10), 0.5 * (1 + noise * up), 0.44 * (1 + noise * down)])

    clear, dim = decide(even(0.15), 100), decide(even(0.3), 100)
    assert clear.verdict == dim.verdict == "cannot_tell" and clear.gain == pytest.approx(0.12)
    assert clear.rows_needed and dim.rows_needed and 100 < clear.rows_needed < dim.rows_needed
    twice = decide(even(0.3), 200)
    assert twice.rows_needed == pytest.approx(2 * dim.rows_needed, rel=0.05)


def test_a_stricter_level_tells_less() -> None:
    verdicts: dict[float, list[Any]] = {level: [] for level in (0.8, 0.95, 0.999)}
    for seed in range(40):
        comparison = made_up(1, 0.5, 0.44, 0.1, seed=seed)
        for level, seen in verdicts.items():
            seen.append(decide(comparison, 100, level).verdict != "cannot_tell")
    counts = [sum(v) for v in verdicts.values()]
    assert counts[0] > counts[1] > counts[2]


# scores -------------------------------------------------------------------------------------------------------------


def test_scores() -> None:
    assert score(0.25, 1.0) == 0.75 and score(1.0, 1.0) == 0.0 and score(2.0, 1.0) == -1.0 and score(0.0, 0.0) == 0.0
    y = np.array([1.0, 2.0, 6.0])
    assert constant_output(y, 0).tolist() == [3.0]
    assert row_losses(np.array([[1.0], [4.0], [5.0]]), y, 0).tolist() == [0, 4, 1]
    labels = np.array([0, 0, 0, 1])
    two = constant_output(labels, 2)
    np.testing.assert_allclose(probabilities(two[None]), [[4 / 6, 2 / 6]])
    three = constant_output(labels, 3)  # a class not seen keeps a chance
    np.testing.assert_allclose(probabilities(three[None]), [[4 / 7, 2 / 7, 1 / 7]])
    np.testing.assert_allclose(row_losses(np.tile(two, (4, 1)), labels, 2), -np.log([4 / 6, 4 / 6, 4 / 6, 2 / 6]))
    np.testing.assert_allclose(row_losses(np.tile(three, (4, 1)), labels, 3), -np.log([4 / 7, 4 / 7, 4 / 7, 2 / 7]))


@pytest.mark.parametrize("gain", [0.0, 0.05, 0.15])
def test_the_rows_asked_for_would_mostly_have_told(gain: float) -> None:
    """Squared errors of normal noise, dealt into folds three times: of tables of 80 rows that cannot tell, most can at
    the number of rows they ask for, and seldom at their own."""  # fmt: skip

    def compared(rng: np.random.Generator, rows: int) -> Comparison:
        z, w = rng.normal(size=(2, rows))
        losses = np.c_[(z + rng.normal(size=rows)) ** 2, z**2, (1 - gain) * (0.9 * z + 0.19**0.5 * w) ** 2]
        parts = [rng.permutation(np.arange(rows) % 10) for _ in range(3)]
        return Comparison(1 / 9, np.array([losses[part == k].mean(axis=0) for part in parts for k in range(10)]))

    decided, before = [], []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        needed = decide(compared(rng, 80), 80).rows_needed
        before.append(needed is None)
        if needed is not None and needed < 20_000:
            decided.append(decide(compared(rng, needed), needed).verdict != "cannot_tell")
    assert len(decided) > 50 and np.mean(decided) > max(0.5, 1.5 * np.mean(before))


def test_a_small_gain_that_may_be_luck_is_not_called_straight() -> None:
    """Wine-like: the network takes off 3 %, give or take as much. Neither verdict is sure, whatever the seed."""
    verdicts = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        hard = rng.uniform(0.8, 1.2, 10)
        comparison = Comparison(1 / 9, np.c_[np.full(10, 2.0), hard, hard * (0.97 + 0.025 * rng.normal(size=10))])
        decision = decide(comparison, 1000)
        verdicts.append(decision.verdict)
        assert decision.verdict != "straight_is_enough" or decision.gain < LEAST_GAIN
    assert {"bends_pay", "cannot_tell"} <= set(verdicts) and verdicts.count("straight_is_enough") <= 4


# heavy tails --------------------------------------------------------------------------------------------------------


def heavy(seed: int, linear: float, network: float, noise: float = 0.05, largest: float = 300.0) -> Comparison:
    """Losses of the constant that one fold decides, and a linear model and a network that follow the target: their
    losses, relative to the constant's, are the same in every fold up to noise."""  # fmt: skip
    rng = np.random.default_rng(seed)
    folds, spread = (10, 2.0) if largest > 10 else (30, 0.1)
    constant = np.exp(rng.normal(0, spread, folds))
    constant[0] = largest
    factors = np.exp(noise * rng.normal(size=(folds, 2)))
    return Comparison(1 / 9, np.c_[constant, constant * linear * factors[:, 0], constant * network * factors[:, 1]])


@pytest.mark.parametrize("seed", range(4))
def test_one_fold_cannot_hide_what_every_fold_shows(seed: int) -> None:
    """The mean of the constant's loss is one fold's; the linear model removes 99.9 % of it in each."""
    comparison = heavy(seed, 0.001, 0.00101)
    constant, linear, _ = comparison.losses.T
    assert corrected_interval((constant - linear) / constant.mean(), 1 / 9, 0.95)[0] < 0
    decision = decide(comparison, 300)
    assert decision.learned and decision.uneven and decision.verdict in ("straight_is_enough", "cannot_tell")
    assert decision.interval[0] <= decision.gain <= decision.interval[1]
    assert decide(heavy(seed, 0.001, 0.0012, 0.01), 300).verdict == "straight_is_enough"


def test_in_heavy_tails_a_bend_must_pay_in_the_mean_as_well() -> None:
    comparison = heavy(0, 0.5, 0.1, largest=6.5)
    assert decide(comparison, 300).verdict == "bends_pay" and decide(comparison, 300).uneven
    comparison.losses[0, 2] = 30.0  # where it matters most, the network fails
    assert decide(comparison, 300).verdict == "cannot_tell"
    assert decide(heavy(0, 0.5, 0.1), 300).verdict == "cannot_tell"  # clear in nine folds, which hardly count


def test_noise_with_heavy_tails_is_still_noise() -> None:
    found = []
    for seed in range(60):
        decision = decide(heavy(seed, 1.0, 1.02, 0.1), 300)
        found.append(decision.verdict)
        assert decision.verdict in ("nothing_to_learn", "cannot_tell", "straight_is_enough")
    assert found.count("straight_is_enough") <= 4


def test_even_folds_are_judged_as_ever() -> None:
    comparison = made_up(1.0, 0.5, 0.2)
    decision = decide(comparison, 200)
    _, linear, network = comparison.losses.T
    assert not decision.uneven and decision.interval == gain_interval(linear, network, 1 / 9, LEVEL)


def test_what_one_row_hides_is_not_nothing() -> None:
    """One wild value of the target decides the losses of a fold, and with them both means."""
    hard = np.linspace(0.9, 1.1, 10)
    losses = np.c_[6 * hard, hard, hard]
    losses[4] = 80_000.0, 80_000.3, 80_000.5
    assert decide(Comparison(1 / 9, losses), 300).verdict in ("cannot_tell", "straight_is_enough")
    losses[:, 1:] = losses[:, :1] * (1 + 0.001 * (-1) ** np.arange(10))[:, None]
    decision = decide(Comparison(1 / 9, losses), 300)
    assert decision.verdict == "cannot_tell" and not decision.learned
    losses[4] = losses[3]  # the fold with the wild row was not reached
    hidden = Comparison(1 / 9, losses)
    assert decide(hidden, 300).verdict == "nothing_to_learn"
    hidden.far_target = True
    assert decide(hidden, 300).verdict == "cannot_tell"


@pytest.mark.parametrize(("spread", "verdict"), [(0.01, "straight_is_enough"), (0.6, "cannot_tell")])
def test_a_correction_left_out_for_want_of_rows_is_no_evidence(spread: float, verdict: str) -> None:
    """The network was shrunk to the linear model; with its best weight it might gain more than the margin, or not."""
    linear = np.full(10, 0.5) * np.random.default_rng(0).uniform(0.9, 1.1, 10)
    losses = np.column_stack([np.ones(10), linear, linear])
    unshrunk = linear * (1 - 0.02 + spread * np.random.default_rng(1).uniform(-1, 1, 10))
    answer = decide(Comparison(ratio=1 / 9, losses=losses, unshrunk=unshrunk), 200)
    assert answer.verdict == verdict and answer.gain == 0
    assert (answer.interval == (0, 0)) == (verdict == "straight_is_enough")
    assert decide(Comparison(ratio=1 / 9, losses=losses), 200).verdict == "straight_is_enough"
