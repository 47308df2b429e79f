"""Some texts with what their words say: surely right, surely wrong, unsure; for numbers near and far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from ..verdict.scores import probabilities
from ..verdict.text.text_explanation import TextExplanation
from ..words import say
from .html import paragraph, section
from .number_text import number
from .text_contributions import sentence, shown_probability

ROWS = 5  # of each kind
MOST_CHARACTERS = 10_000  # of a text that is shown


def chosen_rows(y: Array, output: Array, classes: int, count: int = ROWS) -> dict[str, Array]:
    """The rows of each kind, the clearest first: right, wrong, unsure for classes, near and far for numbers.

    ``y`` (n,) are class numbers or numbers, ``output`` (n, outputs) held-out outputs; rows without any are not chosen.
    """
    known = np.flatnonzero(np.isfinite(output).all(axis=1))
    if not classes:
        distance = np.abs(output[known, 0] - y[known])
        order = known[np.argsort(distance, kind="stable")]
        half = min(count, len(order) // 2)
        return {"near": order[:half], "far": order[::-1][:half]}
    p = probabilities(output[known])
    top = p.max(axis=1)
    order = np.argsort(-top, kind="stable")
    right = p.argmax(axis=1) == y[known]
    named = {"right": order[right[order]], "wrong": order[~right[order]], "unsure": order[::-1]}
    return {kind: known[rows[:count]] for kind, rows in named.items()}


def text_rows_section(
    texts: Sequence[Any],
    y: Array,
    output: Array,
    classes: tuple[str, ...],
    explain: Callable[[int], TextExplanation],
    count: int = ROWS,
) -> str:
    """The section, without empty texts and those too long to read.

    ``explain`` of a row's number is what the final model says of its text.
    """
    parts = []
    readable = np.array([len(text or "") <= MOST_CHARACTERS and bool((text or "").strip()) for text in texts])
    judged = np.where(readable[:, None], output, np.nan)
    for kind, rows in chosen_rows(y, judged, len(classes), count).items():
        if not len(rows):
            continue
        parts.append(f'<h3 style="font-size: 1rem">{say(f"text_views.rows_{kind}")}</h3>')
        for row in rows.tolist():
            actual = classes[int(y[row])] if classes else number(float(y[row]))
            value = number(float(output[row, 0]))
            predicted = shown_probability(probabilities(output[[row]])[0], classes) if classes else value
            label = say("text_views.row_label", row=f"{row + 1:,}", actual=actual, predicted=predicted)
            parts += [paragraph(label, "kicker"), sentence(explain(row))]
    if not parts:
        return ""
    of = "rows" if classes else "numbers"
    return section(say(f"text_views.{of}_title"), *parts, paragraph(say(f"text_views.{of}_note"), "note"))
