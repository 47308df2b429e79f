"""The report's section of held-out predictions: against the actual values, or as confusion matrices."""

from __future__ import annotations

from html import escape

import numpy as np

from ..arrays import Array
from ..verdict.result import Result
from ..verdict.scores import probabilities
from ..words import say
from . import pictures
from .html import label, paragraph, scrolling_table, section, side_by_side

MAX_CLASSES = 12
BESIDE = 4  # classes: more in two matrices side by side are cut off
LONG = 12  # characters of a class: longer ones are written upwards at the head of a column


def predictions(result: Result) -> str:
    """The section, for both models on the rows that were held out."""
    outputs = result.comparison.outputs
    reached = ~np.isnan(outputs["network"][:, 0])
    named = [
        (say("report.straight"), outputs["linear"][reached]),
        (say("report.network"), outputs["network"][reached]),
    ]
    y = result.compared.y[reached]
    if result.task == "regression":
        drawn = pictures.predicted_against_actual(y, [(n, o[:, 0]) for n, o in named], result.problem.target)
        note = paragraph(say("report.predicted_note"), "note")
        return section(say("report.predicted_title"), side_by_side(drawn), note)
    tables = [paragraph(name) + confusion(y, o, result.problem.classes) for name, o in named]
    return section(
        say("report.predicted_title"),
        side_by_side(tables, "pair" if len(result.problem.classes) <= BESIDE else "stack"),
        paragraph(say("report.confusion_note"), "note"),
    )


def confusion(y: Array, output: Array, classes: tuple[str, ...]) -> str:
    """The confusion matrix: actual classes in rows, predicted ones in columns; of many the most frequent classes."""
    predicted = probabilities(output).argmax(axis=1)
    counts = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(counts, (y, predicted), 1)
    shown = np.sort(np.argsort(-counts.sum(axis=1), kind="stable")[:MAX_CLASSES])
    upright = len(shown) > BESIDE or max(len(classes[c]) for c in shown) > LONG
    kind = "upright" if upright else "number"
    head = "".join(f"<th scope=col class={kind}><span>{escape(classes[c])}</span></th>" for c in shown)
    body = ""
    for actual in shown:
        total = max(counts[actual].sum(), 1)
        cells = "".join(
            f'<td class="cell" style="background: rgba({"31,119,180" if actual == c else "217,95,2"}, '
            f'{0.55 * counts[actual, c] / total:.3f})">{counts[actual, c]:,}</td>'
            for c in shown
        )
        body += f"<tr><th scope=row>{label(classes[actual])}</th>{cells}</tr>"
    corner = escape(say("report.confusion_corner"))
    return scrolling_table(f"<thead><tr><th>{corner}</th>{head}</tr></thead><tbody>{body}</tbody>")
