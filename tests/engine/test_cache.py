"""The kernel cache: its folder, processes that race for a file, and a folder that cannot be written to."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from unbend.kernels.cache import cache_folder

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
    print(stack.pairs[0][0].tobytes().hex(), "numba.np.arraymath" in sys.modules)
"""


def started(folder: Path, **more: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "UNBEND_CACHE": str(folder), "UNBEND_ENGINE": "small", "LC_ALL": "C.UTF-8", **more}
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(ONE_EPOCH)], env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


def test_concurrent_and_later_processes_share_the_cache(tmp_path):
    at_once = [started(tmp_path) for _ in range(2)]
    answers = [process.communicate(timeout=120) for process in at_once]
    assert all(process.returncode == 0 for process in at_once), answers
    assert all(messages.count("compiles") <= 1 for _, messages in answers) and any(
        "compiles" in messages for _, messages in answers
    )
    afterwards, messages = started(tmp_path).communicate(timeout=120)
    weights, compiler = afterwards.split()
    assert messages == "" and weights == answers[0][0].split()[0] == answers[1][0].split()[0]
    assert compiler == "False"  # a cached kernel is loaded without what compiling needs
    assert not list((tmp_path / "kernels").glob("*.tmp"))


def test_unwritable_cache_still_compiles(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    out, messages = started(blocked).communicate(timeout=120)
    assert len(out) > 10 and messages.count("compiles") == 1


def test_cache_folder_from_environment_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("UNBEND_CACHE", str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here"
    monkeypatch.delenv("UNBEND_CACHE")
    assert cache_folder().name == "unbend"


def test_importing_engine_imports_no_compiler():
    code = "import sys, unbend.engine; print([m for m in ('numba', 'llvmlite', 'scipy', 'sympy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
