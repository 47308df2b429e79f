"""A model as Excel formulas for the cells of one row, over a table's own columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ...arrays import Array
from ...errors import ModelError
from ...formula.printing.excel import EXCEL
from ...network.layers import Layer
from ...words import say
from ..activation_trees import activation_tree
from ..export_model import ExportModel
from ..formula_model import FormulaModel
from ..header import head_made
from ..raw_columns import RawColumn, affine_layers, raw_columns
from .target import Target

MOST_CHARACTERS = 8192  # of a formula
MOST_NAMES = 126  # of a LET
_EPOCH = 25569  # 1970-01-01 as Excel counts days


def to_excel(model: ExportModel, name: str = "model") -> str:
    """Lines that say which column is where, then one line ``CELL (NAME): =FORMULA`` for each result.

    A network with hidden layers names its neurons with LET; a linear model needs no LET. Class models give a score
    for each output, probabilities and the label. Raises ``ModelError`` where a formula would be longer than Excel
    takes.
    """
    columns, layers = raw_columns(model), affine_layers(model)
    cells = _Cells([column.encoder.name for column in columns])
    outputs = _outputs(columns, layers)
    results: list[tuple[str, str]] = []
    if model.classes:
        results = _class_results(model, cells, outputs)
    elif model.encoders:
        results = [(say("export.column_predicted", target=model.target), outputs[0])]
    else:
        results = list(zip(model.outputs, outputs, strict=True))
    lines = [head_made(model, name), *_head(cells)]
    if model.encoders:
        lines.append(say("export.excel_missing"))
    if len(layers) > 1:
        lines.append(say("export.excel_let"))
    return _text(lines, cells, results)


def formula_to_excel(formula: FormulaModel, name: str = "model") -> str:
    """A fitted formula as an Excel formula."""
    cells = _Cells(formula.columns)
    places = {column: f"{letters(k)}2" for k, column in enumerate(formula.columns)}
    _check_length(EXCEL.expression_length(formula.tree, places))
    result = (say("export.column_predicted", target=formula.target), EXCEL.expression(formula.tree, places))
    return _text([formula.text, *_head(cells)], cells, [result])


@dataclass(frozen=True)
class _Cells:
    """The columns of a sheet, from A on."""

    names: Sequence[str]

    def result(self, k: int) -> str:
        """The cell of row 2 that gets result ``k``."""
        return f"{letters(len(self.names) + k)}2"


def letters(k: int) -> str:
    """The letters of column ``k``, from 0: A … Z, AA, …"""
    text = ""
    while k >= 0:
        text = chr(ord("A") + k % 26) + text
        k = k // 26 - 1
    return text


def _head(cells: _Cells) -> list[str]:
    listed = ", ".join(f"{letters(k)} = {' '.join(name.split())}" for k, name in enumerate(cells.names))
    return [say("export.excel_head", cells=listed), say("export.excel_use")]


def _text(lines: Sequence[str], cells: _Cells, results: Sequence[tuple[str, str]]) -> str:
    for _, formula in results:
        _check_length(len(formula) + 1)
    written = [f"{cells.result(k)} ({' '.join(title.split())}):\n={text}" for k, (title, text) in enumerate(results)]
    return "\n".join([*lines, "", *written]) + "\n"


def _check_length(length: int) -> None:
    if length > MOST_CHARACTERS:
        raise ModelError("export.excel_too_long", length=length, limit=MOST_CHARACTERS)


def _outputs(columns: Sequence[RawColumn], layers: Sequence[Layer]) -> list[str]:
    """The formula of each output."""
    places = [f"{letters(k)}2" for k in range(len(columns))]
    if len(layers) == 1:
        sums = _affine(layers[0], columns, [_cell(c, place) for c, place in zip(columns, places, strict=True)], places)
        return [_bent(layers[0], text) for text in sums]
    names: list[tuple[str, str]] = []
    values = []
    for k, (column, place) in enumerate(zip(columns, places, strict=True)):
        values.append(place if column.is_category or column.value is None else f"v_{k + 1}")
        if values[-1] != place:
            names.append((values[-1], _cell(column, place)))
    before: list[str] | None = None
    for i, layer in enumerate(layers):
        sums = _affine(layer, columns, values, places) if before is None else _of_neurons(layer, before)
        if i == len(layers) - 1:
            break
        before = []
        for j, text in enumerate(sums):
            names += _neuron(layer, f"{i + 1}_{j + 1}", text)
            before.append(names[-1][0])
    if len(names) > MOST_NAMES:
        raise ModelError("export.excel_names", count=len(names), limit=MOST_NAMES)
    named = ",".join(f"{name},{text}" for name, text in names)
    return [f"LET({named},{_bent(layers[-1], text)})" for text in sums]


def _neuron(layer: Layer, number: str, text: str) -> list[tuple[str, str]]:
    """The names that a neuron needs, the last that of its value; the sum has one of its own if it is used twice."""
    mark = f"z_{number}"
    value = EXCEL.expression(activation_tree(layer.activation), {"x": mark})
    if value.count(mark) == 1:
        return [(f"n_{number}", value.replace(mark, f"({text})"))]
    return [(mark, text), (f"n_{number}", value)]


def _bent(layer: Layer, text: str) -> str:
    """The activation of a last layer, where it has one."""
    if layer.activation.affine == (1.0, 0.0):
        return text
    tree = activation_tree(layer.activation)
    _check_length(EXCEL.expression_length(tree, {"x": f"({text})"}))
    return EXCEL.expression(tree, {"x": f"({text})"})


def _affine(layer: Layer, columns: Sequence[RawColumn], values: Sequence[str], places: Sequence[str]) -> list[str]:
    sums = []
    for weights, b in zip(layer.W.T, layer.b, strict=True):
        terms = [
            term
            for column, value, place in zip(columns, values, places, strict=True)
            for term in _terms(column, weights, value, place)
        ]
        sums.append(number(float(b)) + "".join(terms))
    return sums


def _of_neurons(layer: Layer, before: Sequence[str]) -> list[str]:
    return [
        number(float(b)) + "".join(_product(float(w), name) for w, name in zip(weights, before, strict=True) if w)
        for weights, b in zip(layer.W.T, layer.b, strict=True)
    ]


def _product(weight: float, value: str) -> str:
    return f"{'-' if weight < 0 else '+'}{number(abs(weight))}*{value}"


def number(value: float) -> str:
    """A number with the 15 digits that Excel keeps."""
    return f"{value:.15g}".upper()


def _terms(column: RawColumn, weights: Array, value: str, place: str) -> list[str]:
    """What a column adds to a sum, each term with its sign; ``place`` is its cell, ``value`` its value."""
    if column.is_category:
        return _category_terms(column, weights, place)
    terms = []
    if column.value is not None and weights[column.value]:
        terms.append(_product(float(weights[column.value]), value))
    if column.missing is not None and (w := float(weights[column.missing])):
        terms.append(f"+IF({_is_known(column, place)},0,{number(w)})")
    return terms


def _category_terms(column: RawColumn, weights: Array, place: str) -> list[str]:
    own, other, missing = column.level_weights(weights)
    cases = "".join(_product(w - other, f"EXACT(TRIM({place}),{_string(label)})") for label, w in own if w != other)
    if other != missing:
        return [f'+IF(TRIM({place})="",{number(missing)},{number(other)}{cases})']
    return [f"{f'+{number(other)}' if other > 0 else number(other) if other else ''}{cases}"]


def _cell(column: RawColumn, place: str) -> str:
    """The column's number, missing values filled; the cell itself for a bare network's input and a category."""
    encoder = column.encoder
    if column.is_category or math.isnan(encoder.fill_value):
        return place
    if encoder.kind == "boolean":
        return f"IF({_is_yes(column, place)},1,IF({_is_no(column, place)},0,{number(encoder.fill_value)}))"
    value = f"{place}-{_EPOCH}" if encoder.kind == "date" else place
    return f"IF({_is_known(column, place)},{value},{number(encoder.fill_value)})"


def _is_known(column: RawColumn, place: str) -> str:
    if column.encoder.kind == "boolean":
        return f"OR({_is_yes(column, place)},{_is_no(column, place)})"
    if not column.encoder.limits:
        return f"ISNUMBER({place})"
    value = f"{place}-{_EPOCH}" if column.encoder.kind == "date" else place
    low, high = map(number, column.encoder.limits)
    return f"IF(ISNUMBER({place}),AND({value}>={low},{value}<={high}),FALSE)"


def _is_yes(column: RawColumn, place: str) -> str:
    return _is_word(place, (column.encoder.levels[1], "1", "true"))


def _is_no(column: RawColumn, place: str) -> str:
    return _is_word(place, (column.encoder.levels[0], "0", "false"))


def _is_word(place: str, words: Sequence[str]) -> str:
    tests = [f"EXACT(LOWER(TRIM({place})),{_string(word)})" for word in dict.fromkeys(words)]
    return f"OR({','.join(tests)})"


def _class_results(model: ExportModel, cells: _Cells, outputs: Sequence[str]) -> list[tuple[str, str]]:
    """Scores, then probabilities and the label from the cells of the scores."""
    labels = model.classes[-1:] if model.has_log_odds else model.classes
    results = [(say("export.column_score", label=label), text) for label, text in zip(labels, outputs, strict=True)]
    names = [f"{letters(len(cells.names) + k)}2" for k in range(len(outputs))]
    if model.has_log_odds:
        names = ["0", *names]
    for i, (label, score) in enumerate(zip(model.classes, names, strict=True)):
        parts = [f"EXP(MIN(700,{other}-{score}))" for j, other in enumerate(names) if j != i]
        results.append((say("export.column_probability", label=label), f"1/(1+{'+'.join(parts)})"))
    chosen = _string(model.classes[-1])
    top = f"MAX({','.join(names)})"
    for label, score in reversed(list(zip(model.classes[:-1], names, strict=False))):
        chosen = f"IF({score}={top},{_string(label)},{chosen})"
    results.append((say("export.column_predicted", target=model.target), chosen))
    return results


def _string(text: str) -> str:
    return '"' + "".join(c if c.isprintable() else " " for c in text).replace('"', '""') + '"'


TARGET = Target(name="excel", title="Excel", endings=(".txt",), write=to_excel, write_formula=formula_to_excel)
