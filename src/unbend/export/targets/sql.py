"""A model as one SELECT that runs in SQLite, DuckDB and PostgreSQL and reads a table's own columns."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from ...arrays import Array
from ...data.calendar import Calendar
from ...data.missing_values import MISSING_LABELS
from ...errors import ModelError
from ...formula.printing.sql import SQL
from ...network.layers import Layer
from ...words import say
from ..activation_trees import activation_tree
from ..export_model import ExportModel
from ..formula_model import FormulaModel
from ..header import comment_line, head_made
from ..raw_columns import RawColumn, affine_layers, raw_columns, table_columns
from .target import Target

MOST_CHARACTERS = 1_000_000  # SQLite's default limit of a statement
_CHUNK = 100  # terms in one bracket: parsers limit how deeply a sum may nest
_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def to_sql(model: ExportModel, name: str = "model", table: str | None = None) -> str:
    """One SELECT over a table: all columns of a linear model's table, or the inputs, and the predictions.

    Layers of neurons are one common table expression each. Raises ``ModelError`` where the statement would be longer
    than databases take.
    """
    columns, layers = raw_columns(model), affine_layers(model)
    _check_length(sum(30 * int((layer.W != 0).sum()) for layer in layers))
    steps: list[str] = []
    sources = {id(column): _cell(column, "t.") for column in columns}
    is_affine = layers[-1].activation.affine == (1.0, 0.0)
    hidden = layers[:-1] if is_affine else layers
    if hidden:
        cells = [(f"unbend_0_{k + 1}", _number_cell(c)) for k, c in enumerate(columns) if c.value is not None]
        named = iter(cells)
        sources |= {id(c): f"t.{next(named)[0]}" for c in columns if c.value is not None}
        steps.append(_step("unbend_0", cells, _table(table)))
    before: Sequence[str] | None = None
    for i, layer in enumerate(hidden):
        sums = [f"unbend_z{i + 1}_{j + 1}" for j in range(layer.outputs)]
        values = [f"unbend_{i + 1}_{j + 1}" for j in range(layer.outputs)]
        affine = _affine(layer, columns, sources) if before is None else _of_neurons(layer, before)
        steps.append(_step(f"unbend_z{i + 1}", zip(sums, affine, strict=True), f"unbend_{i}"))
        tree = activation_tree(layer.activation)
        bent = [SQL.expression(tree, {"x": f"t.{z}"}) for z in sums]
        _check_length(sum(map(len, bent)))
        steps.append(_step(f"unbend_{i + 1}", zip(values, bent, strict=True), f"unbend_z{i + 1}"))
        before = values
    if not is_affine:
        outputs = [f"t.{value}" for value in before or ()]
    else:
        outputs = _affine(layers[-1], columns, sources) if before is None else _of_neurons(layers[-1], before)
    source = f"unbend_{len(hidden)}" if hidden else _table(table)
    if model.classes:
        names = [f"unbend_score_{j + 1}" for j in range(len(outputs))]
        steps.append(_step("unbend_scores", zip(names, outputs, strict=True), source))
        source, results = "unbend_scores", _class_columns(model, names)
    elif model.encoders:
        results = [(say("export.column_predicted", target=model.target), outputs[0])]
    else:
        results = list(zip(model.outputs, outputs, strict=True))
    inputs = ["t.*"] if not steps else [f"t.{_quoted(c.encoder.name)}" for c in table_columns(columns)]
    listed = [*inputs, *(f"{text} AS {_quoted(column)}" for column, text in results)]
    joined = ",\n  ".join(listed)
    comment = "".join(
        f"-- {comment_line(line)}\n" for line in _header(model, name, columns, table, has_steps=bool(steps))
    )
    statement = ("WITH " + ",\n".join(steps) + "\n" if steps else "") + f"SELECT\n  {joined}\nFROM {source} AS t;\n"
    _check_length(len(statement))
    return comment + statement


def formula_to_sql(formula: FormulaModel, name: str = "model", table: str | None = None) -> str:
    """A fitted formula as one SELECT."""
    cells = {column: f"CAST(t.{_quoted(column)} AS DOUBLE PRECISION)" for column in formula.columns}
    _check_length(SQL.expression_length(formula.tree, cells))
    comment = "".join(f"-- {comment_line(line)}\n" for line in [formula.text, _use(table)])
    predicted = say("export.column_predicted", target=formula.target)
    return (
        f"{comment}SELECT\n  t.*,\n  {SQL.expression(formula.tree, cells)} AS {_quoted(predicted)}\n"
        f"FROM {_table(table)} AS t;\n"
    )


def _check_length(length: int) -> None:
    if length > MOST_CHARACTERS:
        raise ModelError("export.sql_too_long", length=length, limit=MOST_CHARACTERS)


def _table(name: str | None) -> str:
    """The name of the table as SQL writes it: plain words, between dots, as they are, others in quotes."""
    parts = ["data"] if name is None else name.split(".")
    return ".".join(part if re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", part) else _quoted(part) for part in parts)


def _use(table: str | None) -> str:
    """How the statement is used."""
    return say("export.sql_use") if table is None else say("export.sql_databases")


def _header(
    model: ExportModel, name: str, columns: Sequence[RawColumn], table: str | None, *, has_steps: bool
) -> list[str]:
    lines = [head_made(model, name), _use(table)]
    if has_steps:
        lines.append(say("export.sql_keep"))
    if model.encoders:
        lines.append(say("export.sql_missing"))
    dates = [column.encoder.name for column in columns if column.encoder.kind == "date"]
    return [*lines, say("export.sql_dates", names=", ".join(dates))] if dates else lines


def _step(name: str, columns: Iterable[tuple[str, str]], source: str) -> str:
    """A common table expression that adds columns; materialized, since databases would write its columns out where
    they are used, once for every use."""  # fmt: skip
    listed = "".join(f",\n  {text} AS {column}" for column, text in columns)
    return f"{name} AS MATERIALIZED (\n  SELECT t.*{listed}\n  FROM {source} AS t\n)"


def _affine(layer: Layer, columns: Sequence[RawColumn], sources: dict[int, str]) -> list[str]:
    """The sums of a first layer, over the table's columns."""
    return [
        _sum(float(b), [term for column in columns for term in _terms(column, weights, sources[id(column)])])
        for weights, b in zip(layer.W.T, layer.b, strict=True)
    ]


