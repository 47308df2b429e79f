"""Ranges and differences above two inputs: bounds that hold, values no random point exceeds, the same result again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nets import he
from test_bounds import ACTIVATIONS

import unbend as ub
from unbend.geometry import branch_and_bound
from unbend.geometry.bounds import linear_bounds
from unbend.geometry.bounds.batch_relaxation import JointNetwork, box_bounds


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(st.sampled_from(ACTIVATIONS), min_size=2, max_size=2),
    inputs=st.integers(1, 6),
    seed=st.integers(0, 10**6),
)
def test_bounds_of_many_boxes_are_sound_for_two_networks_side_by_side(names: list[str], inputs: int, seed: int) -> None:
    f, g = he([inputs, 8, 7, 2], seed, names), he([inputs, 5, 2], seed + 1, names[:1])
    rows = np.array([[1.0, 0, -1, 0], [0, -1, 0, 1], [1, 1, 0, 0]])
    joint = JointNetwork.of([f, g], rows)
    rng = np.random.default_rng(seed)
    boxes = np.sort(rng.normal(size=(3, inputs, 2)), axis=2)
    bounds = box_bounds(joint, boxes[:, :, 0], boxes[:, :, 1])
    for k, box in enumerate(boxes):
        x = rng.uniform(box[:, 0], box[:, 1], (1_000, inputs))
        both = np.hstack([f(x), g(x)])
        assert np.allclose(joint.values(x), both @ rows.T, rtol=0, atol=1e-11)
        assert (both @ rows.T <= bounds.upper[k] + 1e-11).all()
        for z, (low, high) in zip(f.trace(x).z, bounds.z, strict=True):
            n = z.shape[1]
            assert (z >= low[k, :n] - 1e-11).all() and (z <= high[k, :n] + 1e-11).all()
        # nothing is lost against the bounds of one network and one box
        alone = JointNetwork.of([f], np.eye(2))
        upper = box_bounds(alone, box[None, :, 0], box[None, :, 1]).upper[0]
        slack = 1e-9 * (1 + np.abs(upper))
        if not any(name in ("step",) for name in names):
            assert (np.minimum(upper, np.inf) >= linear_bounds(f, box).output.high - slack).all()


def random_case(seed: int) -> tuple[ub.Network, Any]:
    """A network of 4 to 8 inputs and 1 to 3 layers of 8 to 16 neurons, and a box."""
    rng = np.random.default_rng(seed)
    sizes = [int(rng.integers(4, 9)), *map(int, rng.integers(8, 17, size=rng.integers(1, 4))), 1]
    names = [str(rng.choice(["relu", "hard_tanh", "leaky_relu"])) for _ in sizes[2:]]
    return he(sizes, seed, names), np.sort(rng.normal(size=(sizes[0], 2)), axis=1)


@pytest.mark.parametrize("seed", range(20))
def test_no_random_point_leaves_the_range(seed: int) -> None:
    net, box = random_case(seed)
    found = ub.output_range(net, box, seconds=0.3)
    y = net(np.random.default_rng(seed + 1000).uniform(box[:, 0], box[:, 1], (100_000, net.inputs)))[:, 0]
    low, high = (net(at[0])[0] for at in (found.low_at, found.high_at))
    assert low == pytest.approx(found.attained_low[0], abs=1e-12) and high == pytest.approx(found.attained_high[0])
    assert found.low[0] <= found.attained_low[0] <= y.min() and y.max() <= found.attained_high[0] <= found.high[0]
    assert (box[:, 0] <= found.low_at).all() and (found.high_at <= box[:, 1]).all()
    assert found.exact == (found.stopped == "closed") and np.all(found.gap >= 0)
    if found.exact:
        assert found.gap.max() <= 1e-8 * (1 + abs(high) + abs(low))


@pytest.mark.parametrize("seed", range(6))
def test_no_random_point_differs_more(seed: int) -> None:
    f, box = random_case(seed)
    rng = np.random.default_rng(seed)
    g = he([f.inputs, 9, 1], seed + 7) if seed % 2 else f.with_arrays(
        [(W + 0.01 * rng.normal(size=W.shape), b) for W, b in f.arrays]
    )  # fmt: skip
    found = ub.max_difference(f, g, box, seconds=0.3)
    x = rng.uniform(box[:, 0], box[:, 1], (100_000, f.inputs))
    seen = float(np.abs(f(x) - g(x)).max())
    assert seen <= found.value <= found.bound
    assert abs(f(found.at) - g(found.at))[0] == pytest.approx(found.value) and found.gap >= 0


def test_a_small_network_is_solved() -> None:
    f, g = he([5, 12, 12, 1], 0), he([5, 12, 12, 1], 1)
    found = ub.max_difference(f, g)
    assert found.exact and found.gap <= 1e-8 * found.value and found.stopped == "closed"
    x = np.random.default_rng(0).uniform(-1, 1, (200_000, 5))
    assert np.abs(f(x) - g(x)).max() <= found.value
    assert "largest difference" in str(found)


def test_an_affine_function_and_an_absolute_value_are_exact() -> None:
    net = ub.Network.from_arrays([(np.eye(4), np.zeros(4)), (np.ones((4, 1)), np.zeros(1))], ["abs", "identity"])
    found = ub.output_range(net, [[-1, 2]] * 4)
    assert found.exact and found.high[0] == pytest.approx(8) and abs(found.low[0]) < 1e-9
    assert "output 1" in str(found)


def test_the_clock_does_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    net, box = random_case(2)
    once, again = (ub.output_range(net, box, seconds=0.1) for _ in range(2))
    assert once.stopped == "work"
    assert (once.low == again.low).all() and (once.high == again.high).all() and (once.high_at == again.high_at).all()
    assert "work" in str(once) and "gap" in str(once)
    more = ub.output_range(net, box, seconds=0.4)
    assert (more.gap <= once.gap).all() and more.gap.max() < once.gap.max()

    late: Callable[[], float] = iter(range(0, 10**9, 10)).__next__
    monkeypatch.setattr(branch_and_bound.time, "thread_time", late)
    cut = ub.output_range(net, box, seconds=0.1)
    assert cut.stopped == "time" and not cut.exact and "machine" in str(cut)
    assert cut.low[0] <= once.attained_low[0] and once.attained_high[0] <= cut.high[0]


def test_no_time_still_gives_sound_bounds() -> None:
    net, box = random_case(3)
    found = ub.output_range(net, box, seconds=0)
    assert found.low[0] <= found.attained_low[0] <= found.attained_high[0] <= found.high[0]
    for bad in (-1, "2", None, True, float("nan")):
        with pytest.raises(ub.BadInput, match="seconds"):
            ub.output_range(net, box, seconds=bad)  # type: ignore[arg-type]


def test_equality_ends_as_soon_as_it_is_decided() -> None:
    net = he([6, 16, 16, 1], 3)
    (W, b), *others = net.arrays
    other = net.with_arrays([(W, b + 0.01), *others])
    answer = ub.equal(net, other)
    assert answer.verdict == "refuted" and answer.largest > answer.tolerance
    assert ub.equal(net, other, tolerance=10.0).verdict == "proved"
