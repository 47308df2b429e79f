"""The report's section on the importance of columns."""

from __future__ import annotations

from ..verdict.importance import Importances
from ..verdict.result import Result
from ..words import say
from .html import paragraph, section, table
from .number_text import interval, percent

MAX_SHOWN = 15


def importance(result: Result) -> str:
    """The section; "" where there is nothing to show."""
    found = result.importance()
    if not len(found):
        return ""
    notes = [paragraph(say("report.importance_note"), "note")]
    if len(result.problem.inputs) > MAX_SHOWN:
        more = say("report.importance_more", most=MAX_SHOWN, all=len(result.problem.inputs))
        notes.append(paragraph(more, "note"))
    return section(say("report.importance_title"), importance_table(found), *notes)


def importance_table(found: Importances) -> str:
    """A row for each column or group, the largest first."""
    rows = [(item.name, percent(item.drop), interval(*item.interval)) for item in found[:MAX_SHOWN]]
    return table((say("report.column"), say("report.importance_drop"), say("report.interval_95")), rows, (1, 2))
