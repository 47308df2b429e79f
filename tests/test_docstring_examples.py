"""The examples in the docstrings of activations, network, train and spaces run and print what they say."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import unbend

SRC = Path(unbend.__file__).parent
ROOMS = ("activations", "network", "train", "spaces")
MODULES = [m.name for room in ROOMS for m in pkgutil.walk_packages([str(SRC / room)], f"unbend.{room}.") if not m.ispkg]


def with_examples() -> list[str]:
    return [name for name in MODULES if ">>> " in (SRC.parent / f"{name.replace('.', '/')}.py").read_text("utf-8")]


@pytest.mark.parametrize("name", with_examples())
def test_examples(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.failed == 0
    # the docstring of a variable, such as a table, is no attribute that doctest finds
    assert result.attempted > 0 or name.rpartition(".")[2] in ("table", "catalogue")
