"""A run of the playground without a browser: losses against NumPy and scikit-learn, the stop rule, no NaN, files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, log_loss, mean_squared_error, r2_score

pytest.importorskip("anywidget")

import unbend as ub
from unbend.data.reader import parse_table
from unbend.errors import BadInput
from unbend.lab import playground, run, run_report, sample
from unbend.lab.network import lesson
from unbend.lab.network_files import FILES, as_python, files_of
from unbend.lab.session import Session
from unbend.lab.toy_sets import TOY_SETS
from unbend.widgets.controls import Controls
from unbend.widgets.runner import Runner


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNBEND_ENGINE", "numpy")


def trained(rows: sample.Sample, epochs: int = 3, **plan: object) -> run.Run:
    made = run.Run(rows, run.Plan(((4, "tanh"),), **plan))  # type: ignore[arg-type]
    for _ in range(epochs):
        made.one_epoch()
    return made


@pytest.mark.parametrize("name", TOY_SETS)
def test_losses_and_scores_are_those_of_the_network(name: str) -> None:
    rows = sample.toy(name, 0.1, 0.3, 1)
    assert len(rows.x) == 400 and len(rows.judge) == 120 and not set(rows.learn) & set(rows.judge)
    made = trained(rows)
    output = made.net(rows.x)[:, 0]
    for side, loss, score in zip((rows.learn, rows.judge), made.losses[-1], made.scores(), strict=True):
        if rows.classes:
            p = 1 / (1 + np.exp(-output[side]))
            assert loss == pytest.approx(log_loss(rows.y[side], p))
            assert score == pytest.approx(np.mean((p > 0.5) == rows.y[side]))
        else:
            assert loss == pytest.approx(mean_squared_error(rows.y[side], output[side]) ** 0.5)
            assert score == pytest.approx(r2_score(rows.y[side], output[side]))
    if rows.classes:
        assert np.array_equal(made.confusion(), confusion_matrix(rows.y[rows.judge], output[rows.judge] > 0))
    assert made.losses[-1][0] < made.losses[0][0]


def test_own_table_in_its_own_unit_with_scales_folded_in() -> None:
    rng = np.random.default_rng(3)
    far, near = rng.normal(1e4, 300, 80), rng.normal(0, 1e-3, 80)
    price = 5 * far + 2e5 * near + 1e6
    rows = sample.own(parse_table({"far": far, "near": near, "price": price}), "price", 0.25, 0)
    made = trained(rows, 20, rate=0.03)
    x = np.column_stack([far, near])
    assert made.losses[-1][1] == pytest.approx(mean_squared_error(price[rows.judge], made.net(x[rows.judge])) ** 0.5)
    assert made.scores()[1] > 0.8
    three = sample.own(parse_table({"a": far, "kind": ["u", "v", "w", "u"] * 20}), "kind", 0.25, 0)
    assert three.outputs == 3 and trained(three).confusion().sum() == len(three.judge)


def test_divergence_is_undone_and_said() -> None:
    made = run.Run(sample.toy("plane", 0, 0.3, 0), run.Plan(((8, "relu"), (8, "relu")), "sgd", 10.0))
    while not made.stopped:
        made.one_epoch()
    assert "finite" in made.stopped
    assert np.isfinite(made.losses).all() and all(np.isfinite(a).all() for pair in made.net.arrays for a in pair)
    before = made.epoch
    made.one_epoch()
    assert made.epoch == before
    made.learn_otherwise(run.Plan(((8, "relu"), (8, "relu")), "sgd", 1e-6))
    made.one_epoch()
    assert made.epoch == before + 1


def test_stop_rule_counts_epochs_without_a_better_loss() -> None:
    made = trained(sample.toy("clouds", 0.5, 0.3, 0), 0, rate=0.3, patience=10)
    made.advance(60)
    held_out = [loss[1] for loss in made.losses[1:]]
    assert made.stopped and len(held_out) - 1 - int(np.argmin(held_out)) == 10


def test_l1_makes_weights_exactly_zero_and_can_be_taken_up_on_the_way() -> None:
    session = Session(playground.fields())
    values = {field.name: field.default for field in session.fields}
    session.set_up({**values, "data": "plane", "penalty": "l1", "decay": 0.1, "rate": 0.03})
    assert session.run is not None
    first = session.run
    for _ in range(20):
        first.one_epoch()
    assert sum((layer.W == 0).sum() for layer in first.net.layers) > 20
    session.set_up({**values, "data": "plane", "penalty": "l2", "decay": 0.1, "rate": 0.03})
    assert session.run is first
    first.one_epoch()
    assert not first.stopped


def test_same_seed_same_numbers() -> None:
    rows = sample.toy("spiral", 0.1, 0.3, 4)
    a, b = trained(rows, seed=4), trained(sample.toy("spiral", 0.1, 0.3, 4), seed=4)
    assert a.losses == b.losses and a.losses != trained(rows, seed=5).losses


def test_session_speaks_of_bad_settings_and_goes_on() -> None:
    session = Session(playground.fields())
    values = {field.name: field.default for field in session.fields}
    session.set_up({**values, "a1": "formula", "own": "max(x, ))"})
    assert session.run is None and session.runner.message
    assert not session.advance(0.01)
    session.set_up({**values, "data": "own"})
    assert "table" in session.runner.message
    session.set_up({**values, "a1": "step"})
    assert "slope 0" in session.runner.message
    session.set_up({**values, "a1": "identity", "a2": "identity"})
    assert "straight map" in session.runner.message
    session.set_up({**values, "pieces": True, "a1": "relu", "a2": "relu"})
    assert session.run is not None
    count = ub.regions(session.run.net, session.run.sample.box).count
    assert f"{count:,}" in session.views.surface.caption
    assert session.advance(0.001)
    first = session.run
    session.set_up({**values, "pieces": True, "a1": "relu", "a2": "relu", "rate": 0.1})
    assert session.run is first and session.run.plan.rate == 0.1
    session.set_up({**values, "depth": 0, "data": "plane"})
    assert session.run is not first


def test_whatever_goes_wrong_is_a_sentence_and_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(seconds: float) -> bool:
        raise ZeroDivisionError("by nothing")

    runner, sent = Runner(fails, lambda name: None), []
    monkeypatch.setattr(runner, "send", lambda content: sent.append(content))
    runner._handle_custom_msg({"ask": "more"}, [])
    assert "by nothing" in runner.message and sent[0]["more"] is False
    for hostile in ({"ask": "launch"}, {"ask": ["more"]}, "more", None):
        runner._handle_custom_msg(hostile, [])
    assert len(sent) == 1


def test_values_of_the_browser_learn() -> None:
    session = Session(playground.fields())
    session.set_up(Controls(session.fields, {}).values)  # read from text, as all that comes from a page
    assert session.advance(0.001) and session.run is not None and session.run.epoch > 0


def test_cross_says_the_local_map() -> None:
    session = Session(playground.fields())
    values = {field.name: field.default for field in session.fields}
    session.set_up({**values, "data": "plane", "depth": 1, "a1": "relu"})
    assert session.run is not None
    session.views.surface.at = [0.5, -1.0]
    here = ub.local_map(session.run.net, [0.5, -1.0])
    assert f"{here.A[0, 0]:+.4g}·x1" in session.views.surface.here
    session.views.surface.at = [1e9, float("nan")]
    assert session.views.surface.at == []


def test_files_hold_the_network(tmp_path: Path) -> None:
    session = Session(playground.fields())
    session.set_up({field.name: field.default for field in session.fields})
    assert session.run is not None
    net = session.run.net
    space: dict[str, object] = {}
    exec(as_python(net).replace("print(", "answer = ("), space)
    assert np.array_equal(space["answer"], net([0.5, 0.5]))  # type: ignore[arg-type]
    for name, make in files_of(lambda: net).items():
        (tmp_path / name).write_bytes(make())
        assert np.array_equal(ub.load(tmp_path / name)([0.5, 0.5]), net([0.5, 0.5]))
    assert set(files_of(lambda: net)) == set(FILES)
    paper = "".join(run_report.parts(session))
    assert net.formula(1, 2, numbers=True) in paper and "disc in a ring" in paper and "Own formula" not in paper


def test_every_kind_of_run_is_kept_compared_and_put_on_paper() -> None:
    three = parse_table({"a": np.arange(60.0), "kind": ["u", "v", "w"] * 20})
    session = Session(playground.fields())
    values = {field.name: field.default for field in session.fields}
    for reading, data, unit in ((None, "hills", "RMSE"), (three, "own", "nats"), (None, "xor", "nats")):
        session.set_up({**values, "data": data}, reading)
        session.act("step")
        assert len("".join(run_report.parts(session))) > 20_000
        assert any(unit in row[0] for row in session.runner.scores)
        session.act("keep")
        assert session.runner.message.endswith("Set as the kept run.")
        assert all(row[3] == (row[2] or row[1]) for row in session.runner.scores)
    session.set_up({**values, "data": "xor", "rate": 0.1, "n1": 3})
    assert "Learning rate: 0.01 → 0.1" in session.runner.message and "8 → 3" in session.runner.message


def test_whatever_the_settings_raise_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playground, "plan", lambda values: 1 / 0)
    session = Session(playground.fields())
    session.set_up({field.name: field.default for field in session.fields})
    assert "division by zero" in session.runner.message and session.run is None


def test_features_and_targets_that_cannot_be_learned() -> None:
    wide = {f"c{i}": np.random.default_rng(i).normal(size=20) for i in range(40)}
    with pytest.raises(BadInput, match="1 to 30"):
        sample.own(parse_table(wide), "c0", 0.3, 0)
    with pytest.raises(BadInput):
        sample.own(parse_table({"a": [1.0] * 20, "b": np.arange(20.0)}), "a", 0.3, 0)


def test_lesson_is_one_step_of_plain_gradient_descent() -> None:
    before, after = lesson(3, "tanh", 0, 50, 0.1, 2), lesson(3, "tanh", 1, 50, 0.1, 2)
    x, y = before.x[after.drawn], before.y[after.drawn]
    assert len(set(after.drawn)) == 50
    (W1, b1), (W2, b2) = before.net.arrays
    h = np.tanh(x @ W1 + b1)
    e = np.exp(h @ W2 + b2)
    slope = (e / e.sum(axis=1, keepdims=True) - np.eye(3)[y]) / 50
    assert after.net.layers[1].W == pytest.approx(W2 - 0.1 * h.T @ slope)
    back = (slope @ W2.T) * (1 - h**2)
    assert after.net.layers[0].W == pytest.approx(W1 - 0.1 * x.T @ back)
    assert after.before == pytest.approx(log_loss(y, e / e.sum(axis=1, keepdims=True)))
