"""Docstrings of public names are in numpydoc form: all parameters, and what comes back."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

import unbend
import unbend.sklearn
import unbend.widgets


def public() -> Iterator[tuple[str, Any]]:
    """(name, object) of every public function, class and method."""
    for module in (unbend, unbend.sklearn, unbend.widgets):
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isfunction(value) or inspect.isclass(value):
                yield f"{module.__name__}.{name}", value
            if inspect.isclass(value) and module is unbend:
                for method, function in inspect.getmembers(value, inspect.isfunction):
                    if not method.startswith("_") and function.__module__.startswith("unbend"):
                        yield f"unbend.{name}.{method}", function


def section(text: str, title: str) -> str | None:
    """The text of a numpydoc section, up to the next one."""
    found = re.search(rf"^{title}\n-{{{len(title)}}}\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", text, re.M | re.S)
    return found and found[1]


@pytest.mark.parametrize(("name", "value"), [pytest.param(*pair, id=pair[0]) for pair in public()])
def test_parameters_and_returns_are_documented(name: str, value: Any) -> None:
    text = inspect.getdoc(value) or ""
    wanted = [n for n in inspect.signature(value).parameters if n not in ("self", "cls") and not n.startswith("_")]
    described = section(text, "Parameters") or ""
    names = {n.strip(" *") for line in re.findall(r"^(\*{0,2}\w[^:\n]*)", described, re.M) for n in line.split(",")}
    assert set(wanted) <= names, f"{name}: not described: {sorted(set(wanted) - names)}"
    if inspect.isfunction(value) and inspect.signature(value).return_annotation not in ("None", None):
        assert section(text, "Returns") or section(text, "Yields"), f"{name}: what comes back is not described"
