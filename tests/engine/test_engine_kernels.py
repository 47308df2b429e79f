"""Kernel files: where they lie, that processes may race for them, and what is done where nothing can be written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest

from unbend.activations import activation
from unbend.engine.codegen.generate import Pieces, distinct, kernel_text
from unbend.engine.codegen.cache import cache_folder
from unbend.engine.plan import compiles_inference, way
from unbend.network import Dense, Recipe, loss, optimizer

ONE_EPOCH = """
    import os, sys
    import numpy as np
    from unbend.engine import run_epoch
    from unbend.network import Dense, Network, Recipe, Stack, loss, optimizer
    net = Network([Dense(2, 4, "tanh"), Dense(4, 3)])
    recipe = Recipe(tuple(l.dense for l in net.layers), loss("squared"), optimizer("sgd"), 10)
    stack = Stack.begin([net.arrays], recipe.optimizer)
    x = np.linspace(-1, 1, 200, dtype="f4").reshape(100, 2)
    run_epoch(recipe, stack, x, np.zeros((100, 3), "f4"), np.arange(100)[None], 0.1)
    print(stack.pairs[0][0].tobytes().hex())
"""


def started(folder: Path, **more: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "UNBEND_CACHE": str(folder), "UNBEND_ENGINE": "tiles", "LC_ALL": "C.UTF-8", **more}
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(ONE_EPOCH)], env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


def test_two_processes_at_once_and_one_afterwards(tmp_path):
    at_once = [started(tmp_path) for _ in range(2)]
    answers = [process.communicate(timeout=120) for process in at_once]
    assert all(process.returncode == 0 for process in at_once), answers
    assert all(said.count("compiles") <= 1 for _, said in answers) and any("compiles" in said for _, said in answers)
    afterwards, said = started(tmp_path).communicate(timeout=120)
    assert said == "" and afterwards == answers[0][0] == answers[1][0]
    assert not list((tmp_path / "kernels").glob("*.tmp"))


def test_where_nothing_can_be_written_it_compiles_all_the_same(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    out, said = started(blocked).communicate(timeout=120)
    assert len(out) > 10 and said.count("compiles") == 1


def test_the_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("UNBEND_CACHE", str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here"
    monkeypatch.delenv("UNBEND_CACHE")
    assert cache_folder().name == "unbend"


def test_a_kernel_file_is_plain_python_and_the_same_for_the_same_records():
    records = distinct([activation("tanh"), activation("max(x, 0.2*x)"), activation("tanh")])
    assert len(records) == 2 and records == distinct(records[::-1])
    pieces = Pieces(records, loss("huber"), optimizer("adam"), "float32", 16)
    for kernel in ("train_tiles", "train_rows", "answer", "answer_shared"):
        text = kernel_text(kernel, pieces)
        compile(text, kernel, "exec")
        assert f"def {kernel}(" in text
        imported = re.findall(r"^from unbend\S+ import (.+)$", text, re.M)
        names = [name for line in imported for name in line.split(", ")]
        assert len(names) == len(set(names)), "one name from two modules"


@pytest.mark.parametrize(
    ("sizes", "batch", "rows", "epochs", "wanted"),
    [
        ((2, 4, 3), 10, 200, 1, "numpy"),
        ((2, 4, 3), 10, 200, 1_000, "tiles"),
        ((2, 4, 3), 10, 20_000, 1, "tiles"),
        ((10, 64, 2), 32, 20_000, 1, "tiles"),
        ((784, 128, 10), 100, 20_000, 1, "rows"),
        ((784, 512, 10), 256, 20_000, 1, "rows"),
    ],
)
def test_the_way_is_chosen_by_size(monkeypatch, sizes, batch, rows, epochs, wanted):
    monkeypatch.delenv("UNBEND_ENGINE", raising=False)
    layers = tuple(Dense(a, b) for a, b in pairwise(sizes))
    recipe = Recipe(layers, loss("cross_entropy"), optimizer("sgd"), batch)
    assert way(recipe, 1, rows, epochs, 4) == wanted
    assert compiles_inference(recipe, 1, rows, 10_000 * epochs)
    assert not compiles_inference(recipe, 1, 10, 1)


def test_importing_the_engine_loads_no_compiler():
    code = "import sys, unbend.engine; print([m for m in ('numba', 'llvmlite', 'scipy', 'sympy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
