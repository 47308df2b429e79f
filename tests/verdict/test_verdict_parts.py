"""The parts of the verdict: the ensemble's settings and held-out rows, the share of the bend, each column's effect."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unbend.data import Encoder, pose_problem
from unbend.network import Network
from unbend.verdict import Settings, fit_bent
from unbend.verdict.course import MORE
from unbend.verdict.effects import GRID, Effects
from unbend.verdict.judging import ensemble_losses, hold_out, paired
from unbend.verdict.scores import probabilities
from unbend.verdict.share import share_of_bend
from unbend.verdict.straight import fit_straight, unseen

QUICK = Settings(members=3, hidden=(12,), steps=300, batch_size=16)
RNG = np.random.default_rng(4)
X = np.c_[RNG.uniform(-1, 1, (120, 2)), RNG.normal(2000, 1, 120)]
Y = 1000 + 50 * X[:, 0] ** 2 + 10 * X[:, 1] + RNG.normal(0, 1, 120)
RING = (X[:, 0] ** 2 + X[:, 1] ** 2 > 0.6).astype(np.int64)
THREE = np.digitize(X[:, 0] ** 2, [0.1, 0.5])


@given(st.integers(8, 200), st.integers(1, 6), st.sampled_from([0.1, 0.15, 0.3]), st.booleans(), st.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_rows_to_learn_from_and_to_judge_by(n: int, members: int, held_out: float, classes: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, n) if classes else None
    learn, judge = hold_out(n, members, held_out, rng, labels)
    assert learn.shape[0] == judge.shape[0] == members and judge.shape[1] == max(1, round(held_out * n))
    for k in range(members):
        assert sorted([*learn[k], *judge[k]]) == list(range(n))
    pairs = max(1, members // 2)
    for k in range(pairs, members):
        np.testing.assert_array_equal(judge[k], judge[k - pairs if k < 2 * pairs else 0])
    if pairs * judge.shape[1] <= n:  # then nobody but the pair judges by these rows
        assert len(np.unique(judge)) == judge[:pairs].size


@pytest.mark.parametrize("rows", [8, 50, 500, 5_000, 50_000, 500_000])
def test_settings_follow_the_rows(rows: int) -> None:
    here = Settings.for_rows(rows)
    assert 1 <= here.batch_size <= max(4, rows // 8) and 1 <= here.rounds <= here.steps
    assert here.steps * here.batch_size >= rows  # every row is seen


def test_the_loss_of_many_from_the_answers_of_two() -> None:
    """Averages of 8 independent answers: their mean squared error follows from pairs of them."""
    rng = np.random.default_rng(1)
    y = rng.normal(size=4000)
    outputs = (y + 0.5)[None, :, None] + rng.normal(0, 2, (8, 4000, 1))
    squared = lambda o: (o[..., 0] - y) ** 2  # noqa: E731
    real = squared(outputs.mean(axis=0)).mean()
    assert ensemble_losses(outputs[:2], squared, 8).mean() == pytest.approx(real, abs=0.15)
    assert ensemble_losses(outputs[:2], squared, 2) == pytest.approx(squared(outputs[:2].mean(axis=0)))
    np.testing.assert_array_equal(ensemble_losses(outputs[:1], squared, 8), squared(outputs[0]))
    np.testing.assert_array_equal(paired(np.arange(10).reshape(5, 2)), [[0, 1, 2, 3], [4, 5, 6, 7]])


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_the_ensemble(classes: int) -> None:
    """Better than the straight model where there is a bend, on raw columns far from 0; same arguments, same bits."""
    y = {0: Y, 2: RING, 3: THREE}[classes]
    straight, _ = fit_straight(X, y, classes, 0)
    bent, again, other = (fit_bent(X, y, classes, straight, seed, QUICK) for seed in (1, 1, 2))
    assert bent.network(X).tobytes() == again.network(X).tobytes() != other.network(X).tobytes()
    rounds = QUICK.rounds * (1 if classes else 1 + MORE)  # these values are nearly free of noise
    assert [course.curved for course in bent.courses] == [False, True] and not bent.cut and bent.done == 1
    for course in bent.courses:
        assert course.train.shape == course.validation.shape and course.train.shape[1] == 3
        assert len(course.train) == rounds or course.stopped == "patience"
        np.testing.assert_array_equal(course.best, course.validation.argmin(axis=0))
    assert 0 < bent.share <= 1 and 0 <= bent.mix <= 1 and bent.network.dtype == np.float64
    assert bent.network.bends == ((0, 1) if bent.mix else (0,))
    if classes == 0:
        errors = [np.mean((net(X)[:, 0] - Y) ** 2) for net in (straight, bent.network)]
        assert errors[1] < 0.5 * errors[0]
        least = min(course.validation.min() for course in bent.courses)
        assert 0.05 * errors[1] < least < 20 * errors[1]  # in the unit of y²
    else:
        right = [np.mean(probabilities(net(X)).argmax(axis=1) == y) for net in (straight, bent.network)]
        assert right[1] > right[0] + 0.05


def test_progress_and_deadline() -> None:
    straight, _ = fit_straight(X, Y, 0, 0)
    told: list[tuple[int, int]] = []
    fit_bent(X, Y, 0, straight, 0, QUICK, watch=lambda done, of: told.append((done, of)))
    rounds, planned = QUICK.rounds, 2 * QUICK.rounds
    assert told == sorted(told) and {of for _, of in told} == {planned}
    assert told[: rounds - 1] == [(k + 1, planned) for k in range(rounds - 1)] and told[-1] == (planned, planned)
    assert sum(done == planned for done, _ in told) == 1
    late = fit_bent(X, Y, 0, straight, 0, QUICK, deadline=-1.0)
    assert late.cut and [len(course.train) for course in late.courses] == [1, 1]
    assert late.done == pytest.approx(1 / rounds) and np.isfinite(late.network(X)).all()


@pytest.mark.parametrize("classes", [0, 2])
def test_the_share_of_the_bend(classes: int) -> None:
    """All of a bend that is right, half of one twice too large, none of one that is noise."""
    rng = np.random.default_rng(0)
    base, bend = rng.normal(size=(400, 1)), rng.normal(size=(400, 1))

    def truth(add: np.ndarray) -> np.ndarray:
        if classes == 0:
            return base[:, 0] + add + 0.3 * rng.normal(size=400)
        return (rng.random(400) < 1 / (1 + np.exp(-4 * (base[:, 0] + add)))).astype(np.int64)

    size = 4 if classes else 1
    assert share_of_bend(size * base, size * bend[None], truth(bend[:, 0]), classes) > 0.8
    assert share_of_bend(size * base, 2 * size * bend[None], truth(bend[:, 0]), classes) == pytest.approx(0.5, abs=0.15)
    assert share_of_bend(size * base, size * bend[None], truth(np.zeros(400)), classes) < 0.15
    assert share_of_bend(size * base, size * bend[None], truth(-bend[:, 0]), classes) == 0
    assert share_of_bend(base[:1], bend[None, :1], truth(bend[:, 0])[:1], classes) in np.linspace(0, 1, 41)


# effects ------------------------------------------------------------------------------------------------------------


def test_effects() -> None:
    """Of a known network: straight lines keep their slope, |x| its kink, an unused column does nothing."""
    n = 150
    a, b, c = RNG.normal(0, 2, n), RNG.choice(["p", "q", "r"], n, p=[0.5, 0.3, 0.2]), RNG.normal(size=n)
    problem = pose_problem({"a": a, "b": b, "c": c, "y": a}, "y")
    encoder = Encoder.fit(problem)
    at = {name: k for k, name in enumerate(encoder.names)}
    W, V = np.zeros((len(at), 1)), np.zeros((len(at), 2))
    W[at["a"]], W[at["b=q"]] = 3, 5
    V[at["a"]] = [1, -1]
    straight = Network.from_arrays([(W, [1.0])])
    bent = Network.from_arrays([(V, [0.0, 0.0]), ([[1.0], [1.0]], [0.0])], ["relu", "identity"])
    found = {e.column: e for e in Effects(problem, encoder, straight, bent, 0).strongest(9)}
    assert set(found) == {"a", "b", "c"} and found["a"].of is None
    values = np.array(found["a"].values, dtype=float)
    assert len(values) <= GRID and (values[0], values[-1]) == (a.min(), a.max())
    np.testing.assert_allclose(np.diff(found["a"].straight), 3 * np.diff(values), rtol=1e-9)
    np.testing.assert_allclose(found["a"].bent, np.abs(values), rtol=1e-12)
    assert found["b"].values == ["p", "q", "r"]  # the most frequent first
    np.testing.assert_allclose(found["b"].straight - found["b"].straight[0], [0, 5, 0], atol=1e-9)
    assert found["c"].spread == 0 and found["a"].spread == pytest.approx(3 * np.ptp(a))
    order = [e.column for e in Effects(problem, encoder, straight, bent, 0).strongest(9)]
    assert order == ["a", "b", "c"]  # strongest first


@pytest.mark.parametrize("bent_too", [False, True])
def test_effects_of_a_wide_table(bent_too: bool) -> None:
    """Only the columns that weigh most in either model are looked at, whatever their units."""
    wide = {f"c{k}": RNG.normal(size=60) * 10.0 ** (k % 5) for k in range(30)}
    problem = pose_problem(wide | {"y": RNG.normal(size=60)}, "y")
    encoder = Encoder.fit(problem)
    W, V = np.zeros((30, 1)), np.zeros((30, 1))
    W[7], W[21], V[13] = 3 / 10**2, 2 / 10**1, (5 if bent_too else 0) / 10**3
    straight, bent = Network.from_arrays([(W, [0.0])]), Network.from_arrays([(V, [0.0]), ([[1.0]], [0.0])])
    found = Effects(problem, encoder, straight, bent, 0).strongest(3)
    assert len(found) == 3
    names = [e.column for e in found if e.spread > 0]
    assert sorted(names) == (["c13", "c21", "c7"] if bent_too else ["c21", "c7"])
    assert [e.spread for e in found] == sorted((e.spread for e in found), reverse=True)


@pytest.mark.parametrize("classes", [2, 3])
def test_effects_of_classes_are_probabilities(classes: int) -> None:
    a = RNG.normal(size=90)
    labels = np.array(["A", "B", "C"])[np.digitize(a, [-0.5, 0.5]) if classes == 3 else (a > 0).astype(int)]
    problem = pose_problem({"a": a, "flag": RNG.choice([True, False], 90), "y": labels}, "y")
    encoder = Encoder.fit(problem)
    straight, _ = fit_straight(encoder.transform(problem), problem.y, classes, 0)
    first = Effects(problem, encoder, straight, straight, 0).strongest(9)[0]
    assert first.column == "a" and first.of in problem.classes and (first.of == "B" or classes == 3)
    assert np.all((first.straight >= 0) & (first.straight <= 1)) and first.spread > 0.5
    np.testing.assert_array_equal(first.straight, first.bent)


def test_effects_of_dates_booleans_and_gaps() -> None:
    n = 60
    days = np.datetime64("2020-01-01") + RNG.integers(0, 900, n)
    gap = [None if k % 5 == 0 else float(k) for k in range(n)]
    flag, y = RNG.choice(["yes", "no"], n), RNG.normal(size=n)
    problem = pose_problem({"day": days.astype("datetime64[us]"), "flag": flag, "gap": gap, "y": y}, "y")
    encoder = Encoder.fit(problem)
    straight, _ = fit_straight(encoder.transform(problem), problem.y, 0, 0)
    found = {e.column: e for e in Effects(problem, encoder, straight, straight, 0).strongest(9)}
    assert set(found) == {"day", "flag", "gap"}
    assert sorted(found["flag"].values) == ["no", "yes"] and None not in found["gap"].values
    assert all(np.isfinite(e.straight).all() and len(e.values) == len(e.straight) for e in found.values())


@pytest.mark.parametrize("classes", [2, 3])
def test_a_straight_model_asked_of_rows_it_did_not_learn_from(classes: int) -> None:
    """As scikit-learn's logistic regression answers that learned from the other rows, with the same penalty."""
    from sklearn.linear_model import LogisticRegression

    y = {2: RING, 3: THREE}[classes]
    straight, penalty = fit_straight(X, y, classes, 0)
    learn, judge = hold_out(len(y), 4, 0.125, np.random.default_rng(0), y)
    found = unseen(X, y, straight, penalty, learn, judge)
    rest = np.setdiff1d(np.arange(len(y)), judge)
    np.testing.assert_array_equal(found[rest], straight(X)[rest])
    z = (X - X.mean(axis=0)) / X.std(axis=0)
    for k in (0, 1):
        peer = LogisticRegression(C=1 / (penalty * learn.shape[1]), tol=1e-8, max_iter=1000).fit(
            z[learn[k]], y[learn[k]]
        )
        wanted = peer.predict_proba(z[judge[k]])
        np.testing.assert_allclose(probabilities(found[judge[k]]), wanted, atol=2e-3)
