"""How far apart two networks are on a box, and whether they are equal there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..arrays import Array
from ..errors import ShapeError
from ..network import Network
from ..words import say
from .bounds import interval_bounds, linear_bounds, matching_bound
from .forward import float64_output
from .mesh.subdivision import subdivide
from .ranges import vertex_values
from .regions import Regions
from .slices import as_slice, input_box

SAMPLES = 100_000  # random points tried where the pieces are not enumerated
MATCHED = 1e-12  # relative to the outputs: networks no farther apart are copies of each other


@dataclass(frozen=True, eq=False)
class Difference:
    """The largest difference of two networks over a box and all outputs, as :func:`unbend.max_difference` returns it.

    Attributes
    ----------
    value : float
        The largest |f - g| found.
    at : ndarray of shape (inputs,)
        The point where it is attained.
    output : int
        The output in which it is attained.
    f, g : ndarray of shape (outputs,)
        Both networks' outputs at that point.
    bound : float
        A sound upper bound of |f - g|; equal to ``value`` where ``exact``.
    exact : bool
        Whether no point differs more than ``value``, to float rounding.
    """

    value: float
    at: Array
    output: int
    f: Array
    g: Array
    bound: float
    exact: bool


@dataclass(frozen=True, eq=False)
class Equality:
    """Whether two networks are equal on a box, as :func:`unbend.equal` returns it; true in a condition where proved.

    Attributes
    ----------
    verdict : {"proved", "refuted", "undecided"}
        *proved*: nowhere do they differ by more than ``tolerance``; *refuted*: they do, at ``at``.
    bound : float
        The proved upper bound of the difference.
    largest : float
        The largest difference found.
    tolerance : float
        The difference that counts as equal.
    at : ndarray of shape (inputs,)
        The point of the largest difference found.
    f, g : ndarray of shape (outputs,)
        Both networks' outputs there.
    """

    verdict: Literal["proved", "refuted", "undecided"]
    bound: float
    largest: float
    tolerance: float
    at: Array
    f: Array
    g: Array

    def __bool__(self) -> bool:
        return self.verdict == "proved"

    def __str__(self) -> str:
        return say(f"geometry.equal_{self.verdict}", bound=f"{self.bound:.3g}", largest=f"{self.largest:.6g}",
                   at=np.round(self.at, 6).tolist(), tolerance=f"{self.tolerance:.3g}")  # fmt: skip


def max_difference(
    f: Network, g: Network, box: Any = None, plane: Sequence[Any] | None = None, seed: int = 0
) -> Difference:
    """Find where two networks differ most on a box or slice.

    First g's neurons are matched with f's, whatever their order and scale; where they are the same, what rounding
    left in the weights bounds the difference. Otherwise, with one or two coordinates, both are subdivided jointly:
    f - g is affine on every common piece, so |f - g| is largest at a vertex of one. With more coordinates, the
    largest difference at random points is given beside a sound bound.

    Parameters
    ----------
    f, g : Network
        Networks with the same numbers of inputs and outputs, whose activations are piecewise affine.
    box : array-like of shape (dimensions, 2), default [-1, 1] per coordinate
        One interval per coordinate.
    plane : tuple, optional
        The slice, as in :func:`unbend.regions`.
    seed : int, default 0
        Seed of the random points.

    Returns
    -------
    Difference
        The largest difference, where it is attained, and a sound bound.

    Raises
    ------
    ShapeError
        If the networks' sizes differ, or the box or plane does not fit.
    ModelError
        If an activation is curved.

    Examples
    --------
    >>> import unbend as ub
    >>> layers = [([[1.0]], [0.0]), ([[1.0]], [0.0])]
    >>> relu = ub.Network.from_arrays(layers, activations=["relu", "identity"])
    >>> absolute = ub.Network.from_arrays(layers, activations=["abs", "identity"])
    >>> found = ub.max_difference(relu, absolute, box=[-1, 1])
    >>> found.value, found.at, found.exact
    (1.0, array([-1.]), True)
    """
    _require_same_sizes(f, g)
    if plane is None:
        inputs = input_box(f.inputs, box)
        matched = matching_bound(f, g, inputs)
        if f.inputs > 2 or matched <= MATCHED * _output_size(f, g, inputs):
            return _by_samples(f, g, inputs, matched, seed)
    joint = Regions(f, subdivide([f, g], as_slice(f.inputs, box, plane)))
    f_maps, g_maps = joint.maps_of(0), joint.maps_of(1)
    values, vertex = vertex_values(joint, f_maps.A - g_maps.A, f_maps.c - g_maps.c)
    corner, output = np.unravel_index(int(np.abs(values).argmax()), values.shape)
    uv = np.clip(joint.vertices[vertex[corner]], joint.slice.box[:, 0], joint.slice.box[:, 1])
    at = joint.slice.points(uv)[0]
    value = float(np.abs(values[corner, output]))
    return Difference(
        value=value,
        at=at,
        output=int(output),
        f=float64_output(f, at[None])[0],
        g=float64_output(g, at[None])[0],
        bound=value,
        exact=True,
    )


def equal(
    f: Network,
    g: Network,
    box: Any = None,
    plane: Sequence[Any] | None = None,
    tolerance: float | None = None,
    seed: int = 0,
) -> Equality:
    """Decide whether two networks are equal on a box: *proved*, or *refuted* by a point where they differ.

    Parameters
    ----------
    f, g, box, plane, seed
        As in :func:`unbend.max_difference`, which finds the difference.
    tolerance : float, optional
        The difference that rounding may cause; by default 1e-9 of the outputs' size (1e-5 where a network is
        float32).

    Returns
    -------
    Equality
        The verdict with its evidence.

    Raises
    ------
    ShapeError
        If the networks' sizes differ, or the box or plane does not fit.
    ModelError
        If an activation is curved.

    Examples
    --------
    >>> import unbend as ub
    >>> net = ub.Network([ub.Dense(2, 8, "relu"), ub.Dense(8, 1)], seed=0)
    >>> ub.equal(net, ub.shrink(net).network).verdict
    'proved'
    """
    _require_same_sizes(f, g)
    difference = max_difference(f, g, box, plane, seed)
    if tolerance is None:
        size = max(float(np.abs(difference.f).max()), float(np.abs(difference.g).max()))
        if plane is None:
            size = max(size, _output_size(f, g, input_box(f.inputs, box)))
        tolerance = (1e-5 if np.float32 in (f.dtype, g.dtype) else 1e-9) * max(size, 1e-300)
    verdict: Literal["proved", "refuted", "undecided"] = (
        "refuted" if difference.value > tolerance else "proved" if difference.bound <= tolerance else "undecided"
    )
    return Equality(
        verdict=verdict,
        bound=difference.bound,
        largest=difference.value,
        tolerance=tolerance,
        at=difference.at,
        f=difference.f,
        g=difference.g,
    )


def _require_same_sizes(f: Network, g: Network) -> None:
    if (f.inputs, f.outputs) != (g.inputs, g.outputs):
        raise ShapeError("geometry.same_sizes", f=f"{f.inputs} → {f.outputs}", g=f"{g.inputs} → {g.outputs}")


def _output_size(f: Network, g: Network, box: Array) -> float:
    """An upper bound of both networks' outputs in magnitude."""
    return float(max(interval_bounds(net, box).output.size.max() for net in (f, g)))


def _by_samples(f: Network, g: Network, box: Array, matched: float, seed: int) -> Difference:
    """The largest difference at random points, beside the smaller of the bound by matching and that by relaxation."""
    x = np.random.default_rng(seed).uniform(box[:, 0], box[:, 1], (SAMPLES, len(box)))
    f_output, g_output = float64_output(f, x), float64_output(g, x)
    difference = np.abs(f_output - g_output)
    row, output = np.unravel_index(int(difference.argmax()), difference.shape)
    f_bounds, g_bounds = linear_bounds(f, box).output, linear_bounds(g, box).output
    relaxed = float(np.maximum(f_bounds.high - g_bounds.low, g_bounds.high - f_bounds.low).max())
    return Difference(
        value=float(difference[row, output]),
        at=x[row],
        output=int(output),
        f=f_output[row],
        g=g_output[row],
        bound=min(matched, relaxed),
        exact=False,
    )
