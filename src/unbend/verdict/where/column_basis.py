"""Basis functions of columns for curves, pairs and the screening: knots and scales never depend on the target."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...arrays import Array
from ...data import Encoder
from ...data.column import Kind

MAX_LABELS = 6  # labels of a category in pairs


@dataclass(frozen=True, eq=False)
class ColumnBasis:
    """One column: ``values`` (n,), missing ones filled as by the encoder, or a category's labels (n, labels), 0/1.

    A category has no curve of its own: the linear model has a coefficient for every label already.
    """

    name: str
    kind: Kind
    values: Array

    @cached_property
    def distinct(self) -> Array:
        """The distinct values, sorted; none of a category."""
        return np.unique(self.values) if self.values.ndim == 1 else np.empty(0)

    @cached_property
    def curve(self) -> Array:
        """(n, knots) hinges max(0, x - knot): with x itself every piecewise linear curve."""
        rows = len(self.values)
        return self._hinge_functions(12 if rows >= 1000 else 9 if rows >= 300 else 6 if rows >= 100 else 4)

    @cached_property
    def factor(self) -> Array:
        """(n, k) the factor of a pair's products: x and a few hinges, or labels."""
        if self.values.ndim == 2:
            return standardized(self.values)
        hinge_functions = self._hinge_functions(4)
        return np.column_stack([standardized(self.values[:, None]), hinge_functions])

    def cosines(self, count: int) -> Array:
        """(n, ≤ count) cosines of ranks, orthonormal over evenly spaced ranks; a category's labels."""
        if self.values.ndim == 2:
            return standardized(self.values)
        _, index, counts = np.unique(self.values, return_inverse=True, return_counts=True)
        rank = (np.cumsum(counts) - counts / 2)[index] / len(self.values)
        k = np.arange(1, min(count, max(len(counts) - 1, 1)) + 1)
        cosines: Array = np.sqrt(2.0) * np.cos(np.pi * rank[:, None] * k)
        return cosines

    def _hinge_functions(self, count: int) -> Array:
        distinct = self.distinct
        if len(distinct) <= 2:
            return np.empty((len(self.values), 0))
        if len(distinct) - 2 <= count:
            knots = distinct[1:-1]
        else:
            knots = np.unique(np.quantile(self.values, (np.arange(count) + 0.4) / (count - 0.2)))
            knots = knots[(knots > distinct[0]) & (knots < distinct[-1])]
        return without_linear_part(np.maximum(0.0, self.values[:, None] - knots), self.values[:, None])


def column_bases(encoder: Encoder, x: Array) -> list[ColumnBasis]:
    """The columns of an encoded table x (n, features), in the encoder's order."""
    bases, at = [], 0
    for part in encoder.column_encoders:
        own = x[:, at : at + len(part.names)]
        at += len(part.names)
        if part.kind == "category":
            labels = own[:, : len(part.levels)]
            frequent = np.argsort(-labels.sum(axis=0), kind="stable")[:MAX_LABELS]
            if len(frequent):
                bases.append(ColumnBasis(part.name, part.kind, labels[:, np.sort(frequent)]))
        elif part.plain:
            bases.append(ColumnBasis(part.name, part.kind, own[:, 0]))
    return bases


def interaction(a: ColumnBasis, b: ColumnBasis) -> Array:
    """(n, k) columns of a pair: every product of their factors."""
    return standardized((a.factor[:, :, None] * b.factor[:, None, :]).reshape(len(a.factor), -1))


def without_linear_part(x: Array, inputs: Array) -> Array:
    """The residuals of x (n, k) regressed on the inputs (n, m), standardised: a penalty of the linear part does not
    restrict them."""  # fmt: skip
    own = np.column_stack([np.ones(len(inputs)), standardized(inputs)])
    x = x / np.maximum(np.abs(x).max(axis=0), 1e-300)
    return standardized(x - own @ np.linalg.lstsq(own, x, rcond=None)[0])


def standardized(x: Array) -> Array:
    """x (n, k) with columns of mean 0 and standard deviation 1; columns that do not vary become 0."""
    x = x - x.mean(axis=0)
    size = x.std(axis=0)
    return np.asarray(x / np.where(size > 1e-12 * (1 + np.abs(x).max(axis=0)), size, np.inf))
