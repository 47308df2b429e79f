"""The text of a kernel file: the pieces printed from a network's records, then the kernel that calls them.

One file serves every depth and width: it depends on which activations occur, on the loss, on the optimiser and on
the float type alone. It is plain Python that can be read and run without compiling.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from ..activations import Activation
from ..network.losses import Loss
from ..network.optimizers import Optimizer, optimizers
from .formulas import called, lanes_body
from .pieces import CHUNK, TALL, WIDE

# what formulas may call, by the module it is in
_FUNCTIONS = {
    "unbend.engine.elementary": ("exp", "expm1", "log", "log1p", "tanh"),
    "unbend.engine.error_function": ("cbrt", "erf", "erfc"),
    "unbend.engine.lanes_functions": (
        "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "cos", "cosh", "floor", "largest",
        "magnitude", "power", "sign", "sin", "sinh", "smallest", "sqrt", "tan", "where",
    ),
    "unbend.engine.lanes": ("lanes", "load", "number", "store"),
}  # fmt: skip


@dataclass(frozen=True)
class Pieces:
    """What a kernel depends on: records, float type, and how many floats the processor takes at once."""

    activations: tuple[Activation, ...]
    loss: Loss | None
    optimizer: Optimizer | None
    dtype: str
    lanes: int


def distinct(activations: Sequence[Activation]) -> tuple[Activation, ...]:
    """Each record once, in an order of its own, so that networks of the same activations share their kernel."""
    return tuple(sorted(set(activations), key=lambda record: (record.name, record.steps)))


# a kernel's modules, in the order their text is needed
_PARTS = {"train_tiles": ("tile_losses", "tiles"), "train_rows": ("row_losses", "row_steps", "panels", "rows"),
          "answer": ("panels", "answers", "lone_answers"),
          "answer_shared": ("panels", "answers", "shared_answers")}  # fmt: skip


def panel(pieces: Pieces) -> int:
    """How many lanes wide a panel of the inference kernel is: 32 registers hold 6 x 4 sums, 16 hold 6 x 2."""
    return WIDE if pieces.lanes * np.dtype(pieces.dtype).itemsize == 64 else WIDE // 2


def kernel_text(kernel: str, pieces: Pieces, keep: bool = True) -> str:
    """The whole file of a kernel, named after the function that Python calls; ``keep``: compiled once and for all."""
    training = kernel.startswith("train")
    classes = pieces.loss is not None and pieces.loss.classes
    lines = _activate(pieces.activations, slopes=training)
    if training and pieces.loss is not None and pieces.optimizer is not None:
        lines += _row_loss(pieces.loss) + _move(pieces.optimizer)
    parts = _PARTS[kernel]
    body = [_text(part) for part in parts]
    if training:
        body.insert(1, f"lose = {'lose_classes' if classes else 'lose_values'}\n\n")
    if kernel == "train_rows":
        plain = pieces.optimizer == optimizers["sgd"]
        settle, renew = ("settle_at_once", "renew_nothing") if plain else ("settle_later", "renew_by_formula")
        body.insert(3, f"settle, renew = {settle}, {renew}\n\n")
    imports = sorted({*called(lines, _FUNCTIONS), *(line for part in parts for line in _imports(part))})
    head = [
        "from typing import Any",
        "",
        "from unbend.engine.compiling import array_types, aside, entry_point, inner",
        *imports,
        "",
        f"LANES, CHUNK, TALL, WIDE = {pieces.lanes}, {CHUNK}, {TALL}, {panel(pieces)}",
        f"globals().update(array_types({pieces.dtype!r}, classes={classes}))",
        f"entry = entry_point(keep={keep})",
        "",
    ]
    return "\n".join([*head, *lines, "", *body])


def _activate(activations: Sequence[Activation], slopes: bool) -> list[str]:
    lines = ["@inner", "def activate(code, h, d, at, slope_at, count):", "    like = lanes(h, LANES)"]
    for i, record in enumerate(activations):
        lines += [
            f"    {'if' if i == 0 else 'elif'} code == {i}:",
            "        for i in range(0, count*LANES, LANES):",
            "            x_ = load(h, at + i, like)",
            *lanes_body(record.steps, ("value", "slope") if slopes else ("value",), " " * 12),
            "            store(h, at + i, value_)",
        ]
        if slopes:
            lines.append("            store(d, slope_at + i, slope_)")
    return lines


def _row_loss(loss: Loss) -> list[str]:
    if loss.classes:
        return []
    body = lanes_body(loss.steps, ("value", "slope"), "    ")
    return ["", "@inner", "def row_loss(o_, y_):", "    like = o_", *body, "    return value_, slope_"]


def _move(optimizer: Optimizer) -> list[str]:
    kept = [f"new_{name}" for name in optimizer.state]
    return [
        "",
        "@inner",
        "def move(p, g, state, decay, begin, end, rate, c1, c2):",
        "    like = lanes(p, LANES)",
        *(f"    {name}_ = number(like, {name})" for name in ("rate", "c1", "c2")),
        "    for i in range(begin, end, LANES):",
        "        p_, g_ = load(p, i, like), load(g, i, like)",
        "        decay_ = load(decay, i, like) if decay.shape[0] > 0 else number(like, 0.0)",
        *(f"        {name}_ = load(state, {n}*p.shape[0] + i, like)" for n, name in enumerate(optimizer.state)),
        *lanes_body(optimizer.steps, ("new", *kept), " " * 8),
        "        store(p, i, new_)",
        *(f"        store(state, {n}*p.shape[0] + i, {name}_)" for n, name in enumerate(kept)),
    ]


@cache
def _text(part: str) -> str:
    """A kernel module's functions: its text from the first decorated function on."""
    text = files("unbend.engine").joinpath(f"{part}.py").read_text(encoding="utf-8")
    return text[re.search(r"^@", text, re.M).start() :]  # type: ignore[union-attr]


@cache
def _imports(part: str) -> list[str]:
    """Its imports, but for what stands in the kernel file itself."""
    text = files("unbend.engine").joinpath(f"{part}.py").read_text(encoding="utf-8")
    found = []
    for node in ast.parse(text).body:
        match node:
            case ast.ImportFrom(module="pieces" | "panels", level=1):
                pass
            case ast.ImportFrom(module=module, names=names, level=1):
                found += [f"from unbend.engine.{module} import {alias.name}" for alias in names]
            case ast.ImportFrom(module="numba") | ast.Import():
                found.append(ast.unparse(node))
    return found
