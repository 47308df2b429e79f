"""What a command imports: the heavy packages only where they are used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"llvmlite", "matplotlib", "numba", "pyarrow", "scipy", "sympy"}
TABLE = "a,b,y\n" + "".join(f"{i % 7},{i % 5},{3 * (i % 7) - i % 5 + i % 3}\n" for i in range(60))


def imported(code: str, folder: Path) -> set[str]:
    """The heavy packages that a new process has imported after ``code``."""
    code = f"import sys\n{code}\nprint('imported:', *sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"UNBEND_ENGINE": "numpy"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return HEAVY & set(run.stdout.rpartition("imported:")[2].split())


def command(*arguments: str) -> str:
    """Code that runs a command."""
    return f"from unbend.cli import run\nassert run({list(arguments)!r}) == 0"


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("import unbend", set()),
        (command("fit", "--help"), set()),
        (command("--help"), {"pyarrow"}),
        (command("check", "y = a*x + b"), {"scipy"}),
    ],
)
def test_heavy_packages_are_not_imported(code: str, needed: set[str], tmp_path: Path) -> None:
    assert imported(code, tmp_path) <= needed


def test_without_compiling_fit_imports_no_compiler_and_predict_no_pictures(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE)
    fit = command("fit", "t.csv", "--target", "y", "--budget", "1", "--out", "out")
    predict = command("predict", "out/model.safetensors", "t.csv", "--out", "p.csv")
    assert not {"llvmlite", "numba", "sympy"} & imported(fit, tmp_path)
    assert not {"llvmlite", "matplotlib", "numba", "sympy"} & imported(predict, tmp_path)
