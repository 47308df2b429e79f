"""`CompiledEpoch`: the engine's training epoch, compiled in the background; until then NumPy computes the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import numpy as np

from ..arrays import Array
from ..network import Recipe, Stack
from ..network import run_epoch as numpy_epoch

_compiled: dict[str, bool] = {}  # kernel key -> whether it is compiled
_one_compiler = threading.Semaphore(1)  # at a time: the reader's machine has other work


class CompiledEpoch:
    """``run_epoch`` of ``unbend.engine`` as soon as its kernel is compiled, of ``unbend.network`` before.

    In float64 the two agree to rounding (1e-12).
    """

    def __init__(self, recipe: Recipe, rows: int) -> None:
        layers = [(d.inputs, d.outputs, d.activation) for d in recipe.layers]
        update = [recipe.optimizer.name, recipe.optimizer.steps, recipe.optimizer.state]
        self._key = json.dumps([layers, recipe.loss.name, update, recipe.batch_size, rows])
        if self._key not in _compiled and os.environ.get("UNBEND_ENGINE") != "numpy":
            _compiled[self._key] = False
            threading.Thread(target=_compile_in_subprocess, args=(self._key,), daemon=True).start()

    def run_epoch(self, recipe: Recipe, stack: Stack, x: Array, y: Array, order: Array, rate: float) -> Array:
        """As ``unbend.engine.run_epoch``."""
        if _compiled.get(self._key):
            from ..engine import run_epoch

            return run_epoch(recipe, stack, x=x, y=y, order=order, rate=rate, epochs=1000)
        return numpy_epoch(recipe, stack, x=x, y=y, order=order, rate=rate)


def _compile_in_subprocess(key: str) -> None:
    """Compile into the cache on disk in a subprocess, then load it here; after a failure NumPy stays in use."""
    with _one_compiler:
        command = [sys.executable, "-m", __name__]
        process = subprocess.run(
            command, input=key.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        if process.returncode == 0:
            _compile(key)
            _compiled[key] = True


def _compile(key: str) -> None:
    """Run one epoch on zeros with the engine, which compiles the kernel or loads it from the cache."""
    from ..engine import run_epoch
    from ..network import Dense, Network, Optimizer, loss

    layers, loss_name, (name, steps, state), batch, rows = json.loads(key)
    update = Optimizer(name, tuple(map(tuple, steps)), tuple(state))
    net = Network([Dense(*layer) for layer in layers], dtype="float64")
    recipe = Recipe(tuple(layer.dense for layer in net.layers), loss(loss_name), update, batch)
    x = np.zeros((rows, net.inputs))
    y = np.zeros(rows, np.int64) if recipe.loss.classes else np.zeros((rows, net.outputs))
    run_epoch(
        recipe,
        Stack.begin([net.arrays], recipe.optimizer),
        x=x,
        y=y,
        order=np.arange(rows)[None],
        rate=0.0,
        epochs=1000,
    )


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)
    _compile(sys.stdin.read())
