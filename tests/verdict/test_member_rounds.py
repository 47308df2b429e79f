"""Tasks of one member and some rounds, sent as bytes, give the networks of all members trained together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cloudpickle
import numpy as np
import pytest

from unbend.verdict import Settings, fit_network
from unbend.verdict.linear_model import fit_linear


class Tasks:
    """Sends all as bytes, to so many workers; a task of each round of a member takes ``seconds`` of ``now``."""

    def __init__(self, workers: int, seconds: float = 0.0) -> None:
        self.workers, self.seconds, self.now, self.sizes = workers, seconds, 0.0, set[int]()

    def __call__(self, function: Any, turns: Any, /) -> Iterator[Any]:
        sent = cloudpickle.dumps(function)
        for turn in turns:
            self.sizes.add(len(turn.members.folds))
            self.now += self.seconds * len(turn.rates)
            result = cloudpickle.loads(sent)(cloudpickle.loads(cloudpickle.dumps(turn)))
            yield cloudpickle.loads(cloudpickle.dumps(result))


@pytest.mark.parametrize(("classes", "workers"), [(0, 3), (3, 99)])
def test_bits_and_rounds_are_those_of_one_process(classes: int, workers: int) -> None:
    rng = np.random.default_rng(classes)
    x = rng.normal(size=(90, 2))
    bent = np.abs(x[:, 0]) + 0.4 * rng.normal(size=len(x))
    y = bent if classes == 0 else np.digitize(bent, [0.6, 1.2][: classes - 1])
    linear, quick = fit_linear(x, y, classes, 0)[0], Settings(members=3, hidden=(8,), steps=200, batch_size=8)
    here = fit_network(x, y, classes, linear, 1, settings=quick)
    steps: list[float] = []
    tasks = Tasks(workers)
    there = fit_network(
        x,
        y,
        classes,
        linear,
        1,
        settings=quick,
        watch=lambda done, planned: steps.append(done / planned),
        task_map=tasks,
    )
    assert here.network(x).tobytes() == there.network(x).tobytes()
    for one, other in zip(here.curves, there.curves, strict=True):
        np.testing.assert_array_equal(one.held_out, other.held_out)
        assert (one.best, one.stopped) == (other.best, other.stopped)
    assert steps == sorted(steps) and steps[-1] == 1
    assert tasks.sizes == ({3, 4} if workers == 3 else {1})  # of ten folds


def test_the_deadline_is_kept_by_short_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that only tasks move, a second for each round of a member; others wait for them."""
    slow = Tasks(99, seconds=1.0)
    monkeypatch.setattr("time.monotonic", lambda: slow.now)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 1))
    linear, quick = fit_linear(x, x[:, 0], 0, 0)[0], Settings(members=2, hidden=(4,), steps=60, batch_size=8)
    late = fit_network(x, x[:, 0], 0, linear, 0, settings=quick, deadline=300.0, task_map=slow)
    assert late.cut and 200 < slow.now <= 300
