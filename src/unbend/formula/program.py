"""A few formulas one after another, as one NumPy function: how records of text become code."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from .language.grammar import parse
from .source import to_source

Steps = Sequence[tuple[str, str]]  # (name, formula): later formulas may use earlier names


def needed(steps: Steps, results: Sequence[str]) -> list[tuple[str, str]]:
    """The steps that ``results`` depend on, in their order."""
    wanted = set(results)
    kept: list[tuple[str, str]] = []
    for name, text in reversed(steps):
        if name in wanted:
            kept.append((name, text))
            wanted.update(re.findall(r"[^\W\d]\w*", text))
    return kept[::-1]


def numpy_function(arguments: Sequence[str], steps: Steps, results: Sequence[str]) -> Callable[..., Any]:
    """``f(*arguments)`` that runs the steps on arrays and returns the results (one, or a tuple)."""
    body = [f"    {name} = {to_source(parse(text))}" for name, text in needed(steps, results)]
    source = "\n".join([f"def program({', '.join(arguments)}):", *body, f"    return {', '.join(results)}"])
    return compiled(source, "program")


def compiled(source: str, name: str) -> Callable[..., Any]:
    """The function ``name`` from source that was printed from parsed trees; never from a user's text itself."""
    import numpy as np

    space: dict[str, Any] = {"np": np}
    if "special." in source:
        from scipy import special

        space["special"] = special
    exec(compile(source, "<formula>", "exec"), space)
    function: Callable[..., Any] = space[name]
    return function
