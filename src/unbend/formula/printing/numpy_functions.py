"""`numpy_function`: formulas compiled to a NumPy function; activations, losses and optimisers become code here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ..language.grammar import parse
from .numpy import NUMPY

Steps = Sequence[tuple[str, str]]  # (name, formula): later formulas may use earlier names


def required_steps(steps: Steps, results: Sequence[str]) -> list[tuple[str, str]]:
    """The steps that ``results`` depend on, in their order."""
    required = set(results)
    selected: list[tuple[str, str]] = []
    for name, text in reversed(steps):
        if name in required:
            selected.append((name, text))
            required.update(re.findall(r"[^\W\d]\w*", text))
    return selected[::-1]


def numpy_function(arguments: Sequence[str], steps: Steps, results: Sequence[str]) -> Callable[..., Any]:
    """``f(*arguments)`` that runs the steps on arrays and returns the results (one, or a tuple)."""
    body = [f"    {name} = {NUMPY.expression(parse(text))}" for name, text in required_steps(steps, results)]
    source = "\n".join([f"def program({', '.join(arguments)}):", *body, f"    return {', '.join(results)}"])
    return compile_function(source, "program")


def compile_function(source: str, name: str) -> Callable[..., Any]:
    """The function ``name`` from source that was printed from parsed trees; never from a user's text itself."""
    import numpy as np

    namespace: dict[str, Any] = {"np": np}
    if "special." in source:
        from scipy import special

        namespace["special"] = special
    exec(compile(source, "<formula>", "exec"), namespace)
    function: Callable[..., Any] = namespace[name]
    return function
