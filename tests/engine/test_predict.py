"""Inference by the compiled kernel gives what the network gives."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

from unbend.engine import compiled, infer
from unbend.errors import ShapeError
from unbend.network import Dense, Network, Recipe, loss, optimizer
from unbend.network import infer as reference

from .compare import TOLERANCE, relative


def network(*sizes, act="tanh", dtype="float32"):
    last = len(sizes) - 2
    return Network([Dense(a, b, "identity" if i == last else act) for i, (a, b) in enumerate(pairwise(sizes))],
                   dtype=dtype)  # fmt: skip


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("sizes", [(2, 4, 3), (1, 1), (30, 130, 70, 17), (5, 64, 64)])
@pytest.mark.parametrize("rows", [0, 1, 7, 250])
def test_compiled_network_predicts_like_network(dtype, sizes, rows):
    net = network(*sizes, dtype=dtype)
    x = np.random.default_rng(1).standard_normal((rows, sizes[0])).astype(dtype)
    got = compiled(net)(x)
    assert got.shape == (rows, sizes[-1]) and got.dtype == net.dtype
    if rows:
        assert relative(got, net(x)) < TOLERANCE[dtype]


def test_threads_give_identical_results(monkeypatch):
    net = network(40, 300, 10)
    x = np.random.default_rng(1).standard_normal((9_000, 40)).astype(np.float32)
    answers = []
    for threads in ("1", "2"):
        monkeypatch.setenv("UNBEND_THREADS", threads)
        answers.append(compiled(net)(x))
    assert np.array_equal(*answers)
    assert np.array_equal(answers[0][4_000:4_001], compiled(net)(x[4_000:4_001]))


def test_worker_gives_identical_results_and_calls_are_thread_safe(monkeypatch):
    net = network(300, 200, 10)
    x = np.random.default_rng(1).standard_normal((100, 300)).astype(np.float32)
    monkeypatch.setenv("UNBEND_THREADS", "1")
    wanted = compiled(net)(x)
    monkeypatch.setenv("UNBEND_THREADS", "2")
    answer = compiled(net)
    assert all(np.array_equal(answer(x), wanted) for _ in range(50))
    with ThreadPoolExecutor(4) as pool:
        assert all(np.array_equal(got, wanted) for got in pool.map(answer, [x] * 200))
    time.sleep(0.05)  # the worker falls asleep and is woken again
    assert all(np.array_equal(answer(x), wanted) for _ in range(3))


def test_single_rows_lists_and_other_dtypes_are_converted():
    net = network(2, 4, 3)
    answer = compiled(net)
    assert answer([1.0, 2.0]).shape == (3,)
    assert np.array_equal(answer([[1, 2], [3, 4]]), answer(np.array([[1.0, 2.0], [3.0, 4.0]])))
    wide = np.zeros((3, 4), np.float32)
    assert np.array_equal(answer(wide[:, ::2]), answer(np.zeros((3, 2), np.float32)))
    with pytest.raises(ShapeError):
        answer(np.zeros((3, 5), np.float32))
    with pytest.raises(ShapeError):
        answer(np.array([["a", "b"]]))


@pytest.mark.parametrize("each_its_own", [False, True])
def test_stacks_of_members(monkeypatch, each_its_own):
    monkeypatch.setenv("UNBEND_ENGINE", "large")
    nets = [network(3, 9, 4).with_arrays([(W + k, b - k) for W, b in network(3, 9, 4).arrays]) for k in range(3)]
    recipe = Recipe(tuple(layer.dense for layer in nets[0].layers), loss("squared"), optimizer("sgd"), 10)
    pairs = [(np.stack([n.arrays[i][0] for n in nets]), np.stack([n.arrays[i][1][None] for n in nets])) for i in (0, 1)]
    x = np.random.default_rng(1).standard_normal((3, 50, 3) if each_its_own else (50, 3)).astype(np.float32)
    assert relative(infer(recipe, pairs, x), reference(recipe, pairs, x)) < 1e-5