def _of_neurons(layer: Layer, before: Sequence[str]) -> list[str]:
    return [
        _sum(float(b), [_product(float(w), f"t.{value}") for w, value in zip(weights, before, strict=True) if w])
        for weights, b in zip(layer.W.T, layer.b, strict=True)
    ]


def _sum(intercept: float, terms: Sequence[str]) -> str:
    """The terms, each with its sign in front, and a number; in brackets of so many terms."""
    chunks = ["\n    ".join(terms[i : i + _CHUNK]) for i in range(0, len(terms), _CHUNK)]
    first = f"CAST({literal(intercept)} AS DOUBLE PRECISION)"
    if len(chunks) > 1:
        return "\n    ".join([first, *(f"+ (0e0 {chunk})" for chunk in chunks)])
    return "\n    ".join([first, *chunks])


def _product(weight: float, value: str) -> str:
    return f"{'-' if weight < 0 else '+'} {literal(abs(weight))} * {value}"


def literal(value: float) -> str:
    """A number as a double: with an exponent."""
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"


def _terms(column: RawColumn, weights: Array, value: str) -> list[str]:
    """What a column adds to a sum, each term with its sign."""
    if column.is_category:
        return _category_terms(column, weights, value)
    terms = []
    if column.value is not None and weights[column.value]:
        terms.append(_product(float(weights[column.value]), value))
    if column.missing is not None and (w := float(weights[column.missing])):
        known = f"t.{_quoted(column.encoder.name)}"
        if column.encoder.kind == "boolean":
            known = _flag(column, "t.")
        elif column.encoder.limits:
            number = _days(f"CAST({known} AS VARCHAR)") if column.encoder.kind == "date" else known
            known = f"({_within_limits(number, column.encoder.limits)})"
        terms.append(f"+ CASE WHEN {known} IS NULL THEN {literal(w)} ELSE 0e0 END")
    return terms


def _category_terms(column: RawColumn, weights: Array, value: str) -> list[str]:
    own, other, missing = column.level_weights(weights)
    cases = [f"WHEN {_string(label)} THEN {literal(w)}" for label, w in own if w != other]
    if other != missing:
        marks = ", ".join(_string(mark) for mark in MISSING_LABELS if mark not in column.encoder.levels)
        is_missing = f"{value} IS NULL OR {value} IN ({marks})"
        inner = f"CASE {value} {' '.join(cases)} ELSE {literal(other)} END" if cases else literal(other)
        return [f"+ CASE WHEN {is_missing} THEN {literal(missing)} ELSE {inner} END"]
    if not cases:
        return [f"+ {literal(other)}"] if other else []
    return [f"+ CASE {value} {' '.join(cases)} ELSE {literal(other)} END"]


def _cell(column: RawColumn, table: str) -> str:
    """The column's value: a label as text, anything else as a number with missing values filled."""
    if column.encoder.calendar is not None:
        return _calendar_label(column.encoder.calendar, table)
    if column.is_category:
        return f"TRIM(CAST({table}{_quoted(column.encoder.name)} AS VARCHAR))"
    return _number_cell(column, table)


def _calendar_label(calendar: Calendar, table: str) -> str:
    """The month, weekday or hour of a date or time as ISO text; NULL where it is missing."""
    text = f"CAST({table}{_quoted(calendar.source)} AS VARCHAR)"
    if calendar.part == "month":
        return f"SUBSTR({text}, 6, 2)"
    if calendar.part == "hour":
        return f"CASE WHEN LENGTH({text}) >= 13 THEN SUBSTR({text}, 12, 2) WHEN {text} IS NOT NULL THEN '00' END"
    days = f"CAST({_days(f'SUBSTR({text}, 1, 10)')} AS INTEGER)"
    cases = " ".join(f"WHEN {k} THEN {_string(label)}" for k, label in enumerate(calendar.labels))
    return f"CASE ({days} + 719162) % 7 {cases} END"  # day 0 is then 0001-01-01, a Monday


