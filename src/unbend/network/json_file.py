"""Networks as JSON text, which any program can read and write.

Format ``unbend.network``, version 1, one object with these keys:

- ``"format"``: ``"unbend.network"``; ``"version"``: 1; ``"dtype"``: ``"float32"`` or ``"float64"``;
- ``"layers"``, first to last, each an object with ``"inputs"`` and ``"outputs"`` (counts), ``"activation"`` (a name or
  a formula in x), ``"W"`` (``inputs`` lists of ``outputs`` numbers) and ``"b"`` (``outputs`` numbers): a layer is
  h(x W + b);
- ``"extra"``: any object (a table model keeps its columns and labels there).

Numbers are the shortest decimals that read back as the same number of the dtype. Nothing in a file can run.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import ModelError
from .layers import Layer
from .network import Network
from .shortest_decimals import shortest_decimals

_KEYS = {"format", "version", "dtype", "layers", "extra"}
_LAYER_KEYS = {"inputs", "outputs", "activation", "W", "b"}


def to_json(net: Network, header: dict[str, Any], extra: dict[str, Any]) -> str:
    """The text of a file; ``header`` has the format and its version."""
    first = [
        f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in (header | {"dtype": str(net.dtype)}).items()
    ]
    layers = ",\n".join(_layer_text(layer) for layer in net.layers)
    last = f'  "extra": {json.dumps(extra, ensure_ascii=False, allow_nan=False)}'
    return "\n".join(["{", *first, f'  "layers": [\n{layers}\n  ],', last, "}"]) + "\n"


def _layer_text(layer: Layer) -> str:
    texts = shortest_decimals(layer.W)
    rows = ["[" + ", ".join(texts[i : i + layer.outputs]) + "]" for i in range(0, len(texts), layer.outputs)]
    weights = ",\n        ".join(rows)
    return (
        f'    {{\n      "inputs": {layer.inputs}, "outputs": {layer.outputs},\n'
        f'      "activation": {json.dumps(layer.activation.name, ensure_ascii=False)},\n'
        f'      "W": [\n        {weights}\n      ],\n'
        f'      "b": [{", ".join(shortest_decimals(layer.b))}]\n    }}'
    )


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
        if not isinstance(layer, dict) or set(layer) != _LAYER_KEYS or not isinstance(layer["activation"], str):
            raise ModelError("network.json_layer", layer=i)
        n, m = layer["inputs"], layer["outputs"]
        rows, b = layer["W"], layer["b"]
        fits = _list_of(rows, n) and _list_of(b, m) and all(_list_of(row, m) for row in rows)
        if not fits or n == 0 or m == 0 or not all(_number(v) for row in (*rows, b) for v in row):
            raise ModelError("network.json_numbers", layer=i, inputs=str(n)[:20], outputs=str(m)[:20])
        arrays.append((_floats(rows, dtype).reshape(n, m), _floats(b, dtype)))
        names.append(layer["activation"])
    return Network.from_arrays(arrays, names, dtype)


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
