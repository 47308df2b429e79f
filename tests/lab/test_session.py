"""The state of one playground: settings applied, runs compared and exported, errors as sentences."""

from __future__ import annotations

import numpy as np
import pytest

import unbend as ub
from unbend.data.reader import parse_table
from unbend.lab import playground, training_report
from unbend.lab.handover import Handover, handed_over
from unbend.lab.session import Session
from unbend.widgets.controls import Controls

from .conftest import defaults

pytestmark = pytest.mark.usefixtures("numpy_engine")


pytest.importorskip("anywidget")


def test_l1_makes_weights_exactly_zero_and_the_penalty_can_change_during_a_run() -> None:
    session = Session(playground.fields())
    values = defaults(playground.fields)
    session.configure({**values, "data": "plane", "penalty": "l1", "decay": 0.1, "rate": 0.03})
    assert session.run is not None
    first = session.run
    for _ in range(20):
        first.train_epoch()
    assert sum((layer.W == 0).sum() for layer in first.net.layers) > 20
    session.configure({**values, "data": "plane", "penalty": "l2", "decay": 0.1, "rate": 0.03})
    assert session.run is first
    first.train_epoch()
    assert not first.stopped


def test_invalid_settings_become_messages_and_session_continues() -> None:
    session = Session(playground.fields())
    values = defaults(playground.fields)
    session.configure({**values, "a1": "formula", "own": "max(x, ))"})
    assert session.run is None and session.runner.message
    assert not session.train_for(0.01)
    session.configure({**values, "data": "own"})
    assert "table" in session.runner.message
    session.configure({**values, "a1": "step"})
    assert "slope 0" in session.runner.message
    session.configure({**values, "a1": "identity", "a2": "identity"})
    assert "affine map" in session.runner.message
    session.configure({**values, "pieces": True, "a1": "relu", "a2": "relu"})
    assert session.run is not None
    count = ub.regions(session.run.net, session.run.dataset.box).count
    assert f"{count:,}" in session.views.surface.caption
    session.views._pieces_seconds = 9.0  # as on a slow machine: the pieces wait until the training is paused
    while not session.run.epoch % 20:
        assert session.train_for(0.001)
    assert "every 20 epochs" in session.views.surface.caption
    session.show()
    assert "counted exactly" in session.views.surface.caption
    first = session.run
    session.configure({**values, "pieces": True, "a1": "relu", "a2": "relu", "rate": 0.1})
    assert session.run is first and session.run.settings.rate == 0.1
    session.configure({**values, "depth": 0, "data": "plane"})
    assert session.run is not first


def test_browser_values_train() -> None:
    session = Session(playground.fields())
    session.configure(Controls(session.fields, {}).values)  # read from text, as all that comes from a page
    assert session.train_for(0.001) and session.run is not None and session.run.epoch > 0


def test_crosshair_shows_the_local_map() -> None:
    session = Session(playground.fields())
    values = defaults(playground.fields)
    session.configure({**values, "data": "plane", "depth": 1, "a1": "relu"})
    assert session.run is not None
    session.views.surface.at = [0.5, -1.0]
    here = ub.local_map(session.run.net, [0.5, -1.0])
    assert f"{here.A[0, 0]:.4g}·x1" in session.views.surface.here
    session.views.surface.at = [1e9, float("nan")]
    assert session.views.surface.at == []


def test_every_kind_of_run_is_compared_and_exported() -> None:
    three = parse_table({"a": np.arange(60.0), "kind": ["u", "v", "w"] * 20})
    session = Session(playground.fields())
    values = defaults(playground.fields)
    for reading, data, unit in ((None, "hills", "RMSE"), (three, "own", "log loss"), (None, "xor", "log loss")):
        session.configure({**values, "data": data}, reading)
        session.handle_button("step")
        assert len("".join(training_report.sections(session))) > 20_000
        assert any(unit in row[0] for row in session.runner.scores)
        session.handle_button("keep")
        assert session.runner.message.endswith("Same settings as the kept run.")
        assert all(row[3] == (row[2] or row[1]) for row in session.runner.scores)
    session.configure({**values, "data": "xor", "rate": 0.1, "n1": 3})
    assert "Learning rate: 0.01 → 0.1" in session.runner.message and "8 → 3" in session.runner.message


def test_any_error_in_settings_becomes_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playground, "training_settings", lambda values: 1 / 0)
    session = Session(playground.fields())
    session.configure(defaults(playground.fields))
    assert "division by zero" in session.runner.message and session.run is None


def test_the_page_in_another_language_goes_on_with_the_training() -> None:
    first = Session(playground.fields())
    values = defaults(playground.fields)
    first.configure(values)
    first.handle_button("step")
    first.handle_button("step")
    second = Session(playground.fields(), first)
    second.configure(values)
    assert first.run is not None and second.run is not None and second.run is not first.run
    assert second.run.losses == first.run.losses and second.run.epoch == 2
    for session in (first, second):
        session.handle_button("step")
    assert second.run.losses == first.run.losses  # bit for bit
    third = Session(playground.fields(), first)
    third.configure({**values, "n1": 3})  # another network begins anew
    assert third.run is not None and third.run.epoch == 0


def test_what_a_page_hands_on_is_found_by_its_key_alone() -> None:
    state = Handover()
    state.things["table"] = "t"
    assert handed_over(state.key) == {"table": "t"} and len(state.key) == 32
    assert handed_over("x") == handed_over(None) == handed_over(["a"]) == {}
    key = state.key
    del state
    assert handed_over(key) == {}
