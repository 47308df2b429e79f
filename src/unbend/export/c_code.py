"""A network as C99: one file that needs ``math.h`` alone and allocates nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..activations import Activation
from ..arrays import Array
from ..formula.printing.c import C_DOUBLE, C_FLOAT
from ..formula.printing.language import Language
from ..network.shortest_decimals import shortest_decimals
from ..words import say
from .activation_trees import activation_names, activation_tree
from .carried import Carried
from .described import heading, plain_line

_AFFINE = """\
/* y = x W + b, with W stored row after row: row i has the weights of x[i] */
static void affine(int n, int m, const {real} *x, const {real} *W, const {real} *b, {real} *y)
{{
    for (int j = 0; j < m; j++) y[j] = b[j];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) y[j] += x[i] * W[i * m + j];
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


def to_c(what: Carried, name: str = "model") -> str:
    """C99 source with ``NAME_output(x, y)``; for classes also ``NAME_probabilities`` and ``NAME_predict``.

    The arithmetic is the network's: ``float`` for float32, ``double`` for float64.
    """
    net = what.network
    name = identifier(name)
    kind = str(net.dtype)
    language, real, suffix = (C_FLOAT, "float", "f") if kind == "float32" else (C_DOUBLE, "double", "")
    acts = activation_names(net)
    n, m = len(what.columns), net.outputs
    head = "\n".join(f"   {plain_line(line)}" for line in heading(what, name, say("export.precise_c", real=real)))
    prototypes = [f"void {name}_output(const {real} x[{n}], {real} y[{m}]);"]
    if what.classes:
        k = len(what.classes)
        prototypes.append(f"void {name}_probabilities(const {real} x[{n}], {real} p[{k}]);")
        prototypes.append(f"int {name}_predict(const {real} x[{n}]);")
    parts = [
        f"/*{head[2:]} */",
        "#include <math.h>\n",
        "\n".join(prototypes) + "\n",
        _strings(f"{name}_columns", what.columns) + _strings(f"{name}_outputs", what.outputs)
        + (_strings(f"{name}_classes", what.classes) if what.classes else ""),
        *_numbers(what, real, suffix),
        *language.helper_sources([activation_tree(record) for record in acts]),
        *(_function(language, record, name) for record, name in acts.items()),
        _AFFINE.format(real=real),
        _output(what, name, real, suffix, acts),
    ]  # fmt: skip
    if what.classes:
        scores = f"    p[0] = 0.0{suffix};\n    {name}_output(x, &p[1]);" if what.lone else f"    {name}_output(x, p);"
        parts.append(_SOFTMAX.format(name=name, real=real, suffix=suffix, zero=f"0.0{suffix}", n=n, k=k, scores=scores))
    return "\n".join(parts)


def identifier(name: str) -> str:
    """The name as one that C takes, outside those reserved: letters, digits and single underscores."""
    cleaned = re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9]", "_", name)).strip("_")
    return cleaned if re.match(r"[A-Za-z]", cleaned) else f"model_{cleaned}".rstrip("_")


def _strings(name: str, texts: Sequence[str]) -> str:
    listed = ", ".join(_quoted(text) for text in texts)
    return f"const char *const {name}[{len(texts)}] = {{{listed}}};\n"


def _quoted(text: str) -> str:
    """A C string of the text in UTF-8; octal escapes stand for all but plain ASCII, and for ?, as in trigraphs."""
    plain = "".join(
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?' else f"\\{byte:03o}"
        for byte in text.encode("utf-8", "replace")
    )
    return f'"{plain}"'


def _numbers(what: Carried, real: str, suffix: str) -> list[str]:
    found = []
    for i, layer in enumerate(what.network.layers):
        for part, array in (("W", layer.W), ("b", layer.b)):
            found.append(f"static const {real} {part}{i}[{array.size}] = {{\n{_rows(array, suffix)}\n}};\n")
    return found


def _rows(array: Array, suffix: str) -> str:
    texts = [text + ("" if set(text) & set(".e") else ".0") + suffix for text in shortest_decimals(array)]
    return ",\n".join("    " + ", ".join(texts[i : i + 8]) for i in range(0, len(texts), 8))


def _function(language: Language, record: Activation, name: str) -> str:
    return f"/* {plain_line(record.formula)} */\nstatic {language.function(activation_tree(record), ('x',), name)}"


def _output(what: Carried, name: str, real: str, suffix: str, acts: Mapping[Activation, str]) -> str:
    net = what.network
    lines, here = [], "x"
    if what.features is not None:
        lines.append(f"    {real} a[{net.inputs}];")
        here = "a"
    lines += [f"    {real} a{i}[{layer.outputs}];" for i, layer in enumerate(net.layers[:-1])]
    for j, feature in enumerate(what.features or ()):
        known = f"isfinite(x[{feature.column}])"
        one, zero = f"1.0{suffix}", f"0.0{suffix}"
        choice = f"{zero} : {one}" if feature.flag else f"x[{feature.column}] : {float(feature.fill)!r}{suffix}"
        lines.append(f"    a[{j}] = {known} ? {choice};")
    for i, layer in enumerate(net.layers):
        there = "y" if i == len(net.layers) - 1 else f"a{i}"
        lines.append(f"    affine({layer.inputs}, {layer.outputs}, {here}, W{i}, b{i}, {there});")
        if layer.activation in acts:
            call = f"{acts[layer.activation]}({there}[j])"
            lines.append(f"    for (int j = 0; j < {layer.outputs}; j++) {there}[j] = {call};")
        here = there
    body = "\n".join(lines)
    return f"void {name}_output(const {real} x[{len(what.columns)}], {real} y[{net.outputs}])\n{{\n{body}\n}}\n"
