"""The functions of columns that curves, pairs and the first look are made of: knots and scales, never the target."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...arrays import Array
from ...data import Encoder
from ...data.column import Kind

MOST_LABELS = 6  # labels of a category that pairs are made of


@dataclass(frozen=True, eq=False)
class Shape:
    """One column: ``values`` (n,) with gaps filled as the encoder fills them, or a category's labels (n, labels), 0/1.

    A category has no curve of its own: the straight model gives every label its own answer already.
    """

    name: str
    kind: Kind
    values: Array

    @cached_property
    def distinct(self) -> Array:
        """The different values, sorted; none of a category."""
        return np.unique(self.values) if self.values.ndim == 1 else np.empty(0)

    @cached_property
    def curve(self) -> Array:
        """(n, knots) hinges max(0, x - knot): with x itself every piecewise linear curve."""
        rows = len(self.values)
        return self._hinges(12 if rows >= 1000 else 9 if rows >= 300 else 6 if rows >= 100 else 4)

    @cached_property
    def factor(self) -> Array:
        """(n, k) what a pair multiplies: x and a few hinges, or labels."""
        if self.values.ndim == 2:
            return standard(self.values)
        hinges = self._hinges(4)
        return np.column_stack([standard(self.values[:, None]), hinges])

    def waves(self, count: int) -> Array:
        """(n, ≤ count) cosines of ranks, orthonormal in even ranks; a category's labels."""
        if self.values.ndim == 2:
            return standard(self.values)
        _, index, counts = np.unique(self.values, return_inverse=True, return_counts=True)
        rank = (np.cumsum(counts) - counts / 2)[index] / len(self.values)
        k = np.arange(1, min(count, max(len(counts) - 1, 1)) + 1)
        cosines: Array = np.sqrt(2.0) * np.cos(np.pi * rank[:, None] * k)
        return cosines

    def _hinges(self, count: int) -> Array:
        distinct = self.distinct
        if len(distinct) <= 2:
            return np.empty((len(self.values), 0))
        if len(distinct) - 2 <= count:
            knots = distinct[1:-1]
        else:
            knots = np.unique(np.quantile(self.values, (np.arange(count) + 0.4) / (count - 0.2)))
            knots = knots[(knots > distinct[0]) & (knots < distinct[-1])]
        return beyond(np.maximum(0.0, self.values[:, None] - knots), self.values[:, None])


def shapes(encoder: Encoder, x: Array) -> list[Shape]:
    """The columns of an encoded table x (n, features), in the encoder's order."""
    found, at = [], 0
    for part in encoder.column_encoders:
        own = x[:, at : at + len(part.names)]
        at += len(part.names)
        if part.kind == "category":
            labels = own[:, : len(part.levels)]
            frequent = np.argsort(-labels.sum(axis=0), kind="stable")[:MOST_LABELS]
            if len(frequent):
                found.append(Shape(part.name, part.kind, labels[:, np.sort(frequent)]))
        elif part.plain:
            found.append(Shape(part.name, part.kind, own[:, 0]))
    return found


def product(a: Shape, b: Shape) -> Array:
    """(n, k) what two columns may do together: every product of their factors."""
    return standard((a.factor[:, :, None] * b.factor[:, None, :]).reshape(len(a.factor), -1))


def beyond(x: Array, inputs: Array) -> Array:
    """Of x (n, k) what is not straight in the inputs (n, m), standardised: a straight part's penalty cannot hold it."""
    own = np.column_stack([np.ones(len(inputs)), standard(inputs)])
    x = x / np.maximum(np.abs(x).max(axis=0), 1e-300)
    return standard(x - own @ np.linalg.lstsq(own, x, rcond=None)[0])


def standard(x: Array) -> Array:
    """x (n, k) with columns of mean 0 and standard deviation 1; columns that do not vary become 0."""
    x = x - x.mean(axis=0)
    size = x.std(axis=0)
    return np.asarray(x / np.where(size > 1e-12 * (1 + np.abs(x).max(axis=0)), size, np.inf))
