"""`to_c`: a network as C99, one file that needs ``math.h`` alone and allocates nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...activations import Activation
from ...arrays import Array
from ...formula.printing.c import C_DOUBLE, C_FLOAT
from ...formula.printing.language import Language
from ...network import Network
from ...network.shortest_decimals import shortest_decimals
from ...words import say
from ..activation_trees import activation_names, activation_sources
from ..blocks import BlockLayer, block_layers
from ..c_literals import c_string
from ..encode.c import INCLUDES, encode_c, encode_prototype
from ..encode.columns import needs_encode
from ..export_model import ExportModel
from ..formula_model import FormulaModel
from ..header import c_identifier, comment_line, header_lines
from ..text.c import write_text
from ..text_model.c import text_model_to_c
from .target import Target

_AFFINE = """\
/* y = x W + b, with W stored row after row: row i has the weights of x[i] */
static void affine(int n, int m, const {real} *x, const {real} *W, const {real} *b, {real} *y)
{{
    for (int j = 0; j < m; j++) y[j] = b[j];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) y[j] += x[i] * W[i * m + j];
}}
"""
_BLOCK_AFFINE = """\
/* y = x W + b for a W of blocks, each with its first input, inputs, first output and outputs; their weights follow one
   another, row after row. A first input below 0 is a place in rows, where the inputs are listed. */
static void affine(int count, const int (*block)[4], const int *rows, int m, const {real} *x, const {real} *W,
                   const {real} *b, {real} *y)
{{
    for (int j = 0; j < m; j++) y[j] = b[j];
    for (; count > 0; count--, block++) {{
        const int first = (*block)[0], n = (*block)[1], k = (*block)[3];
        {real} *z = y + (*block)[2];
        for (int i = 0; i < n; i++, W += k) {{
            const {real} v = x[first < 0 ? rows[-1 - first + i] : first + i];
            for (int j = 0; j < k; j++) z[j] += v * W[j];
        }}
    }}
}}
"""
_SOFTMAX = """\
void {name}_probabilities(const {real} x[{n}], {real} p[{k}])
{{
    {real} top, sum = {zero};
{scores}
    top = p[0];
    for (int j = 1; j < {k}; j++) top = p[j] > top ? p[j] : top;
    for (int j = 0; j < {k}; j++) sum += p[j] = exp{suffix}(p[j] - top);
    for (int j = 0; j < {k}; j++) p[j] /= sum;
}}

