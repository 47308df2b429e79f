"""Why this row: the contributions to some fifty held-out rows, one at a time; the first is there without scripts."""

from __future__ import annotations

from html import escape
from importlib.resources import files

import numpy as np

from .. import json_text
from ..verdict.explanation import RowExplanation
from ..verdict.result import Result
from ..words import say
from . import contributions
from .html import paragraph, section
from .number_text import number

ROWS = 50


def why(result: Result) -> str:
    """The section: a choice of rows, the contributions to the selected model's prediction for the chosen one."""
    rows = _rows(result)
    if not len(rows):
        return ""
    table = result.compared.table.take(rows.tolist())
    found = [result.model.explain(table, i) for i in range(len(rows))]
    labels = [_label(result, why, int(row)) for why, row in zip(found, rows, strict=True)]
    options = "".join(f'<option value="{i}">{escape(label)}</option>' for i, label in enumerate(labels))
    data = json_text.dumps({"rows": [_plain(one) for one in found]}).replace("<", "\\u003c")
    script = files(__package__).joinpath("why.js").read_text(encoding="utf-8")
    return section(
        say("report.why_title"),
        f'<p id="why-choice" hidden><label>{escape(say("report.why_row"))} <select>{options}</select></label></p>',
        f'<p id="why-label">{escape(labels[0])}</p>',
        f'<div id="why-bars">{contributions.bars(found[0])}</div>',
        paragraph(contributions.meaning(found[0]), "note"),
        paragraph(say("report.why_note"), "note"),
        f'<script type="application/json" id="unbend-why">{data}</script>\n<script>{script}</script>',
    )


def _rows(result: Result) -> np.ndarray:
    """Up to ``ROWS`` of the rows that were held out, at random, in their order."""
    reached = np.flatnonzero(~np.isnan(result.comparison.outputs["network"][:, 0]))
    return np.sort(np.random.default_rng([result.seed, 7]).permutation(reached)[:ROWS])


def _label(result: Result, why: RowExplanation, row: int) -> str:
    y = result.compared.y[row]
    actual = result.problem.classes[int(y)] if result.problem.classes else number(float(y))
    parts = [contributions.prediction(why), say("views.actual", value=actual)]
    return say("report.why_label", row=f"{row + 1:,}", text=" · ".join(part.removesuffix(".") for part in parts))


def _plain(why: RowExplanation) -> dict[str, object]:
    """The table's lines as the script writes them: name, place and width of the bar (percent of a side), number."""
    lines, largest = contributions.table_lines(why)
    return {
        "head": say("views.contribution", of=contributions.subject(why)),
        "bars": [[name, None if kind else round(100 * v / largest, 1), text] for name, v, text, kind in lines],
    }