def _number_cell(column: RawColumn, table: str = "t.") -> str:
    encoder = column.encoder
    cell = f"{table}{_quoted(encoder.name)}"
    number = f"CAST({cell} AS DOUBLE PRECISION)"
    if encoder.kind == "date":
        number = _days(f"CAST({cell} AS VARCHAR)")
    elif encoder.kind == "boolean":
        number = _flag(column, table)
    number = _within_limits(number, encoder.limits)
    return number if math.isnan(encoder.fill_value) else f"COALESCE({number}, {literal(encoder.fill_value)})"


def _within_limits(number: str, limits: tuple[float, ...]) -> str:
    """The number, NULL outside the encoder's limits."""
    if not limits:
        return number
    low, high = map(literal, limits)
    return f"CASE WHEN {number} BETWEEN {low} AND {high} THEN {number} END"


def _flag(column: RawColumn, table: str) -> str:
    """1 or 0 for a boolean's labels, in any case, NULL for anything else; databases' own booleans read as text."""
    text = f"LOWER(TRIM(CAST({table}{_quoted(column.encoder.name)} AS VARCHAR)))"
    words = [("0", "false"), ("1", "true")]
    no, yes = (
        ", ".join(_string(word) for word in dict.fromkeys((label, *others)))
        for label, others in zip(column.encoder.levels, words, strict=True)
    )
    return f"CASE WHEN {text} IN ({yes}) THEN 1e0 WHEN {text} IN ({no}) THEN 0e0 END"


def _days(text: str) -> str:
    """Days since 1970-01-01 of a date or time as ISO text, by arithmetic that no database does in its own way."""
    year, month = f"CAST(SUBSTR({text}, 1, 4) AS INTEGER)", f"SUBSTR({text}, 6, 2)"
    before = f"({year} - 1)"
    leap_days = " ".join(f"{sign} ({before} - {before} % {n}) / {n}" for sign, n in (("+", 4), ("-", 100), ("+", 400)))
    months = " ".join(f"WHEN '{k + 1:02d}' THEN {days}" for k, days in enumerate(_DAYS_BEFORE_MONTH))
    is_leap = f"({year} % 4 = 0 AND {year} % 100 <> 0 OR {year} % 400 = 0)"
    seconds = (
        f"3600e0 * CAST(SUBSTR({text}, 12, 2) AS INTEGER) + 60e0 * CAST(SUBSTR({text}, 15, 2) AS INTEGER)"
        f" + CAST(SUBSTR({text}, 18, 9) AS DOUBLE PRECISION)"
    )
    return (
        f"(365e0 * ({year} - 1970) {leap_days} - 477 + CASE {month} {months} END"
        f" + CASE WHEN {month} > '02' AND {is_leap} THEN 1 ELSE 0 END + CAST(SUBSTR({text}, 9, 2) AS INTEGER) - 1"
        f" + CASE WHEN LENGTH({text}) >= 19 THEN ({seconds}) / 86400e0 ELSE 0e0 END)"
    )


def _class_columns(model: ExportModel, scores: Sequence[str]) -> list[tuple[str, str]]:
    """(name, expression) of each probability and of the label, from the columns of scores."""
    names = [f"t.{score}" for score in scores]
    if model.has_log_odds:
        names = ["0e0", *names]
    columns = []
    for i, (label, score) in enumerate(zip(model.classes, names, strict=True)):
        parts = [f"EXP({_bounded(f'({other} - {score})')})" for j, other in enumerate(names) if j != i]
        probability = f"1e0 / (1e0 + {' + '.join(parts)})"
        columns.append((say("export.column_probability", label=label), probability))
    cases = []
    for i, label in enumerate(model.classes[:-1]):
        best = " AND ".join(f"{names[i]} >= {other}" for j, other in enumerate(names) if j != i)
        cases.append(f"WHEN {best} THEN {_string(label)}")
    chosen = f"CASE {' '.join(cases)} ELSE {_string(model.classes[-1])} END"
    return [*columns, (say("export.column_predicted", target=model.target), chosen)]


def _bounded(value: str) -> str:
    return f"CASE WHEN {value} > 700 THEN 700e0 WHEN {value} < -700 THEN -700e0 ELSE {value} END"


def _quoted(name: str) -> str:
    """A column's name."""
    return '"' + name.replace("\0", "").replace('"', '""') + '"'


def _string(text: str) -> str:
    return "'" + text.replace("\0", "").replace("'", "''") + "'"


TARGET = Target(
    name="sql", title="SQL", endings=(".sql",), write=to_sql, options=("table",), write_formula=formula_to_sql
)
