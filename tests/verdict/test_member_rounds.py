"""Tasks of one member and some rounds, sent as bytes, give the networks of all members trained together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cloudpickle
import numpy as np
import pytest

from unbend.verdict import Settings, fit_network
from unbend.verdict.linear_model import fit_linear


def as_tasks(function: Any, turns: Any, /) -> Iterator[Any]:
    sent = cloudpickle.dumps(function)
    for turn in turns:
        assert len(turn.members.folds) == 1
        result = cloudpickle.loads(sent)(cloudpickle.loads(cloudpickle.dumps(turn)))
        yield cloudpickle.loads(cloudpickle.dumps(result))


@pytest.mark.parametrize("classes", [0, 3])
def test_bits_and_rounds_are_those_of_one_process(classes: int) -> None:
    rng = np.random.default_rng(classes)
    x = rng.normal(size=(90, 2))
    bent = np.abs(x[:, 0]) + 0.4 * rng.normal(size=len(x))
    y = bent if classes == 0 else np.digitize(bent, [0.6, 1.2][: classes - 1])
    linear, quick = fit_linear(x, y, classes, 0)[0], Settings(members=3, hidden=(8,), steps=200, batch_size=8)
    here = fit_network(x, y, classes, linear, 1, settings=quick)
    steps: list[float] = []
    there = fit_network(
        x,
        y,
        classes,
        linear,
        1,
        settings=quick,
        watch=lambda done, planned: steps.append(done / planned),
        task_map=as_tasks,
    )
    assert here.network(x).tobytes() == there.network(x).tobytes()
    for one, other in zip(here.curves, there.curves, strict=True):
        np.testing.assert_array_equal(one.held_out, other.held_out)
        assert (one.best, one.stopped) == (other.best, other.stopped)
    assert steps == sorted(steps) and steps[-1] == 1


def test_the_deadline_is_kept_by_short_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that only tasks move, a second for each round of a member; others wait for them."""
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    def slow(function: Any, turns: Any, /) -> Iterator[Any]:
        for turn in turns:
            now[0] += len(turn.rates)
            yield function(turn)

    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 1))
    linear, quick = fit_linear(x, x[:, 0], 0, 0)[0], Settings(members=2, hidden=(4,), steps=60, batch_size=8)
    late = fit_network(x, x[:, 0], 0, linear, 0, settings=quick, deadline=300.0, task_map=slow)
    assert late.cut and 200 < now[0] <= 300
