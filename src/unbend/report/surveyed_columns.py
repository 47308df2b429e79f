"""The report's table of the columns of a table larger than memory: what a pass over all rows says, with errors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from ..verdict.large_table import LargeTable
from ..verdict.surveyed_column import LevelRows, SurveyedColumn
from ..words import say
from .html import paragraph, table
from .number_text import number, percent

SHOWN_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
SHOWN_LEVELS = 3


def surveyed(large: LargeTable, roles: Mapping[str, str]) -> str:
    """The table, and what its numbers are; ``roles`` say what each column is to the models."""
    head = ("column", "role", "missing", "distinct", "all_values")
    rows = [
        (c.name, roles.get(c.name) or say(f"report.kind_{c.type}"), f"{c.missing:,}", _distinct(c), _values(c, large))
        for c in large.columns
    ]
    notes = [say("report.survey_exact")]
    if counted := max((c.distinct_error for c in large.columns), default=0.0):
        notes.append(say("report.survey_distinct", error=percent(counted)))
    if off := max((c.quantile_error for c in large.columns), default=0.0):
        notes.append(say("report.survey_quantiles", rows=large.sample_rows, error=percent(off)))
    if any(level.least < level.most for c in large.columns for level in c.levels):
        notes.append(say("report.survey_levels", rows=large.sample_rows))
    text = paragraph(" ".join(notes), "note")
    return table([say(f"report.{name}") for name in head], rows, (2, 3)) + text


def _distinct(column: SurveyedColumn) -> str:
    return say("report.about", number=f"{column.distinct:,}") if column.distinct_error else f"{column.distinct:,}"


def _values(column: SurveyedColumn, large: LargeTable) -> str:
    """Least, quartiles and greatest of numbers; the most frequent labels."""
    if column.quantiles:
        shown = [value for share, value in column.quantiles if share in SHOWN_SHARES]
        return " · ".join(_day(value) if column.type == "date" else number(value) for value in shown)
    return ", ".join(_level(level, column.rows, large.rows) for level in column.levels[:SHOWN_LEVELS])


def _level(level: LevelRows, every: int, rows: int) -> str:
    """A label with its share: of all rows where they were counted, else, with bounds, of those with a target."""
    if level.least == level.most:
        return f"{level.label} {percent(level.rows / every)}"
    between = f"{percent(level.least / rows)}–{percent(level.most / rows)}"
    return f"{level.label} {percent(level.rows / rows)} ({between})"


def _day(days: float) -> str:
    """The day, or the number of days since 1970 for one outside the calendar."""
    try:
        return (date(1970, 1, 1) + timedelta(days=int(days // 1))).isoformat()
    except OverflowError:
        return number(days)
