"""A model as Excel formulas for the cells of one row, over a table's own columns; or as a workbook that has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...formula.printing.excel import EXCEL
from ...words import say
from ..excel_cells import letters
from ..excel_formulas import check_length, outputs, results
from ..export_model import ExportModel
from ..formula_model import FormulaModel
from ..header import head_made
from ..raw_columns import affine_layers, raw_columns, table_columns
from ..workbook import formula_workbook, workbook
from .target import Target

WORKBOOK = ".xlsx"


def to_excel(model: ExportModel, name: str = "model", ending: str = "", rows: Any = None) -> str | bytes:
    """Lines that say which column is where, then one line ``CELL (NAME): =FORMULA`` for each result.

    A network with hidden layers names its neurons with LET; a linear model needs no LET. Class models give a score
    for each output, probabilities and the label. With the ending ".xlsx" a workbook, with ``rows`` in it. Raises
    ``ModelError`` where a formula would be longer than Excel takes.
    """
    if ending == WORKBOOK:
        return workbook(model, name, rows)
    columns, layers = raw_columns(model), affine_layers(model)
    names = [column.encoder.name for column in table_columns(columns)]
    lines = [head_made(model, name), *_head(names)]
    if model.encoders:
        lines.append(say("export.excel_missing"))
    if len(layers) > 1:
        lines.append(say("export.excel_let"))
    return _text(lines, len(names), results(model, outputs(columns, layers), len(names)))


def formula_to_excel(formula: FormulaModel, name: str = "model", ending: str = "", rows: Any = None) -> str | bytes:
    """A fitted formula as an Excel formula."""
    if ending == WORKBOOK:
        return formula_workbook(formula, rows)
    places = {column: f"{letters(k)}2" for k, column in enumerate(formula.columns)}
    check_length(EXCEL.expression_length(formula.tree, places))
    result = (say("export.column_predicted", target=formula.target), EXCEL.expression(formula.tree, places))
    return _text([formula.text, *_head(formula.columns)], len(formula.columns), [result])


def _head(names: Sequence[str]) -> list[str]:
    listed = ", ".join(f"{letters(k)} = {' '.join(name.split())}" for k, name in enumerate(names))
    return [say("export.excel_head", cells=listed), say("export.excel_use")]


def _text(lines: Sequence[str], first: int, found: Sequence[tuple[str, str]]) -> str:
    for _, formula in found:
        check_length(len(formula) + 1)
    written = [f"{letters(first + k)}2 ({' '.join(title.split())}):\n={text}" for k, (title, text) in enumerate(found)]
    return "\n".join([*lines, "", *written]) + "\n"


TARGET = Target(
    name="excel",
    title="Excel",
    endings=(".xlsx", ".txt"),
    write=to_excel,
    options=("ending", "rows"),
    write_formula=formula_to_excel,
)
