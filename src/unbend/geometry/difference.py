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
from .bounds import interval_bounds, linear_bounds
from .maps import output_maps
from .matching import mapped_onto
from .plane import as_box
from .ranges import corner_values, float64_values
from .regions import Regions, slice_of
from .subdivide import subdivide

POINTS = 100_000
MATCHED = 1e-12  # of the outputs' size: networks no farther apart are copies of each other


@dataclass(frozen=True, eq=False)
class Difference:
    """max |f - g| over a box and all outputs: ``value`` is reached at ``at`` (inputs,), in output ``output``.

    ``f`` and ``g`` (outputs,) are the two answers there. ``exact``: no point differs more, to float rounding;
    otherwise ``value`` is the largest seen and ``bound`` a sound upper bound.
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
    """Are two networks equal on a box? ``verdict``: *proved* (nowhere do they differ by more than ``tolerance``),
    *refuted* (they do at ``at``, where they answer ``f`` and ``g``) or *undecided*.

    ``bound`` is the proved upper bound of the difference, ``largest`` the largest difference seen.
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
    """Where two networks differ most on a box (or slice, as in ``regions``).

    First g's neurons are matched with f's, whatever their order and scale; where they are the same, what rounding
    left in the weights bounds the difference. Otherwise, with one or two coordinates, both are split together: f - g
    is affine on every common piece, so |f - g| is largest at a corner of one. With more, the largest difference at
    random points is given beside a sound bound. Raises ``ShapeError`` where the networks' sizes differ,
    ``ModelError`` for curved activations.
    """
    _same_sizes(f, g)
    if plane is None:
        inputs = as_box([[-1, 1]] * f.inputs if box is None else box, f.inputs)
        matched = mapped_onto(f, g, inputs)
        if f.inputs > 2 or matched <= MATCHED * _size(f, g, inputs):
            return _sampled(f, g, inputs, matched, seed)
    found = Regions(f, subdivide([f, g], slice_of(f, box, plane)))
    (A1, c1), (A2, c2) = output_maps(found._found, 0), output_maps(found._found, 1)
    values, vertex = corner_values(found, (A1 - A2)[found._order], (c1 - c2)[found._order])
    corner, output = np.unravel_index(int(np.abs(values).argmax()), values.shape)
    uv = np.clip(found.vertices[vertex[corner]], found.slice.box[:, 0], found.slice.box[:, 1])
    at = found.slice.points(uv)[0]
    value = float(np.abs(values[corner, output]))
    first, second = (float64_values(net, at[None])[0] for net in (f, g))
    return Difference(value, at, int(output), first, second, value, True)


def equal(
    f: Network,
    g: Network,
    box: Any = None,
    plane: Sequence[Any] | None = None,
    tolerance: float | None = None,
    seed: int = 0,
) -> Equality:
    """Whether two networks are equal on a box: *proved*, or *refuted* by a point where they differ.

    ``tolerance`` is what rounding may do: by default 1e-9 of the outputs' size (1e-5 where a network is float32).
    The difference is found as by ``max_difference``.
    """
    _same_sizes(f, g)
    difference = max_difference(f, g, box, plane, seed)
    bound = difference.bound
    if tolerance is None:
        size = max(float(np.abs(difference.f).max()), float(np.abs(difference.g).max()))
        if plane is None:
            size = max(size, _size(f, g, as_box([[-1, 1]] * f.inputs if box is None else box)))
        tolerance = (1e-5 if np.float32 in (f.dtype, g.dtype) else 1e-9) * max(size, 1e-300)
    verdict: Literal["proved", "refuted", "undecided"] = (
        "refuted" if difference.value > tolerance else "proved" if bound <= tolerance else "undecided"
    )
    return Equality(verdict, bound, difference.value, tolerance, difference.at, difference.f, difference.g)


def _same_sizes(f: Network, g: Network) -> None:
    if (f.inputs, f.outputs) != (g.inputs, g.outputs):
        raise ShapeError("geometry.same_sizes", f=f"{f.inputs} → {f.outputs}", g=f"{g.inputs} → {g.outputs}")


def _size(f: Network, g: Network, box: Array) -> float:
    return float(max(interval_bounds(net, box).output.size.max() for net in (f, g)))


def _sampled(f: Network, g: Network, box: Array, matched: float, seed: int) -> Difference:
    x = np.random.default_rng(seed).uniform(box[:, 0], box[:, 1], (POINTS, len(box)))
    one, two = float64_values(f, x), float64_values(g, x)
    row, output = np.unravel_index(int(np.abs(one - two).argmax()), one.shape)
    first, second = linear_bounds(f, box).output, linear_bounds(g, box).output
    bound = min(matched, float(np.maximum(first.high - second.low, second.high - first.low).max()))
    return Difference(float(np.abs(one - two)[row, output]), x[row], int(output), one[row], two[row], bound, False)
