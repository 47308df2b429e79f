"""The page *Network*: a small network trained one minibatch at a time, with every weight, bias and value shown."""

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
from ..widgets.fields import Choice, Field, Number
from ..words import say
from .toy_datasets import SECTORS

ROWS = SECTORS.rows
SHOWN_ROWS = 10  # whose values are shown in full, as in A05


def fields() -> list[Field]:
    """What the reader can set."""
    learning = tuple((name, name) for name, record in activations.items() if record.learns)
    return [
        Number("hidden", 4, say("lab.hidden"), low=1, high=8, step=1),
        Choice("activation", "sigmoid", say("lab.activation"), learning),
        Number("row", 1, say("lab.row"), low=1, high=SHOWN_ROWS, step=1),
        Number("steps", 0, say("lab.steps"), low=0, high=200, step=1),
        Number("batch", 100, say("lab.batch"), low=1, high=200, step=1),
        Number("rate", 0.5, say("lab.rate"), 0.01, 3, marks=(0.01, 0.03, 0.1, 0.3, 0.5, 1, 3)),
        Number("seed", 0, say("lab.seed"), low=0, high=99, step=1),
    ]


@dataclass(frozen=True, eq=False)
class MinibatchDemo:
    """A network after some minibatches; row numbers ``batch_rows`` of the last one, its loss before and after."""

    net: Network
    x: Array
    y: Array
    batch_rows: Array
    loss_before: float
    loss_after: float


def minibatch_demo(
    hidden: int, activation: str, steps: int, batch: int, rate: float, seed: int, **_: Any
) -> MinibatchDemo:
    """Train a 2-``hidden``-3 network on ``steps`` minibatches of ``batch`` rows, sampled without replacement from 1000.

    The classes are three sectors around the origin; the loss is softmax with cross-entropy. Deterministic: the same
    arguments give the same numbers.
    """
    rng = np.random.default_rng([seed, 1])
    x, y = SECTORS(rng, 0.0)
    net = Network([Dense(2, hidden, activation), Dense(hidden, 3)], seed=seed, dtype="float64")
    recipe = Recipe(tuple(layer.dense for layer in net.layers), loss("cross_entropy"), optimizer("sgd"), batch)
    stack = Stack.begin([net.arrays], recipe.optimizer)
    batch_rows = np.empty(0, dtype=np.int64)
    queue = batch_rows  # shuffled rows not yet used
    loss_before = loss_after = float("nan")
    for _step in range(steps):
        if len(queue) < batch:  # an epoch is over: shuffle again
            queue = rng.permutation(ROWS)
        batch_rows, queue = queue[:batch], queue[batch:]
        loss_before = float(run_epoch(recipe, stack, x=x, y=y, order=batch_rows[None], rate=rate)[0])
    net = net.with_arrays(stack.member(0))
    if steps:
        loss_after = float(recipe.loss.per_row(net(x[batch_rows]), y[batch_rows])[0].mean())
    return MinibatchDemo(net=net, x=x, y=y, batch_rows=batch_rows, loss_before=loss_before, loss_after=loss_after)


def step_summary(demo: MinibatchDemo, steps: int) -> str:
    """The last minibatch and its loss before and after the step, in one sentence."""
    if steps == 0:
        return say("lab.no_step", rows=ROWS)
    rows = ", ".join(str(row + 1) for row in demo.batch_rows[:6]) + (" …" if len(demo.batch_rows) > 6 else "")
    return say(
        "lab.step_summary",
        step=steps,
        count=len(demo.batch_rows),
        all=ROWS,
        rows=rows,
        before=f"{demo.loss_before:.4f}",
        after=f"{demo.loss_after:.4f}",
    )


def arrays(demo: MinibatchDemo) -> list[tuple[str, str, Array]]:
    """(name, description, array) of every array between input and output, for the first ten rows."""
    trace = demo.net.trace(demo.x[:SHOWN_ROWS])
    (W1, b1), (W2, b2) = demo.net.arrays
    first = demo.net.layers[0].activation.name
    return [
        ("x", say("lab.array_input"), trace.x), ("W1", say("lab.array_weights"), W1), ("b1", say("lab.array_bias"), b1),
        ("z1", "x W1 + b1", trace.z[0]), ("h1", f"{first}(z1)", trace.h[0]), ("W2", say("lab.array_weights"), W2),
        ("b2", say("lab.array_bias"), b2), ("y", "h1 W2 + b2", trace.output),
    ]  # fmt: skip


def arrays_html(demo: MinibatchDemo, row: int) -> str:
    """The arrays as HTML tables, with the selected row marked."""
    parts = []
    for name, description, array in arrays(demo):
        has_rows = array.ndim == 2 and name not in ("W1", "W2")
        lines = []
        for i, line in enumerate(np.atleast_2d(array)):
            cells = "".join(f"<td>{short(float(v))}</td>" for v in line)
            mark = ' aria-current="true"' if has_rows and i == row - 1 else ""
            lines.append(f"<tr{mark}>" + (f'<th scope="row">{i + 1}</th>' if has_rows else "") + cells + "</tr>")
        shape = " × ".join(str(n) for n in array.shape)
        caption = f"<caption><b>{name}</b> {escape(description)} <small>({shape})</small></caption>"
        parts.append(f'<div tabindex="0" role="group"><table>{caption}{"".join(lines)}</table></div>')
    return f'<div class="lab-arrays">{"".join(parts)}</div>'


def sections(demo: MinibatchDemo, values: Mapping[str, Any]) -> list[str]:
    """The page as static HTML: last step, diagram, every neuron's formula evaluated for the row, every array."""
    net, row = demo.net, int(values["row"])
    formulas = "".join(paragraph(net.formula(k, j, numbers=True, x=demo.x[row - 1]))
                       for k, layer in enumerate(net.layers) for j in range(layer.outputs))  # fmt: skip
    return [
        paragraph(step_summary(demo, int(values["steps"]))) + diagram(net).svg(),
        f"<h2>{escape(say('lab.formulas_row', row=row))}</h2>{formulas}",
        f"<h2>{escape(say('lab.arrays'))}</h2>{arrays_html(demo, row)}",
    ]
