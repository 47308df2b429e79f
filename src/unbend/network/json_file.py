"""Networks as JSON text, which any program can read and write.

Format ``unbend.network``, version 1, one object with these keys:

- ``"format"``: ``"unbend.network"``; ``"version"``: 1; ``"dtype"``: ``"float32"`` or ``"float64"``;
- ``"layers"``, first to last, each an object with ``"inputs"`` and ``"outputs"`` (counts), ``"activation"`` (a name or
  a formula in x), ``"W"`` (``inputs`` lists of ``outputs`` numbers) and ``"b"`` (``outputs`` numbers): a layer is
  h(x W + b). In place of ``"W"`` a layer with many zeros has ``"blocks"``: objects with ``"inputs"`` and ``"outputs"``
  (places from 0, ascending) and ``"W"``, the weights between these; each output is in one block at most, and all other
  weights are 0;
- ``"extra"``: any object (a table model keeps its columns and labels there).

Numbers are the shortest decimals that read back as the same number of the dtype. Nothing in a file can run.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import ModelError
from .layers import Layer
from .network import Network
from .shortest_decimals import shortest_decimals
from .weight_blocks import MOST_ZEROS, weight_blocks

_KEYS = {"format", "version", "dtype", "layers", "extra"}
_LAYER_KEYS = {"inputs", "outputs", "activation", "b"}  # and "W" or "blocks"
_BLOCK_KEYS = {"inputs", "outputs", "W"}


def to_json(net: Network, header: dict[str, Any], extra: dict[str, Any]) -> str:
    """The text of a file; ``header`` has the format and its version."""
    first = [
        f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in (header | {"dtype": str(net.dtype)}).items()
    ]
    layers = ",\n".join(_layer_text(layer) for layer in net.layers)
    last = f'  "extra": {json.dumps(extra, ensure_ascii=False, allow_nan=False)}'
    return "\n".join(["{", *first, f'  "layers": [\n{layers}\n  ],', last, "}"]) + "\n"


def _layer_text(layer: Layer) -> str:
    blocks = weight_blocks(layer.W)
    if blocks is None:
        weights = f'"W": [\n        {_matrix_text(layer.W, 8)}\n      ]'
    else:
        texts = [
            f'{{\n          "inputs": {block.inputs.tolist()}, "outputs": {block.outputs.tolist()},\n'
            f'          "W": [\n            {_matrix_text(block.W, 12)}\n          ]\n        }}'
            for block in blocks
        ]
        weights = '"blocks": [\n        ' + ",\n        ".join(texts) + "\n      ]"
    return (
        f'    {{\n      "inputs": {layer.inputs}, "outputs": {layer.outputs},\n'
        f'      "activation": {json.dumps(layer.activation.name, ensure_ascii=False)},\n'
        f"      {weights},\n"
        f'      "b": [{", ".join(shortest_decimals(layer.b))}]\n    }}'
    )


def _matrix_text(W: Array, indent: int) -> str:
    texts, width = shortest_decimals(W), W.shape[1]
    rows = ["[" + ", ".join(texts[i : i + width]) + "]" for i in range(0, len(texts), width)]
    return f",\n{' ' * indent}".join(rows)


def read_object(text: str) -> dict[str, Any]:
    """The one JSON object in the text. Raises ``ValueError`` or ``ModelError`` for anything else."""
    content = json.loads(text, object_pairs_hook=_unique_keys)
    if not isinstance(content, dict):
        raise ValueError(type(content).__name__)
    return content


def from_json(content: dict[str, Any]) -> Network:
    """The network that an object of the format describes. Raises ``ModelError`` or ``ValueError`` for another object.

    Counts are compared with the lengths of the lists: no array is allocated that is larger than the file.
    """
    if unknown := sorted((set(content) | {"extra"}) ^ _KEYS):
        raise ValueError(f"keys: {', '.join(unknown[:6])}")
    if content["dtype"] not in ("float32", "float64"):
        raise ValueError(f"dtype: {str(content['dtype'])[:40]}")
    if not isinstance(content["layers"], list):
        raise ValueError(f"layers: {type(content['layers']).__name__}")
    dtype = np.dtype(content["dtype"])
    arrays, names = [], []
    for i, layer in enumerate(content["layers"]):
        keys = set(layer) - _LAYER_KEYS if isinstance(layer, dict) and set(layer) > _LAYER_KEYS else set()
        if keys not in ({"W"}, {"blocks"}) or not isinstance(layer["activation"], str):
            raise ModelError("network.json_layer", layer=i)
        n, m, b = layer["inputs"], layer["outputs"], layer["b"]
        W = _matrix(layer["W"], n, m, dtype) if "W" in layer else _from_blocks(layer["blocks"], n, m, dtype)
        if W is None or not _list_of(b, m) or not all(map(_number, b)):
            raise ModelError("network.json_numbers", layer=i, inputs=str(n)[:20], outputs=str(m)[:20])
        arrays.append((W, _floats(b, dtype)))
        names.append(layer["activation"])
    return Network.from_arrays(arrays, names, dtype)


def _matrix(rows: Any, n: Any, m: Any, dtype: np.dtype[Any]) -> Array | None:
    """(n, m), both above 0; None where the lists are not of these lengths, or something is no number."""
    if not _list_of(rows, n) or not all(_list_of(row, m) for row in rows) or n == 0 or m == 0:
        return None
    if not all(_number(v) for row in rows for v in row):
        return None
    return _floats(rows, dtype)


def _from_blocks(blocks: Any, n: Any, m: Any, dtype: np.dtype[Any]) -> Array | None:
    """The weights (n, m) of blocks; None where they do not fit."""
    if type(n) is not int or type(m) is not int or not isinstance(blocks, list):
        return None
    parts, stored = [], 0
    for block in blocks:
        if not isinstance(block, dict) or set(block) != _BLOCK_KEYS:
            return None
        inputs, outputs = block["inputs"], block["outputs"]
        if not _places(inputs, n) or not _places(outputs, m):
            return None
        W = _matrix(block["W"], len(inputs), len(outputs), dtype)
        if W is None:
            return None
        parts.append((inputs, outputs, W))
        stored += W.size
    used = [j for _, outputs, _ in parts for j in outputs]
    if len(set(used)) != len(used) or not 0 < n * m <= MOST_ZEROS * stored:
        return None
    weights = np.zeros((n, m), dtype)
    for inputs, outputs, W in parts:
        weights[np.ix_(inputs, outputs)] = W
    return weights


def _places(what: Any, count: int) -> bool:
    """Whether this is a list of ascending integers from 0, below ``count``."""
    if not isinstance(what, list) or not all(type(k) is int for k in what):
        return False
    return all(a < b for a, b in pairwise([-1, *what, count]))


def _list_of(what: Any, count: Any) -> bool:
    return type(count) is int and isinstance(what, list) and len(what) == count


def _number(value: Any) -> bool:
    return type(value) in (int, float)


def _floats(values: Sequence[Any], dtype: np.dtype[Any]) -> Array:
    with np.errstate(over="ignore"):  # 1e300 as float32 is infinite, and is refused as such
        return np.array(values, dtype=np.float64).astype(dtype)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        duplicate = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise ModelError("network.json_twice", name=duplicate[:40])
    return content
