"""`shortest_decimals`: the shortest text of each number that reads back as the same bits."""

from __future__ import annotations

import numpy as np

from ..arrays import Array


def shortest_decimals(array: Array) -> list[str]:
    """The shortest decimal of each number of a float array, row after row, that reads back as the same number.

    For float32 the text may also be read as a double first and rounded then, as JSON readers, JavaScript and Python
    do: the rare number that two roundings would change gets the digits of its double.
    """
    flat = np.ravel(array)
    if flat.dtype != np.float32:
        return [repr(float(value)) for value in flat]
    texts = [str(value) for value in flat]
    again = np.array([float(text) for text in texts]).astype(np.float32)
    for i in np.flatnonzero(again != flat):
        texts[i] = repr(float(flat[i]))
    return texts
