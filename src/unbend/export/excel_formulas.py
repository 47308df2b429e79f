"""The Excel formulas of a model for the cells of one row."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import ModelError
from ..formula.printing.excel import EXCEL
from ..network.layers import Layer
from ..words import say
from .activation_trees import activation_tree
from .excel_cells import cell_value, letters, number, places_of, product, quoted, terms_of
from .export_model import ExportModel
from .raw_columns import RawColumn

MOST_CHARACTERS = 8192  # of a formula
MOST_NAMES = 126  # of a LET


def check_length(length: int) -> None:
    if length > MOST_CHARACTERS:
        raise ModelError("export.excel_too_long", length=length, limit=MOST_CHARACTERS)


def outputs(columns: Sequence[RawColumn], layers: Sequence[Layer], row: int = 2) -> list[str]:
    """The formula of each output over the cells of ``row``; neurons are named by a LET."""
    places = places_of(columns, row)
    if len(layers) == 1:
        cells = [cell_value(column, place) for column, place in zip(columns, places, strict=True)]
        return [bent(layers[0], text) for text in _affine(layers[0], columns, cells, places)]
    names: list[tuple[str, str]] = []
    values = []
    for k, (column, place) in enumerate(zip(columns, places, strict=True)):
        values.append(place if column.is_category or column.value is None else f"v_{k + 1}")
        if values[-1] != place:
            names.append((values[-1], cell_value(column, place)))
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
    return [f"LET({named},{bent(layers[-1], text)})" for text in sums]


def _neuron(layer: Layer, number: str, text: str) -> list[tuple[str, str]]:
    """The names that a neuron needs, the last that of its value; the sum has one of its own if it is used twice."""
    mark = f"z_{number}"
    value = EXCEL.expression(activation_tree(layer.activation), {"x": mark})
    if value.count(mark) == 1:
        return [(f"n_{number}", value.replace(mark, f"({text})"))]
    return [(mark, text), (f"n_{number}", value)]


def bent(layer: Layer, text: str) -> str:
    """The activation of a last layer, where it has one."""
    if layer.activation.affine == (1.0, 0.0):
        return text
    tree = activation_tree(layer.activation)
    check_length(EXCEL.expression_length(tree, {"x": f"({text})"}))
    return EXCEL.expression(tree, {"x": f"({text})"})


def _affine(layer: Layer, columns: Sequence[RawColumn], values: Sequence[str], places: Sequence[str]) -> list[str]:
    sums = []
    for weights, b in zip(layer.W.T, layer.b, strict=True):
        terms = [
            term
            for column, value, place in zip(columns, values, places, strict=True)
            for term in terms_of(column, weights, value, place)
        ]
        sums.append(number(float(b)) + "".join(terms))
    return sums


def _of_neurons(layer: Layer, before: Sequence[str]) -> list[str]:
    return [
        number(float(b)) + "".join(product(float(w), name) for w, name in zip(weights, before, strict=True) if w)
        for weights, b in zip(layer.W.T, layer.b, strict=True)
    ]


def results(model: ExportModel, outputs: Sequence[str], first: int, row: int = 2) -> list[tuple[str, str]]:
    """(title, formula) of each result from the formulas of the outputs, in cells of ``row`` from column ``first`` on.

    Class models give a score for each output, probabilities and the label.
    """
    if model.classes:
        return _class_results(model, outputs, first, row)
    if model.encoders:
        return [(say("export.column_predicted", target=model.target), outputs[0])]
    return list(zip(model.outputs, outputs, strict=True))


def _class_results(model: ExportModel, outputs: Sequence[str], first: int, row: int) -> list[tuple[str, str]]:
    """Scores, then probabilities and the label from the cells of the scores."""
    labels = model.classes[-1:] if model.has_log_odds else model.classes
    listed = [(say("export.column_score", label=label), text) for label, text in zip(labels, outputs, strict=True)]
    names = [f"{letters(first + k)}{row}" for k in range(len(outputs))]
    if model.has_log_odds:
        names = ["0", *names]
    for i, (label, score) in enumerate(zip(model.classes, names, strict=True)):
        parts = [f"EXP(MIN(700,{other}-{score}))" for j, other in enumerate(names) if j != i]
        listed.append((say("export.column_probability", label=label), f"1/(1+{'+'.join(parts)})"))
    chosen = quoted(model.classes[-1])
    top = f"MAX({','.join(names)})"
    for label, score in reversed(list(zip(model.classes[:-1], names, strict=False))):
        chosen = f"IF({score}={top},{quoted(label)},{chosen})"
    listed.append((say("export.column_predicted", target=model.target), chosen))
    return listed
