"""A model split into parameters that enter linearly and parameters that bend, ready to be evaluated for many starts.

y = sum of c_j phi_j(x; alpha) + rest(x; alpha): for given alpha the c_j are a linear least squares problem, so only
alpha is searched (variable projection: Golub & Pereyra, SIAM J. Numer. Anal. 10, 1973).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from ...arrays import Array
from ...formula.equation import Equation
from ...formula.evaluate.derivative import derivative
from ...formula.evaluate.floats import Floats
from ...formula.evaluate.tape import Tape
from ...formula.language.build import ZERO
from ...formula.language.tree import Node
from ...formula.proof.affine_parts import AffineParts, affine_parts

_MANY = 14  # parameters up to which the largest linear set is found by trying all


def linear_set(tree: Node, candidates: Sequence[str]) -> tuple[str, ...]:
    """The largest set of names in which the tree is straight jointly; the first such set in the order given."""
    alone = [n for n in candidates if affine_parts(tree, [n]).is_affine]
    apart = {(a, b) for a, b in combinations(alone, 2) if not affine_parts(tree, [a, b]).is_affine}
    if len(alone) > _MANY:
        chosen: list[str] = []
        for name in alone:
            if not any((other, name) in apart for other in chosen):
                chosen.append(name)
        return tuple(chosen)
    for size in range(len(alone), 0, -1):
        for group in combinations(alone, size):
            if not any(pair in apart for pair in combinations(group, 2)):
                return group
    return ()


class Separable:
    """The model on given data. Arrays of alpha are (starts, bending); of c (starts, linear); rows come last."""

    def __init__(
        self, formula: Equation, values: Mapping[str, Array], y: Array, weights: Array | None, held: Sequence[str] = ()
    ) -> None:
        """``held``: parameters with bounds, which stay among those that are searched."""
        self.formula = formula
        self.values = dict(values)
        self.root = np.ones(len(y)) if weights is None else np.sqrt(weights)
        self.y = y
        self.linear = linear_set(formula.tree, [p for p in formula.parameters if p not in held])
        self.bending = tuple(p for p in formula.parameters if p not in self.linear)
        parts = affine_parts(formula.tree, self.linear)
        self.parts: AffineParts = parts
        columns = [parts.coefficients.get(name, ZERO) for name in self.linear]
        roots = [*columns, parts.constant]
        self._slopes: list[tuple[int, int]] = []  # (which of the roots, which of alpha): slopes that are not 0
        for i, root in enumerate([*columns, parts.constant]):
            for j, name in enumerate(self.bending):
                slope = derivative(root, name)
                if slope != ZERO:
                    self._slopes.append((i, j))
                    roots.append(slope)
        self._values: Tape[Any] = Tape([*columns, parts.constant])
        self._all: Tape[Any] = Tape(roots)

    def _run(self, tape: Tape[Any], alpha: Array) -> Array:
        places = {name: alpha[:, j, None] for j, name in enumerate(self.bending)}
        found = tape.run({**self.values, **places}, Floats())
        shape = (len(alpha), len(self.y))
        return np.stack([np.broadcast_to(v, shape) * self.root for v in found])

    def rss(self, alpha: Array) -> tuple[Array, Array]:
        """The residual sums of squares (starts,) with the best c (starts, linear); infinite where undefined."""
        return self._project(self._run(self._values, alpha))[:2]

    def _project(self, found: Array) -> tuple[Array, Array, Array, Array, Array]:
        """rss, c, residual (starts, rows), scaled columns (starts, rows, linear), inverse Gram matrices."""
        k = len(self.linear)
        target = self.y * self.root - found[k]
        columns = np.moveaxis(found[:k], 0, -1)
        bad = ~(np.isfinite(target).all(axis=1) & np.isfinite(columns).all(axis=(1, 2)))
        target, columns = np.where(bad[:, None], 0.0, target), np.where(bad[:, None, None], 0.0, columns)
        size = np.sqrt(np.einsum("snk,snk->sk", columns, columns))
        size = np.where((size > 1e-150) & (size < 1e150), size, np.inf)
        columns = columns / size[:, None, :]
        turned = np.swapaxes(columns, 1, 2)
        gram = turned @ columns + 1e-13 * np.eye(k)
        inverse = np.linalg.inv(gram) if k else gram
        c = (inverse @ (turned @ target[:, :, None]))[:, :, 0]
        residual = target - (columns @ c[:, :, None])[:, :, 0]
        correction = (inverse @ (turned @ residual[:, :, None]))[:, :, 0]  # one refinement mends the Gram matrix
        residual = residual - (columns @ correction[:, :, None])[:, :, 0]
        c = (c + correction) / size
        rss = np.einsum("sn,sn->s", residual, residual)
        return np.where(bad | ~np.isfinite(rss), np.inf, rss), c, residual, columns, inverse

    def project(self, alpha: Array) -> tuple[Array, Array, Array, Array]:
        """rss, c, residual (starts, rows) and its slope along alpha (starts, rows, bending) in Kaufman's form.

        The slope of the projected residual is -(I - P) d(model)/d(alpha), P the projector on the columns
        (Kaufman, BIT 15, 1975; O'Leary & Rust, Comput. Optim. Appl. 54, 2013, section 2).
        """
        found = self._run(self._all, alpha)
        k = len(self.linear)
        rss, c, residual, columns, inverse = self._project(found[: k + 1])
        slopes = np.zeros((len(alpha), len(self.y), len(self.bending)))
        for place, (i, j) in enumerate(self._slopes):
            slopes[:, :, j] += found[k + 1 + place] * (c[:, i, None] if i < k else 1.0)
        slopes = np.where(np.isfinite(slopes), slopes, 0.0)
        inside = columns @ (inverse @ (np.swapaxes(columns, 1, 2) @ slopes)) if k else 0.0
        return rss, c, residual, inside - slopes

    def whole(self, alpha: Array, c: Array) -> Array:
        """All parameters in the formula's order, (starts, parameters)."""
        names = self.formula.parameters
        order = [(*self.bending, *self.linear).index(name) for name in names]
        return np.concatenate([alpha, c], axis=1)[:, order]