int {name}_predict(const {real} x[{n}])
{{
    {real} p[{k}];
    int best = 0;
    {name}_probabilities(x, p);
    for (int j = 1; j < {k}; j++) best = p[j] > p[best] ? j : best;
    return best;
}}
"""


@dataclass(frozen=True)
class _Real:
    """A floating-point type of C: its name, the suffix of its literals and functions, and its printer."""

    name: str
    suffix: str
    language: Language

    def literal(self, digits: str) -> str:
        return digits + ("" if set(digits) & set(".e") else ".0") + self.suffix


_FLOAT, _DOUBLE = _Real("float", "f", C_FLOAT), _Real("double", "", C_DOUBLE)


def to_c(model: ExportModel, name: str = "model") -> str:
    """C99 source with ``NAME_output(x, y)``; for classes also ``NAME_probabilities`` and ``NAME_predict``.

    The arithmetic is the network's: ``float`` for float32, ``double`` for float64.
    """
    network = model.network
    name = c_identifier(name)
    real = _FLOAT if str(network.dtype) == "float32" else _DOUBLE
    names = activation_names(network)
    layers = block_layers(network)
    precision = say("export.precise_c", real=real.name)
    comment = "\n".join(
        f"   {comment_line(line)}" for line in header_lines(model, name, precision, has_encode=needs_encode(model))
    )
    blocks = [
        f"/*{comment[2:]} */",
        _includes(model),
        _prototypes(model, name, real),
        _labels(model, name),
        *(_parameters(network, real) if layers is None else _block_parameters(layers, real)),
        *activation_sources(real.language, names, "/* {formula} */\nstatic {source}"),
        (_AFFINE if layers is None else _BLOCK_AFFINE).format(real=real.name),
        _output(model, name, real, names, layers),
    ]
    if model.classes:
        blocks.append(_probabilities(model, name, real))
    if needs_encode(model):
        blocks.append(encode_c(model, name, real.name))
    return "\n".join(blocks)


def _includes(model: ExportModel) -> str:
    if not needs_encode(model):
        return "#include <math.h>\n"
    return "#include <math.h>\n" + ("#include <stdint.h>\n" if model.texts else "") + INCLUDES


def _prototypes(model: ExportModel, name: str, real: _Real) -> str:
    row = f"const {real.name} x[{len(model.columns)}]"
    lines = [f"void {name}_output({row}, {real.name} y[{model.network.outputs}]);\n"]
    if model.classes:
        lines.append(f"void {name}_probabilities({row}, {real.name} p[{len(model.classes)}]);\n")
        lines.append(f"int {name}_predict({row});\n")
    lines.append(encode_prototype(model, name, real.name))
    return "".join(lines)


def _labels(model: ExportModel, name: str) -> str:
    lists = {"columns": model.columns, "outputs": model.outputs, "classes": model.classes}
    return "".join(_strings(f"{name}_{key}", texts) for key, texts in lists.items() if texts)


def _strings(name: str, texts: Sequence[str]) -> str:
    listed = ", ".join(c_string(text) for text in texts)
    return f"const char *const {name}[{len(texts)}] = {{{listed}}};\n"


def _parameters(network: Network, real: _Real) -> list[str]:
    """The arrays of weights and biases, layer after layer."""
    return [
        f"static const {real.name} {letter}{i}[{array.size}] = {{\n{_numbers(array, real)}\n}};\n"
        for i, layer in enumerate(network.layers)
        for letter, array in (("W", layer.W), ("b", layer.b))
    ]


def _block_parameters(layers: Sequence[BlockLayer], real: _Real) -> list[str]:
    """The arrays of blocks, weights and biases, layer after layer."""
    parts = []
    for i, layer in enumerate(layers):
        table = ", ".join("{" + ", ".join(map(str, row)) + "}" for row in layer.table)
        parts.append(f"static const int B{i}[{len(layer.blocks)}][4] = {{{table}}};\n")
        if rows := layer.indices:
            parts.append(f"static const int R{i}[{len(rows)}] = {{{', '.join(map(str, rows))}}};\n")
        for letter, array in (("W", layer.weights), ("b", layer.b)):
            numbers = _numbers(array, real)
            parts.append(f"static const {real.name} {letter}{i}[{array.size}] = {{\n{numbers}\n}};\n")
    return parts


def _numbers(array: Array, real: _Real) -> str:
    literals = [real.literal(digits) for digits in shortest_decimals(array)]
    return ",\n".join("    " + ", ".join(literals[i : i + 8]) for i in range(0, len(literals), 8))


def _output(
    model: ExportModel,
    name: str,
    real: _Real,
    names: Mapping[Activation, str],
    layers: Sequence[BlockLayer] | None,
) -> str:
    network = model.network
    lines, source = [], "x"
    if model.features is not None:
        lines.append(f"    {real.name} a[{network.inputs}];")
        source = "a"
    lines += [f"    {real.name} a{i}[{layer.outputs}];" for i, layer in enumerate(network.layers[:-1])]
    for j, feature in enumerate(model.features or ()):
        column = f"x[{feature.column}]"
        values = f"{column} : {real.literal(repr(float(feature.fill)))}"
        if feature.is_missing_flag:
            values = f"{real.literal('0.0')} : {real.literal('1.0')}"
        known = f"isfinite({column})"
        if feature.has_limits:
            low, high = (real.literal(repr(limit)) for limit in (feature.low, feature.high))
            known = f"{column} >= {low} && {column} <= {high}"
        lines.append(f"    a[{j}] = {known} ? {values};")
    for i, layer in enumerate(network.layers):
        result = "y" if i == len(network.layers) - 1 else f"a{i}"
        sizes = f"{layer.inputs}, {layer.outputs}"
        if layers is not None:
            rows = f"R{i}" if layers[i].indices else "0"
            sizes = f"{len(layers[i].blocks)}, B{i}, {rows}, {layer.outputs}"
        lines.append(f"    affine({sizes}, {source}, W{i}, b{i}, {result});")
        if layer.activation in names:
            call = f"{names[layer.activation]}({result}[j])"
            lines.append(f"    for (int j = 0; j < {layer.outputs}; j++) {result}[j] = {call};")
        source = result
    parameters = f"const {real.name} x[{len(model.columns)}], {real.name} y[{network.outputs}]"
    body = "\n".join(lines)
    return f"void {name}_output({parameters})\n{{\n{body}\n}}\n"


def _probabilities(model: ExportModel, name: str, real: _Real) -> str:
    scores = f"    {name}_output(x, p);"
    if model.has_log_odds:
        scores = f"    p[0] = {real.literal('0.0')};\n    {name}_output(x, &p[1]);"
    return _SOFTMAX.format(
        name=name,
        real=real.name,
        suffix=real.suffix,
        zero=real.literal("0.0"),
        n=len(model.columns),
        k=len(model.classes),
        scores=scores,
    )


def formula_to_c(formula: FormulaModel, name: str = "model") -> str:
    """A fitted formula as a function of its variables."""
    return C_DOUBLE.source(formula.tree, formula.columns, c_identifier(name))


TARGET = Target(
    name="c",
    title="C99",
    endings=(".c",),
    write=to_c,
    write_formula=formula_to_c,
    write_text=write_text,
    write_text_model=text_model_to_c,
)
