"""The table of export targets: complete, and what the command line and the documentation list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import unbend as ub
from unbend.cli import run
from unbend.export import exported, targets
from unbend.export.onnx.functions import COMPOSED, FLOAT32_COMPOSED, FLOAT32_OPERATORS, OPERATORS
from unbend.export.targets import TARGETS
from unbend.formula.language.functions import FUNCTIONS

ROOT = Path(__file__).resolve().parents[2]
NET = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)], seed=0)


def test_every_module_is_in_the_table() -> None:
    modules = {path.stem for path in Path(targets.__path__[0]).glob("*.py")} - {"__init__", "target"}
    assert len(modules) == len(TARGETS)


def test_names_and_endings_are_told_apart() -> None:
    endings = [ending for target in TARGETS.values() for ending in target.endings]
    assert len(endings) == len(set(endings)) and all(ending.startswith(".") for ending in endings)
    assert all(name == target.name for name, target in TARGETS.items())


@pytest.mark.parametrize("name", TARGETS)
def test_text_is_text(name: str) -> None:
    if TARGETS[name].package:
        pytest.importorskip(TARGETS[name].package)
    assert isinstance(exported(NET, name), str) == TARGETS[name].is_text


@pytest.mark.parametrize("language", ["en", "ko"])
def test_help_and_errors_list_every_target(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", language, "export", "--help"]) == 0
    help_text = re.sub(r"[\s│]+", " ", capsys.readouterr().out)
    assert ", ".join(TARGETS) in help_text
    assert run(["--lang", language, "export", "model.json", "--to", "fortran"]) == 2
    assert ", ".join(TARGETS) in capsys.readouterr().err


@pytest.mark.parametrize("page", ["docs/how-to/take-away.md", "docs/how-to/take-away.ko.md"])
def test_the_documentation_has_every_target(page: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    expected = [(t.name, t.title, ", ".join(f"`{ending}`" for ending in t.endings)) for t in TARGETS.values()]
    assert rows == expected


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_the_readme_lists_every_target(page: str) -> None:
    assert f"--to {'|'.join(TARGETS)}" in (ROOT / page).read_text(encoding="utf-8")


def test_onnx_has_every_function() -> None:
    assert {*OPERATORS, *COMPOSED, "where"} == {*FUNCTIONS}
    assert {*OPERATORS, *FLOAT32_OPERATORS, *FLOAT32_COMPOSED, "where"} == {*FUNCTIONS}
