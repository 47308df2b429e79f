"""The loop: minibatches, seeds, validation, early stopping, restored weights, dropout, schedules, deadlines."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.train import cosine, loop
from unbend.train.loop import Outcome, Plan, train_stack

RNG = np.random.default_rng(2)
X = RNG.normal(size=(40, 2))
Y = np.sin(X[:, 0]) + 0.3 * RNG.normal(size=40)
NET = ub.Network([ub.Dense(2, 6, "tanh"), ub.Dense(6, 1)], seed=1, dtype="float64")


def numbers(net: ub.Network) -> np.ndarray:
    return np.concatenate([a.ravel() for a in net.parameters.values()])


class Spy:
    """Stands before ``run_epoch`` and keeps what it was called with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.orders: list[np.ndarray] = []
        self.rates: list[float] = []
        self.masks: list[Any] = []
        real = loop.run_epoch

        def run(
            recipe: Any, stack: Any, x: Any, y: Any, order: Any, rate: float, weights: Any, masks: Any, **more: Any
        ) -> Any:
            self.orders.append(order.copy())
            self.rates.append(rate)
            self.masks.append(masks)
            return real(recipe, stack, x, y, order, rate, weights, masks, **more)

        monkeypatch.setattr(loop, "run_epoch", run)


def test_every_row_once_per_epoch_in_a_new_order(monkeypatch: pytest.MonkeyPatch) -> None:
    spy = Spy(monkeypatch)
    ub.train(NET, X, Y, epochs=3, batch_size=7, seed=5)
    assert [sorted(o[0]) for o in spy.orders] == [list(range(40))] * 3
    assert len({tuple(o[0]) for o in spy.orders}) == 3
    first = spy.orders[0]
    ub.train(NET, X, Y, epochs=1, seed=5)
    np.testing.assert_array_equal(spy.orders[-1], first)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_validation_fraction_is_held_out(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    spy = Spy(monkeypatch)
    judged: list[np.ndarray] = []
    real = loop.evaluate
    monkeypatch.setattr(
        loop, "evaluate", lambda r, s, x, y, rows, **more: judged.append(rows[0]) or real(r, s, x, y, rows, **more)
    )
    ub.train(NET, X, Y, epochs=2, validation=share)
    learned = set(spy.orders[0][0])
    assert len(judged[0]) == round(share * 40) and len(learned) == 40 - len(judged[0])
    assert not learned & set(judged[0]) and set(spy.orders[1][0]) == learned
    np.testing.assert_array_equal(judged[0], judged[1])
    ub.train(NET, X, Y, epochs=1, validation=share, seed=1)  # drawn at random, by the seed
    assert judged[2].tolist() != judged[0].tolist() and len(judged[2]) == len(judged[0])


def test_seed_reproduces_and_other_seeds_differ() -> None:
    net = ub.Network([ub.Dense(2, 6, "tanh", dropout=0.2), ub.Dense(6, 1)], seed=1)
    runs = [ub.train(net, X, Y, epochs=5, batch_size=8, validation=0.2, seed=s) for s in (3, 3, 4)]
    assert numbers(runs[0][0]).tobytes() == numbers(runs[1][0]).tobytes()
    assert runs[0][1] == runs[1][1]
    assert numbers(runs[0][0]).tobytes() != numbers(runs[2][0]).tobytes()


def test_given_network_is_unchanged() -> None:
    before = numbers(NET)
    trained, history = ub.train(NET, X, Y, epochs=4)
    np.testing.assert_array_equal(numbers(NET), before)
    assert not np.array_equal(numbers(trained), before) and trained.dtype == NET.dtype
    assert (history.epochs, history.best_epoch, history.stopped) == (4, 3, "epochs")
    assert history.validation_loss == [] and len(history.train_loss) == 4


@pytest.mark.parametrize("own", [False, True])
def test_best_weights_are_returned(own: bool) -> None:
    """A rate that overshoots: the validation loss goes up and down, the network of its lowest point is returned."""
    held = RNG.normal(size=(15, 2))
    answers = np.sin(held[:, 0])
    seen: list[ub.Network] = []
    trained, history = ub.train(
        NET, X, Y, optimizer="sgd", learning_rate=0.4, epochs=25, batch_size=10, seed=3,
        validation=(held, answers) if own else 0.3, callbacks=[lambda e: seen.append(e.network())],
    )  # fmt: skip
    best = int(np.argmin(history.validation_loss))
    assert history.best_epoch == best and len(history.validation_loss) == 25
    assert best < 24, "the last epoch was the best: this run shows nothing"
    np.testing.assert_array_equal(numbers(trained), numbers(seen[best]))
    if own:  # the loss in the history is that network's, on those rows
        assert np.mean((trained(held)[:, 0] - answers) ** 2) == pytest.approx(min(history.validation_loss), rel=1e-9)
    # without rows to judge by, the last weights are kept
    last, plain = ub.train(NET, X, Y, optimizer="sgd", learning_rate=0.4, epochs=25, batch_size=10, seed=3,
                           callbacks=[lambda e: seen.append(e.network())])  # fmt: skip
    assert plain.best_epoch == 24
    np.testing.assert_array_equal(numbers(last), numbers(seen[-1]))


@pytest.mark.parametrize("patience", [1, 3])
def test_patience(monkeypatch: pytest.MonkeyPatch, patience: int) -> None:
    losses = iter([5.0, 4.0, 4.5, 4.4, 3.9, 4.0, 4.0, 4.0, 4.0, 4.0])
    monkeypatch.setattr(loop, "evaluate", lambda *a, **more: np.array([next(losses)]))
    _, history = ub.train(NET, X, Y, epochs=10, validation=0.2, patience=patience)
    expected = {1: ([5.0, 4.0, 4.5], 1), 3: ([5.0, 4.0, 4.5, 4.4, 3.9, 4.0, 4.0, 4.0], 4)}[patience]
    assert (history.validation_loss, history.best_epoch) == expected and history.stopped == "patience"


def test_each_member_has_its_own_best_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    losses = iter([np.array([2.0, 2.0]), np.array([1.0, 3.0]), np.array([4.0, 1.5])])
    monkeypatch.setattr(loop, "evaluate", lambda *a, **more: next(losses))
    spy = Spy(monkeypatch)
    stacks: list[list[np.ndarray]] = []
    recipe = ub.network.Recipe(tuple(la.dense for la in NET.layers), ub.network.loss("squared"),
                               ub.network.optimizer("sgd"), 10)  # fmt: skip
    rows = np.stack([np.arange(30), np.arange(10, 40)])
    outcome = train_stack(
        recipe, [NET.arrays, NET.arrays], X, Y[:, None], train_rows=rows,
        validation_rows=np.stack([np.arange(30, 40), np.arange(10)]), plan=Plan(3, 0.1), seed=0,
        on_epoch=lambda e, l, h, s: stacks.append([s.member(k)[0][0] for k in range(2)]) and None,  # noqa: E741
    )  # fmt: skip
    assert outcome.best.tolist() == [1, 2] and outcome.validation is not None and outcome.validation.shape == (3, 2)
    for k, epoch in enumerate((1, 2)):
        np.testing.assert_array_equal(outcome.members[k][0][0], stacks[epoch][k])
        assert set(spy.orders[0][k]) == set(rows[k])
    assert not np.array_equal(spy.orders[0][0], spy.orders[0][1] - 10)  # an order of its own


def test_callbacks() -> None:
    told: list[tuple[int, int, float, float | None]] = []
    also: list[int] = []

    def first(e: Any) -> bool:
        told.append((e.number, e.epochs, e.train_loss, e.validation_loss))
        return e.number == 2

    _, history = ub.train(NET, X, Y, epochs=9, validation=0.2, callbacks=[first, lambda e: also.append(e.number)])
    assert history.stopped == "callback" and history.epochs == 3
    assert also == [0, 1, 2]  # every callback hears of every epoch, of the last one too
    assert [t[:2] for t in told] == [(0, 9), (1, 9), (2, 9)]
    assert [t[2] for t in told] == history.train_loss and [t[3] for t in told] == history.validation_loss
    without: list[Any] = []
    ub.train(NET, X, Y, epochs=1, callbacks=[lambda e: without.append(e.validation_loss)])
    assert without == [None]


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_dropout(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    """Factors of 0 or 1/(1 - share), new ones each epoch, their mean 1; none where a layer has no dropout."""
    spy = Spy(monkeypatch)
    net = ub.Network([ub.Dense(2, 200, "relu", dropout=share), ub.Dense(200, 1)], seed=0, dtype="float64")
    trained, _ = ub.train(net, X, Y, epochs=2, learning_rate=1e-4)
    mask, last = spy.masks[0]
    assert last is None and mask.shape == (1, 40, 200)
    np.testing.assert_allclose(np.unique(mask), [0, 1 / (1 - share)])
    assert mask.mean() == pytest.approx(1, abs=4 * math.sqrt(share / (1 - share) / mask.size))
    assert not np.array_equal(mask, spy.masks[1][0])
    # off at inference: the answer is that of the same numbers without dropout
    plain = ub.Network.from_arrays(trained.arrays, ["relu", "identity"])
    np.testing.assert_array_equal(trained(X), plain(X))
    ub.train(NET, X, Y, epochs=1)
    assert spy.masks[-1] is None


def test_schedules(monkeypatch: pytest.MonkeyPatch) -> None:
    spy = Spy(monkeypatch)
    ub.train(NET, X, Y, epochs=40, learning_rate=0.01, schedule="cosine")
    rates = np.array(spy.rates) / 0.01
    assert rates[0] < 0.5 and rates.max() == pytest.approx(1, abs=0.02) and 0 < rates[-1] < 0.02
    assert np.all(np.diff(rates[np.argmax(rates) :]) < 0)
    assert cosine(0.05) == 1 and cosine(0.05 + 0.95 / 2) == pytest.approx(0.5) and cosine(1.0) == pytest.approx(0)
    assert all(0 < cosine(s) <= 1 for s in np.linspace(0, 0.999, 200))
    ub.train(NET, X, Y, epochs=2, learning_rate=0.01)
    assert spy.rates[-2:] == [0.01, 0.01]


def test_deadline_stops_training(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(100))
    monkeypatch.setattr(loop.time, "monotonic", lambda: float(next(clock)))
    recipe = ub.network.Recipe(tuple(la.dense for la in NET.layers), ub.network.loss("squared"),
                               ub.network.optimizer("sgd"), 10)  # fmt: skip

    def trained(plan: Plan) -> Outcome:
        rows = np.arange(40)[None]
        return train_stack(
            recipe, [NET.arrays], X, Y[:, None], train_rows=rows, validation_rows=None, plan=plan, seed=0
        )

    outcome = trained(Plan(50, 0.1, deadline=4.0))
    assert outcome.stopped == "deadline" and len(outcome.train) == 6
    late = trained(Plan(2, 0.1, deadline=-1.0))
    assert late.stopped == "deadline" and len(late.train) == 1  # at least one epoch
    assert trained(Plan(1, 0.1, deadline=-1.0)).stopped == "epochs"
