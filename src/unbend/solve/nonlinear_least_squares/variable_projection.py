"""Variable projection: a model split into linear and nonlinear parameters, evaluated for many starting points at once.

y = sum of c_j phi_j(x; alpha) + offset(x; alpha): for given alpha the c_j solve a linear least squares problem, so only
alpha is searched (Golub & Pereyra, SIAM J. Numer. Anal. 10, 1973).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ...formula.equation import Equation
from ...formula.evaluate.derivative import derivative
from ...formula.evaluate.floats import Floats
from ...formula.evaluate.tape import Tape
from ...formula.language.build import ZERO
from ...formula.language.tree import Node
from ...formula.proof.affine_parts import affine_parts

_MAX_EXHAUSTIVE = 14  # parameters up to which the largest linear subset is found by trying all


def largest_linear_subset(tree: Node, candidates: Sequence[str]) -> tuple[str, ...]:
    """The largest subset of names in which the tree is jointly affine; the first such subset in the order given."""
    linear = [n for n in candidates if affine_parts(tree, [n]).is_affine]
    conflicts = {(a, b) for a, b in combinations(linear, 2) if not affine_parts(tree, [a, b]).is_affine}
    if len(linear) > _MAX_EXHAUSTIVE:
        chosen: list[str] = []
        for name in linear:
            if not any((other, name) in conflicts for other in chosen):
                chosen.append(name)
        return tuple(chosen)
    for size in range(len(linear), 0, -1):
        for group in combinations(linear, size):
            if not any(pair in conflicts for pair in combinations(group, 2)):
                return group
    return ()


class Projection(NamedTuple):
    """The linear least squares solutions for many alpha, each (starts, …).

    ``rss`` (starts,), infinite where undefined; ``c`` (starts, linear); ``residuals`` (starts, rows); the weighted
    ``columns`` scaled to length 1 (starts, rows, linear) and their ``inverse_gram`` (starts, linear, linear).
    """

    rss: Array
    c: Array
    residuals: Array
    columns: Array
    inverse_gram: Array


class SeparableModel:
    """The model on given data. Arrays of alpha are (starts, nonlinear), of c (starts, linear)."""

    def __init__(
        self,
        formula: Equation,
        values: Mapping[str, Array],
        y: Array,
        weights: Array | None,
        searched: Sequence[str] = (),
    ) -> None:
        """``searched``: parameters that count as nonlinear in any case, because they have bounds."""
        self.formula = formula
        self.values = dict(values)
        self.sqrt_weights = np.ones(len(y)) if weights is None else np.sqrt(weights)
        self.y = y
        self.linear = largest_linear_subset(formula.tree, [p for p in formula.parameters if p not in searched])
        self.nonlinear = tuple(p for p in formula.parameters if p not in self.linear)
        parts = affine_parts(formula.tree, self.linear)
        terms = [*(parts.coefficients.get(name, ZERO) for name in self.linear), parts.constant]
        slopes = [
            (i, j, slope)
            for i, term in enumerate(terms)
            for j, name in enumerate(self.nonlinear)
            if (slope := derivative(term, name)) != ZERO
        ]
        self._slope_indices = [(i, j) for i, j, _ in slopes]  # (term, nonlinear parameter) of the slopes that are not 0
        self._terms: Tape[Any] = Tape(terms)
        self._terms_and_slopes: Tape[Any] = Tape([*terms, *(slope for _, _, slope in slopes)])

    def rss(self, alpha: Array) -> tuple[Array, Array]:
        """The residual sums of squares (starts,) with the best c (starts, linear); infinite where undefined."""
        projection = self._project(self._evaluate(self._terms, alpha))
        return projection.rss, projection.c

    def projected_residuals(self, alpha: Array) -> tuple[Array, Array, Array]:
        """rss (starts,), residuals (starts, rows) and their Jacobian (starts, rows, nonlinear) in Kaufman's form.

        The Jacobian of the projected residuals is -(I - P) d(model)/d(alpha), P the projector on the columns
        (Kaufman, BIT 15, 1975; O'Leary & Rust, Comput. Optim. Appl. 54, 2013, section 2).
        """
        values = self._evaluate(self._terms_and_slopes, alpha)
        k = len(self.linear)
        rss, c, residuals, columns, inverse_gram = self._project(values[: k + 1])
        slopes = np.zeros((len(alpha), len(self.y), len(self.nonlinear)))
        for value, (i, j) in zip(values[k + 1 :], self._slope_indices, strict=True):
            slopes[:, :, j] += value * (c[:, i, None] if i < k else 1.0)
        slopes = np.where(np.isfinite(slopes), slopes, 0.0)
        in_span = columns @ (inverse_gram @ (np.swapaxes(columns, 1, 2) @ slopes)) if k else 0.0
        return rss, residuals, in_span - slopes

    def all_parameters(self, alpha: Array, c: Array) -> Array:
        """Nonlinear and linear parameters in the formula's order, (starts, parameters)."""
        names = self.formula.parameters
        order = [(*self.nonlinear, *self.linear).index(name) for name in names]
        return np.concatenate([alpha, c], axis=1)[:, order]

    def _evaluate(self, tape: Tape[Any], alpha: Array) -> Array:
        """The tape's results times the square roots of the weights, (results, starts, rows)."""
        parameters = {name: alpha[:, j, None] for j, name in enumerate(self.nonlinear)}
        results = tape.run({**self.values, **parameters}, Floats())
        shape = (len(alpha), len(self.y))
        return np.stack([np.broadcast_to(v, shape) * self.sqrt_weights for v in results])

    def _project(self, terms: Array) -> Projection:
        """The linear least squares solutions, by normal equations with one step of iterative refinement."""
        k = len(self.linear)
        target = self.y * self.sqrt_weights - terms[k]
        columns = np.moveaxis(terms[:k], 0, -1)
        undefined = ~(np.isfinite(target).all(axis=1) & np.isfinite(columns).all(axis=(1, 2)))
        target = np.where(undefined[:, None], 0.0, target)
        columns = np.where(undefined[:, None, None], 0.0, columns)
        norms = np.sqrt(np.einsum("snk,snk->sk", columns, columns))
        norms = np.where((norms > 1e-150) & (norms < 1e150), norms, np.inf)
        columns = columns / norms[:, None, :]
        transposed = np.swapaxes(columns, 1, 2)
        gram = transposed @ columns + 1e-13 * np.eye(k)
        inverse_gram = np.linalg.inv(gram) if k else gram
        c = (inverse_gram @ (transposed @ target[:, :, None]))[:, :, 0]
        residuals = target - (columns @ c[:, :, None])[:, :, 0]
        correction = (inverse_gram @ (transposed @ residuals[:, :, None]))[:, :, 0]
        residuals = residuals - (columns @ correction[:, :, None])[:, :, 0]
        c = (c + correction) / norms
        rss = np.einsum("sn,sn->s", residuals, residuals)
        rss = np.where(undefined | ~np.isfinite(rss), np.inf, rss)
        return Projection(rss=rss, c=c, residuals=residuals, columns=columns, inverse_gram=inverse_gram)
