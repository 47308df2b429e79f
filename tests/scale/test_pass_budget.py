"""How a budget is divided between passes and training, and the line where the passes alone do not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

import pytest

from unbend.scale.pass_budget import PassBudget
from unbend.scale.shard import Shard


class NoRows(Shard):
    def pieces(self, rows: int, columns: Sequence[str]) -> Iterator[Any]:
        return iter(())


SHARDS = [NoRows(name=f"{k}", key=f"{k}", own_columns=("x",), size=100) for k in range(10)]


def in_turn(function: Callable[[Shard], Any], shards: Sequence[Shard]) -> Iterator[Any]:
    return map(function, shards)


@pytest.mark.parametrize("classes", [False, True])
@pytest.mark.parametrize("network", [False, True])
@pytest.mark.parametrize("survey", [0.01, 1.0, 8.0, 18.0, 60.0, 1000.0])
def test_all_together_keep_the_budget_where_the_passes_fit(classes: bool, network: bool, survey: float) -> None:
    budget = PassBudget.of(60.0, classes=classes, texts=False, network=network)
    passes, comparing = budget.passes(survey), budget.comparing(survey)
    assert passes > survey
    assert comparing >= 9  # however long the passes take
    assert passes + comparing == pytest.approx(60) or comparing == 9
    if passes <= 60:
        assert passes + comparing <= 1.2 * 60


def test_a_network_needs_one_more_pass_and_time_for_it() -> None:
    alone, network = (PassBudget.of(60.0, classes=False, texts=False, network=one) for one in (False, True))
    assert alone.passes(10) < network.passes(10)
    assert network.judges(10, left=6) and not network.judges(10, left=2) and not network.judges(10, left=-1)


@pytest.mark.parametrize(("step", "told"), [(1.0, False), (10.0, True)])
def test_passes_that_do_not_fit_are_said_once(step: float, told: bool, capsys: pytest.CaptureFixture[str]) -> None:
    clock = count(0, step)
    budget = PassBudget.of(60.0, classes=False, texts=False, network=False)
    mapped = budget.watched(in_turn, now=lambda: float(next(clock)))
    assert list(mapped(lambda shard: shard.name, SHARDS)) == [shard.name for shard in SHARDS]
    said = capsys.readouterr().err
    assert said.count("60") == told and (not told or "more than the budget of 60 s" in said)
