"""A small network on the sum of learned n-gram vectors: training and output, compiled by ``kernels/sources.py``.

A row's n-grams each have a vector of ``d`` numbers; their sum, weighted as the row's entries are, and ``p`` further
numbers are the inputs of ``m`` ReLU neurons, whose outputs are combined to ``k`` numbers that are added to a linear
model's. ``sizes`` is (d, p, m, k, task), the task 0 for squares, 1 for two classes, 2 for more. ``weights`` holds the
neurons' weights (d + p, m), their thresholds (m,), and the weights (m, k) and constants (k,) of the outputs.
"""

from typing import Any

import numpy as np

from ...arrays import Array
from ...kernels.declare import (
    Float32s,
    Float64s,
    Int64s,
    ReadFloat32s,
    ReadFloat64s,
    ReadInt32s,
    ReadInt64s,
    entry_point,
    inlined,
)

SQUARES, TWO = 0, 1


@inlined
def hidden(inputs: Array, sizes: Array, weights: Array, out: Array) -> None:
    """The neurons' outputs of one row's inputs."""
    m = sizes[2]
    total = sizes[0] + sizes[1]
    for j in range(m):
        out[j] = weights[total * m + j]
    for i in range(total):
        x = inputs[i]
        for j in range(m):
            out[j] += x * weights[i * m + j]
    for j in range(m):
        out[j] = max(out[j], 0.0)


@inlined
def combine(neurons: Array, sizes: Array, weights: Array, out: Array) -> None:
    """The outputs of one row, from the neurons'."""
    m, k = sizes[2], sizes[3]
    at = (sizes[0] + sizes[1] + 1) * m
    for c in range(k):
        out[c] = weights[at + m * k + c]
    for j in range(m):
        if neurons[j] != 0.0:
            for c in range(k):
                out[c] += neurons[j] * weights[at + j * k + c]


@inlined
def slopes(outputs: Array, target: Any, task: Any, k: Any, out: Array) -> Any:
    """The loss of one row's outputs, and into ``out`` (k,) its slopes."""
    if task == SQUARES:
        out[0] = outputs[0] - target
        return 0.5 * out[0] * out[0]
    if task == TWO:
        z = outputs[0]
        chance = 1.0 / (1.0 + np.exp(-min(max(z, -60.0), 60.0)))
        out[0] = chance - target
        return max(z, 0.0) - z * target + np.log1p(np.exp(-abs(z)))
    largest = outputs[0]
    for c in range(1, k):
        largest = max(largest, outputs[c])
    total = 0.0
    for c in range(k):
        out[c] = np.exp(outputs[c] - largest)
        total += out[c]
    for c in range(k):
        out[c] /= total
    own = int(target)
    loss = np.log(total) + largest - outputs[own]
    out[own] -= 1.0
    return loss


@entry_point
def train_epoch(
    row_starts: ReadInt64s,
    columns: ReadInt32s,
    values: ReadFloat32s,
    dense: ReadFloat32s,
    base: ReadFloat64s,
    targets: ReadFloat64s,
    order: ReadInt64s,
    sizes: ReadInt64s,
    dropout: float,
    rate: float,
    random: Int64s,
    vectors: Float32s,
    vector_sums: Float32s,
    weights: Float64s,
    sums: Float64s,
) -> float:
    """One pass over the rows in this order, row by row (Adagrad, Duchi et al. 2011); returns the mean loss.

    Each n-gram is left out with the probability ``dropout``. ``base`` (rows * k,) are the linear model's outputs;
    ``vector_sums`` and ``sums`` are the sums of squared slopes; ``random`` (1,) is the state of the random numbers.
    """
    d, p, m, k, task = sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]
    longest = 0
    for row in range(len(row_starts) - 1):
        longest = max(longest, row_starts[row + 1] - row_starts[row])
    selected = np.empty(longest, np.int64)
    inputs, slope_in = np.empty(d + p), np.empty(d + p)
    neurons, slope_n = np.empty(m), np.empty(m)
    outputs, slope_o = np.empty(k), np.empty(k)
    last = (d + p + 1) * m
    state, loss = random[0], 0.0
    for n in range(len(order)):
        row = order[n]
        inputs[:] = 0.0
        count = 0
        for e in range(row_starts[row], row_starts[row + 1]):
            state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
            if state < dropout * 4294967296.0:
                continue
            selected[count] = e
            count += 1
            v = values[e] / (1.0 - dropout)
            at = columns[e] * d
            for i in range(d):
                inputs[i] += v * vectors[at + i]
        for i in range(p):
            inputs[d + i] = dense[row * p + i]
        hidden(inputs, sizes, weights, neurons)
        combine(neurons, sizes, weights, outputs)
        for c in range(k):
            outputs[c] += base[row * k + c]
        loss += slopes(outputs, targets[row], task, k, slope_o)
        slope_in[:] = 0.0
        for j in range(m):
            slope_n[j] = 0.0
            if neurons[j] > 0.0:
                for c in range(k):
                    slope_n[j] += slope_o[c] * weights[last + j * k + c]
                    at = last + j * k + c
                    g = slope_o[c] * neurons[j]
                    sums[at] += g * g
                    weights[at] -= rate * g / np.sqrt(sums[at])
        for c in range(k):
            at = last + m * k + c
            sums[at] += slope_o[c] * slope_o[c]
            weights[at] -= rate * slope_o[c] / np.sqrt(sums[at])
        for j in range(m):
            if slope_n[j] != 0.0:
                for i in range(d + p):
                    at = i * m + j
                    slope_in[i] += slope_n[j] * weights[at]
                    g = slope_n[j] * inputs[i]
                    sums[at] += g * g
                    weights[at] -= rate * g / np.sqrt(sums[at])
                at = (d + p) * m + j
                sums[at] += slope_n[j] * slope_n[j]
                weights[at] -= rate * slope_n[j] / np.sqrt(sums[at])
        for q in range(count):
            e = selected[q]
            v = values[e] / (1.0 - dropout)
            at = columns[e] * d
            for i in range(d):
                g = np.float32(v * slope_in[i])
                vector_sums[at + i] += g * g
                vectors[at + i] -= np.float32(rate) * g / np.sqrt(vector_sums[at + i])
    random[0] = state
    return loss / max(1, len(order))


@entry_point
def outputs_of(
    row_starts: ReadInt64s,
    columns: ReadInt32s,
    values: ReadFloat32s,
    dense: ReadFloat32s,
    rows: ReadInt64s,
    sizes: ReadInt64s,
    vectors: ReadFloat32s,
    weights: ReadFloat64s,
    out: Float64s,
) -> None:
    """What the network adds to the linear model's outputs of some rows, written to ``out`` (rows * k,)."""
    d, p, m, k = sizes[0], sizes[1], sizes[2], sizes[3]
    inputs, neurons, own = np.empty(d + p), np.empty(m), np.empty(k)
    for n in range(len(rows)):
        row = rows[n]
        inputs[:] = 0.0
        for e in range(row_starts[row], row_starts[row + 1]):
            at = columns[e] * d
            for i in range(d):
                inputs[i] += values[e] * vectors[at + i]
        for i in range(p):
            inputs[d + i] = dense[row * p + i]
        hidden(inputs, sizes, weights, neurons)
        combine(neurons, sizes, weights, own)
        for c in range(k):
            out[n * k + c] = own[c]
