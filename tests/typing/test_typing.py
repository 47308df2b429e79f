"""The public face under pyright's strict mode, and the names that editors see."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import unbend as ub

HERE = Path(__file__).parent


def test_type_checkers_see_every_public_name() -> None:
    tree = ast.parse(Path(ub.__file__).read_text(encoding="utf-8"))
    guarded = next(n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")
    names = {alias.asname for n in guarded.body if isinstance(n, ast.ImportFrom) for alias in n.names}
    assert names == set(ub.__all__) - {"__version__"}
    for node in guarded.body:
        assert isinstance(node, ast.ImportFrom) and node.level == 1
        assert all(ub._LAZY_NAMES.get(alias.name, "") == (node.module or "") for alias in node.names)


def test_public_names_pass_strict_type_checking(tmp_path: Path) -> None:
    pyright = shutil.which("pyright") or shutil.which("pyright", path=str(Path(sys.executable).parent))
    if pyright is None:
        pytest.skip("pyright is not installed")
    for name in ("face.py", "pyrightconfig.json"):
        shutil.copy(HERE / name, tmp_path)
    command = [pyright, "--pythonpath", sys.executable, "-p", str(tmp_path)]
    where = os.environ | {"PYTHONPATH": str(Path(ub.__file__).parents[1])}
    done = subprocess.run(command, env=where, capture_output=True, text=True, check=False, cwd=tmp_path)
    if "error" in done.stderr and not done.stdout:
        pytest.skip("pyright cannot start here (it fetches node once)")
    assert "0 errors" in done.stdout, done.stdout[-3000:]
