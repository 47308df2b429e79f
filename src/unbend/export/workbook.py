"""A model as an Excel workbook (.xlsx): rows with their predictions as formulas, beside what unbend predicts for them.

A linear model is one formula in each cell. A network has two more sheets, its neurons row by row and its weights, so
that every number can be followed, formulas stay short, and no function newer than Excel 2007 is needed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from ..errors import ModelError
from ..formula.printing.excel import EXCEL
from ..network.layers import Layer
from ..words import say
from .activation_trees import activation_tree
from .excel_cells import features_of, letters, places_of
from .excel_formulas import check_length, outputs, results
from .export_model import ExportModel
from .formula_model import FormulaModel
from .header import head_made
from .optional_packages import require_package
from .raw_columns import RawColumn, affine_layers, raw_columns, table_columns
from .sample_rows import formula_rows, sample_rows

MOST_COLUMNS = 16_384  # of a sheet
MOST_ROWS = 10_000  # of data, so that the file opens at once


def workbook(model: ExportModel, name: str, rows: Any = None) -> bytes:
    """The workbook's bytes, with the predictions of ``rows``, a table, or of a few rows of the columns' own ranges.

    Raises ``ModelError`` where openpyxl is missing, or a sheet would have too many columns or rows.
    """
    columns, layers = raw_columns(model), affine_layers(model)
    sample = sample_rows(model, rows)
    if len(sample.cells) > MOST_ROWS:
        raise ModelError("export.workbook_rows", rows=len(sample.cells), limit=MOST_ROWS)
    book = _Book([head_made(model, name), say("export.workbook_use"), say("export.excel_missing")])
    own = table_columns(columns)
    first = len(own)
    network = None if len(layers) == 1 else _NetworkSheets(book, columns, layers)
    for i, cells in enumerate(sample.cells):
        row = i + 2
        found = outputs(columns, layers, row) if network is None else network.add(row)
        formulas = results(model, found, first, row)
        if row == 2:
            titles = [title for title, _ in formulas]
            checks = [say("export.workbook_check", version=book.version)] * len(sample.predicted[i])
            book.rows.append([book.text(text) for text in (*(c.encoder.name for c in own), *titles, *checks)])
        for _, formula in formulas:
            check_length(len(formula) + 1)
        book.rows.append(
            [*map(book.text, cells), *(f"={t}" for _, t in formulas), *map(book.text, sample.predicted[i])]
        )
    return book.content()


def formula_workbook(formula: FormulaModel, rows: Any = None) -> bytes:
    """The workbook's bytes for a fitted formula."""
    book = _Book([formula.text, say("export.workbook_use")])
    sample = formula_rows(formula, rows)
    predicted = say("export.column_predicted", target=formula.target)
    check = say("export.workbook_check", version=book.version)
    book.rows.append([book.text(text) for text in (*formula.columns, predicted, check)])
    for row, (cells, value) in enumerate(zip(sample.cells, sample.predicted, strict=True), 2):
        places = {column: f"{letters(k)}{row}" for k, column in enumerate(formula.columns)}
        check_length(EXCEL.expression_length(formula.tree, places))
        book.rows.append([*map(book.text, cells), f"={EXCEL.expression(formula.tree, places)}", *value])
    return book.content()


class _Book:
    """An openpyxl workbook that is written row by row: the sheet of rows, and one of explanations."""

    def __init__(self, lines: Sequence[str]) -> None:
        from ..version import __version__

        self.version = __version__
        openpyxl = require_package("openpyxl", "excel")
        from openpyxl.cell import WriteOnlyCell

        self._cell = WriteOnlyCell
        self._book = openpyxl.Workbook(write_only=True)
        self.rows = self.sheet("rows")
        self._lines = lines

    def sheet(self, key: str) -> Any:
        """A new sheet with the name of the catalogue."""
        return self._book.create_sheet(say(f"export.sheet_{key}"))

    def text(self, value: Any) -> Any:
        """The value for a cell; a text stays one even where it begins with an equals sign."""
        if not isinstance(value, str):
            return value
        cell = self._cell(self.rows, "".join(c for c in value if c.isprintable()))
        cell.data_type = "s"
        return cell

    def content(self) -> bytes:
        """The file's bytes."""
        about = self.sheet("about")
        for line in self._lines:
            about.append([self.text(line)])
        stream = io.BytesIO()
        self._book.save(stream)
        return stream.getvalue()


class _NetworkSheets:
    """The sheet of the network's inputs and neurons, one row for each row of data, and the sheet of its weights."""

    def __init__(self, book: _Book, columns: Sequence[RawColumn], layers: Sequence[Layer]) -> None:
        self.columns, self.layers = columns, layers
        self.sheet = book.sheet("network")
        self._rows = f"'{say('export.sheet_rows')}'!"
        self._own = f"'{say('export.sheet_network')}'!"
        self._weights = f"'{say('export.sheet_weights')}'!"
        inputs = [text for c in columns for text in features_of(c, "A1")]
        sums = [f"z_{i}_{j}" for i, layer in enumerate(layers, 1) for j in range(1, layer.outputs + 1)]
        if len(inputs) + 2 * len(sums) > MOST_COLUMNS:
            raise ModelError("export.workbook_columns", count=len(inputs) + 2 * len(sums), limit=MOST_COLUMNS)
        self.sheet.append(self._titles(len(inputs)))
        weights = book.sheet("weights")
        for layer in layers:  # one row for each neuron: its bias, then a weight for each value of the layer before
            for w, b in zip(layer.W.T, layer.b, strict=True):
                weights.append([float(b), *map(float, w)])

    def _titles(self, inputs: int) -> list[str]:
        titles = [f"x_{k + 1}" for k in range(inputs)]
        for i, layer in enumerate(self.layers, 1):
            for letter in "zh":
                titles += [f"{letter}_{i}_{j + 1}" for j in range(layer.outputs)]
        return titles

    def add(self, row: int) -> list[str]:
        """Append a row of formulas; the outputs as formulas for another sheet."""
        cells = [
            f"={text}"
            for c, place in zip(self.columns, places_of(self.columns, row, self._rows), strict=True)
            for text in features_of(c, place)
        ]
        start, weights_row = 0, 1
        for layer in self.layers:
            before = f"{letters(start)}{row}:{letters(start + layer.inputs - 1)}{row}"
            first = len(cells)
            for j in range(layer.outputs):
                at = weights_row + j
                weights = f"{self._weights}$B${at}:${letters(layer.inputs)}${at}"
                cells.append(f"={self._weights}$A${at}+SUMPRODUCT({before},{weights})")
            cells += [f"={_activated(layer, f'{letters(first + j)}{row}')}" for j in range(layer.outputs)]
            start, weights_row = first + layer.outputs, weights_row + layer.outputs
        for text in cells:
            check_length(len(text))
        self.sheet.append(cells)
        return [f"{self._own}{letters(start + j)}{row}" for j in range(self.layers[-1].outputs)]


def _activated(layer: Layer, place: str) -> str:
    return EXCEL.expression(activation_tree(layer.activation), {"x": place})
