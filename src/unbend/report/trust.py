"""The report's section on uncertainty: the calibration of probabilities, the coverage of prediction intervals."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..verdict.calibration import Calibration
from ..verdict.result import Result
from ..words import say
from .html import paragraph, section, table
from .number_text import number, percent
from .pictures import GREY, LINEAR, NETWORK, figure, small, svg


def trust(result: Result) -> str:
    """The section of the page; "" where too few rows were held out for intervals."""
    return _classes(result) if result.problem.classes else _numbers(result)


def _classes(result: Result) -> str:
    outputs = result.comparison.outputs
    reached = ~np.isnan(outputs["network"][:, 0])
    y, classes = result.compared.y[reached], len(result.problem.classes)
    named = [
        (say(f"report.{word}"), Calibration.of(outputs[name][reached], y, classes))
        for word, name in (("straight", "linear"), ("network", "network"))
    ]
    rows = [(name, number(c.log_loss), number(c.brier), percent(c.error)) for name, c in named]
    head = (say("report.model"), say("report.log_loss_of"), say("report.brier"), say("report.calibration_error"))
    two = two_classes(result)
    note = say(
        "report.calibration_note_two" if classes == 2 else "report.calibration_note", of=result.problem.classes[1]
    )
    return (
        section(
            say("report.calibration_title"),
            calibration_curves(named),
            table(head, rows, (1, 2, 3), bold_row=0 if result.chosen == "linear" else 1),
            paragraph(note, "note"),
        )
        + two
    )


def two_classes(result: Result) -> str:
    """Of two classes: areas under the curves; precision, recall and F1 of both models at two thresholds."""
    areas, rows = [], []
    for word, model in (("straight", result.linear), ("network", result.network)):
        name, s = say(f"report.{word}"), model.class_scores
        if s is None:
            return ""
        areas.append((name, f"{s.roc_auc:.3f}", f"{s.average_precision:.3f}"))
        for at in (s.at_half, s.at_best_f1):
            named = name if at is s.at_half else ""
            rows.append((named, number(at.threshold), percent(at.precision), percent(at.recall), number(at.f1)))
        positive, share = s.positive, s.share
    note = say("report.two_classes_note", positive=positive, share=percent(share), chance=number(share))
    first, second = ("model", "roc_auc", "average_precision"), ("model", "threshold", "precision", "recall", "f1")
    return section(
        say("report.two_classes_title", positive=positive),
        table([say(f"report.{key}") for key in first], areas, (1, 2)),
        table([say(f"report.{key}") for key in second], rows, range(1, 5)),
        paragraph(note, "note"),
    )


def _numbers(result: Result) -> str:
    intervals = result.model.intervals
    if intervals is None or not intervals.checked:
        return ""
    rows = [(percent(level), percent(held), number(width)) for level, held, width in intervals.checked]
    head = (say("report.nominal"), say("report.covered"), say("report.mean_width"))
    return section(
        say("report.intervals_title"),
        table(head, rows, (0, 1, 2)),
        paragraph(say("report.intervals_same" if intervals.scale is None else "report.intervals_differ"), "note"),
        paragraph(say("report.intervals_note"), "note"),
    )


def calibration_curves(named: list[tuple[str, Calibration]]) -> str:
    """Predicted probability on the horizontal axis, observed frequency on the vertical; grey: both equal."""
    fig, axes = figure(1, 1, 4.2, 4.4)
    ax = axes.flat[0]
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=1, zorder=1)
    for (name, c), colour, style, size in zip(named, (LINEAR, NETWORK), ("o--", "s-"), (9, 4), strict=True):
        bars: Array = np.maximum([c.observed - c.low, c.high - c.observed], 0)
        ax.errorbar(c.predicted, c.observed, bars, fmt=style, color=colour, markersize=size, linewidth=1.4,
                    elinewidth=1, label=name)  # fmt: skip
    ax.set(xlabel=say("report.said"), ylabel=say("report.came"), xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), box_aspect=1)
    fig.legend(loc="outside upper right", ncols=2, frameon=False)
    return small(svg(fig, say("report.calibration_title")))
