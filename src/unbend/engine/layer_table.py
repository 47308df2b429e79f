"""The layer table of a kernel, an int64 array with one row per layer (sizes, offsets, strides): names of its columns.

Both kernels share the first columns; the others belong to the small or to the large kernel, as the comments say.
``small/packing.py`` and ``large/packing.py`` fill the table.
"""

from __future__ import annotations

# both kernels
INPUTS, OUTPUTS = 0, 1  # the layer's sizes
ACTIVATION = 2  # index of its activation in ``KernelSpec.activations``
WEIGHTS = 3  # offset of its packed weights
SOURCE, TARGET = 4, 5  # offset of its inputs and of its outputs in the array of values
SLOPE = 6  # offset of its slopes (later: deltas)
MASK = 7  # offset of its dropout mask, or -1

# the small kernel (offsets are in vectors within a tile)
PADDED_INPUTS = 8  # rows of its packed weights: inputs, the constant 1, zeros
TILE_VALUES, TILE_SLOPES = 9, 10  # vectors of values and of slopes in a tile, the same in every row

# the large kernel (offsets are in floats)
VECTORS = 11  # SIMD vectors that a row of its outputs takes
SOURCE_STRIDE, TARGET_STRIDE = 12, 13  # distance between rows of its inputs and of its outputs (training only)
TRANSPOSED = 14  # offset of its transposed weights (training only)
MOST_VECTORS = 15  # the largest VECTORS of any layer, the same in every row

COLUMNS = 16


def round_up(n: int, multiple: int) -> int:
    """The smallest multiple that is at least ``n``."""
    return -(-n // multiple) * multiple
