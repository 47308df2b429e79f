"""The page *Network*: layers, every weight and bias, a neuron's formula, a minibatch step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from ..activations import activations
from ..arrays import Array
from ..figures.diagram import diagram, short
from ..network import Dense, Network, Recipe, Stack, loss, optimizer, run_epoch
from ..report.html import paragraph
from ..words import say
from .state import Choice, Field, Number

ROWS = 1000
SHOWN = 10  # rows whose every array is shown, as in A05


def fields() -> list[Field]:
    """What the reader can set."""
    learning = tuple((name, name) for name, record in activations.items() if record.learns)
    return [
        Number("hidden", 4, say("lab.hidden"), 1, 8, 1),
        Choice("activation", "sigmoid", say("lab.activation"), learning),
        Number("row", 1, say("lab.row"), 1, SHOWN, 1),
        Number("steps", 0, say("lab.steps"), 0, 200, 1),
        Number("batch", 100, say("lab.batch"), 1, 200, 1),
        Number("rate", 0.5, say("lab.rate"), 0.01, 3, marks=(0.01, 0.03, 0.1, 0.3, 0.5, 1, 3)),
        Number("seed", 0, say("lab.seed"), 0, 99, 1),
    ]


@dataclass(frozen=True, eq=False)
class Lesson:
    """A network after some minibatches: ``drawn`` are the rows of the last one, with its loss before and after."""

    net: Network
    x: Array
    y: Array
    drawn: Array
    before: float
    after: float


def lesson(hidden: int, activation: str, steps: int, batch: int, rate: float, seed: int, **_: Any) -> Lesson:
    """2-``hidden``-3 after ``steps`` minibatches of ``batch`` rows, drawn from 1000 without replacement.

    The rows lie in three sectors round the middle; the loss is softmax with cross-entropy, in nats. The same arguments
    give the same numbers.
    """
    rng = np.random.default_rng([seed, 1])
    x = rng.normal(size=(ROWS, 2))
    y = (np.floor(np.arctan2(x[:, 1], x[:, 0]) / (2 * np.pi / 3) + 1.5) % 3).astype(np.int64)
    net = Network([Dense(2, hidden, activation), Dense(hidden, 3)], seed=seed, dtype="float64")
    recipe = Recipe(tuple(layer.dense for layer in net.layers), loss("cross_entropy"), optimizer("sgd"), batch)
    stack = Stack.begin([net.arrays], recipe.optimizer)
    drawn = np.empty(0, dtype=np.int64)
    queue = drawn
    before = after = float("nan")
    for _step in range(steps):
        if len(queue) < batch:  # all rows have been seen: shuffle anew
            queue = rng.permutation(ROWS)
        drawn, queue = queue[:batch], queue[batch:]
        before = float(run_epoch(recipe, stack, x, y, drawn[None], rate)[0])
    net = net.with_arrays(stack.member(0))
    if steps:
        after = float(recipe.loss.per_row(net(x[drawn]), y[drawn])[0].mean())
    return Lesson(net, x, y, drawn, before, after)


def step_said(state: Lesson, steps: int) -> str:
    """What the last minibatch was and did, in words."""
    if steps == 0:
        return say("lab.no_step", rows=ROWS)
    rows = ", ".join(str(row + 1) for row in state.drawn[:6]) + (" …" if len(state.drawn) > 6 else "")
    return say("lab.step_said", step=steps, count=len(state.drawn), all=ROWS, rows=rows, before=f"{state.before:.4f}",
               after=f"{state.after:.4f}")  # fmt: skip


def arrays(state: Lesson) -> list[tuple[str, str, Array]]:
    """(name, what it is, array) of every array between input and output, for the first ten rows."""
    trace = state.net.trace(state.x[:SHOWN])
    (W1, b1), (W2, b2) = state.net.arrays
    first = state.net.layers[0].activation.name
    return [
        ("x", say("lab.array_input"), trace.x), ("W1", say("lab.array_weights"), W1), ("b1", say("lab.array_bias"), b1),
        ("z1", "x W1 + b1", trace.z[0]), ("h1", f"{first}(z1)", trace.h[0]), ("W2", say("lab.array_weights"), W2),
        ("b2", say("lab.array_bias"), b2), ("y", "h1 W2 + b2", trace.output),
    ]  # fmt: skip


def arrays_html(state: Lesson, row: int) -> str:
    """Those arrays as HTML tables, the row in view marked."""
    parts = []
    for name, what, array in arrays(state):
        many = array.ndim == 2 and name not in ("W1", "W2")
        lines = []
        for i, line in enumerate(np.atleast_2d(array)):
            cells = "".join(f"<td>{short(float(v))}</td>" for v in line)
            here = ' aria-current="true"' if many and i == row - 1 else ""
            lines.append(f"<tr{here}>" + (f'<th scope="row">{i + 1}</th>' if many else "") + cells + "</tr>")
        shape = " × ".join(str(n) for n in array.shape)
        caption = f"<caption><b>{name}</b> {escape(what)} <small>({shape})</small></caption>"
        parts.append(f'<div tabindex="0" role="group"><table>{caption}{"".join(lines)}</table></div>')
    return f'<div class="lab-arrays">{"".join(parts)}</div>'


def parts(state: Lesson, values: Mapping[str, Any]) -> list[str]:
    """The page on paper: what was learnt, the diagram, every neuron's formula worked out for the row, every array."""
    net, row = state.net, int(values["row"])
    formulas = "".join(paragraph(net.formula(k, j, numbers=True, x=state.x[row - 1]))
                       for k, layer in enumerate(net.layers) for j in range(layer.outputs))  # fmt: skip
    return [
        paragraph(step_said(state, int(values["steps"]))) + diagram(net).svg(),
        f"<h2>{escape(say('lab.formulas_row', row=row))}</h2>{formulas}",
        f"<h2>{escape(say('lab.arrays'))}</h2>{arrays_html(state, row)}",
    ]
