"""Other processes: forked children that train, and the package crossing to joblib's workers."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys

import cloudpickle
import pytest
from joblib import Parallel, delayed

import unbend

# Enough work for a second thread (see engine's threads), in the parent and then in a forked child.
TRAIN_AFTER_FORK = """
import multiprocessing, warnings
import numpy as np
import unbend as ub

def work(_):
    x = np.random.default_rng(0).normal(size=(2000, 784)).astype("float32")
    net = ub.Network([ub.Dense(784, 64, "relu"), ub.Dense(64, 10)], seed=0)
    trained, _ = ub.train(net, x, np.arange(2000) % 10, loss="cross_entropy", epochs=2, batch_size=100, seed=0)
    return trained.layers[0].W.tobytes()

warnings.simplefilter("ignore")  # Python 3.12 warns of forks beside threads
here = work(0)
with multiprocessing.get_context("fork").Pool(1) as pool:
    print(pool.map_async(work, [0]).get(120)[0] == here)
"""


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system cannot fork")
def test_forked_child_trains_after_parent() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRAIN_AFTER_FORK],
        env={**os.environ, "UNBEND_THREADS": "2"}, capture_output=True, text=True, timeout=200, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "True"


def test_package_is_pickled_by_name() -> None:
    assert cloudpickle.loads(cloudpickle.dumps(unbend)) is unbend


def test_functions_using_the_package_can_be_sent_to_workers() -> None:
    def predict(seed: int) -> tuple[int, ...]:  # a closure: cloudpickle sends it with the module it names
        return unbend.Network([unbend.Dense(2, 3)], seed=seed)([[1.0, 2.0]]).shape

    assert Parallel(n_jobs=2)(delayed(predict)(seed) for seed in range(2)) == [(1, 3), (1, 3)]
