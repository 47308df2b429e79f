"""`max_difference`, `equal`: how far apart two networks are on a box, and whether they are equal there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..arrays import Array
from ..display import Displayed
from ..errors import ShapeError
from ..network import Network
from ..words import say
from .bounds import interval_bounds, matching_bound
from .bounds.batch_relaxation import JointNetwork
from .branch_and_bound import CLOSED, Stopped, WorkLimit, maximum, positive_seconds
from .forward import float64_output
from .local_search import random_values
from .mesh.subdivision import subdivide
from .ranges import vertex_values
from .regions import Regions
from .slices import as_slice, input_box

MATCHED = 1e-12  # relative to the outputs: networks no farther apart are copies of each other


@dataclass(frozen=True, eq=False)
class Difference(Displayed):
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
        Whether no point differs more than ``value``: to float rounding with one or two coordinates, to nine digits
        with more.
    stopped : {"closed", "work", "time"}
        Why the search ended: the bounds met, or its work or its processor time was used up. Results that ended by
        "time" depend on the machine.
    """

    value: float
    at: Array
    output: int
    f: Array
    g: Array
    bound: float
    exact: bool
    stopped: Stopped = "closed"

    @property
    def gap(self) -> float:
        """How much larger than ``value`` the largest difference may be."""
        return self.bound - self.value

    def __str__(self) -> str:
        value, at = f"{self.value:.6g}", np.round(self.at, 6).tolist()
        if self.exact:
            return say("geometry.difference_exact", value=value, at=at)
        between = say(
            "geometry.difference_between", value=value, at=at, bound=f"{self.bound:.6g}", gap=f"{self.gap:.3g}"
        )
        return f"{between} {say(f'geometry.stopped_{self.stopped}')}"

    def __repr__(self) -> str:
        place = np.round(self.at, 6).tolist()
        limit = "exact" if self.exact else f"at most {self.bound:.6g}"
        return f"Difference({self.value:.6g} in output {self.output} at {place}; {limit})"


@dataclass(frozen=True, eq=False)
class Equality(Displayed):
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

    def __repr__(self) -> str:
        return f"Equality({self.verdict}; largest difference {self.largest:.3g}, bound {self.bound:.3g})"

    def __bool__(self) -> bool:
        return self.verdict == "proved"

    def __str__(self) -> str:
        return say(f"geometry.equal_{self.verdict}", bound=f"{self.bound:.3g}", largest=f"{self.largest:.6g}",
                   at=np.round(self.at, 6).tolist(), tolerance=f"{self.tolerance:.3g}")  # fmt: skip


def max_difference(
    f: Network,
    g: Network,
    box: Any = None,
    plane: Sequence[Any] | None = None,
    seed: int = 0,
    seconds: float = 2.0,
) -> Difference:
    """Find where two networks differ most on a box or slice.

    First g's neurons are matched with f's, whatever their order and scale; where they are the same, what rounding
    left in the weights bounds the difference. Otherwise, with one or two coordinates, both are subdivided jointly:
    f - g is affine on every common piece, so |f - g| is largest at a vertex of one. With more coordinates, branch
    and bound narrows it: bounds of f - g by linear relaxation on parts of the box, and values by local ascent from the
    best of 100,000 random points. What remains between the two is ``gap``.

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
    seconds : float, default 2
        With more than two coordinates, about how long the search may take. It stands for an amount of work, so that
        the result is the same on every machine that is fast enough; processor time is a limit only if it runs out
        first (``stopped``).

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
    return _largest_difference(f, g, box, plane, seed, positive_seconds(seconds))


def _largest_difference(
    f: Network,
    g: Network,
    box: Any,
    plane: Sequence[Any] | None,
    seed: int,
    seconds: float,
    *,
    tolerance: float | None = None,
) -> Difference:
    """As ``max_difference``; with a tolerance above two inputs only as far as decides whether they differ by more."""
    _require_same_sizes(f, g)
    if plane is None:
        inputs = input_box(f.inputs, box)
        matched = matching_bound(f, g, inputs)
        if f.inputs > 2 or matched <= MATCHED * _output_size(f, g, inputs):
            limit = WorkLimit(seconds)
            return _by_branch_and_bound(f, g, inputs, seed, limit, matched=matched, tolerance=tolerance)
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
    seconds: float = 2.0,
) -> Equality:
    """Decide whether two networks are equal on a box: *proved*, or *refuted* by a point where they differ.

    Parameters
    ----------
    f, g, box, plane, seed, seconds
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
    share = 1e-5 if np.float32 in (f.dtype, g.dtype) else 1e-9
    if tolerance is None and plane is None:
        tolerance = share * max(_output_size(f, g, input_box(f.inputs, box)), 1e-300)
    difference = _largest_difference(f, g, box, plane, seed, positive_seconds(seconds), tolerance=tolerance)
    if tolerance is None:
        size = max(float(np.abs(difference.f).max()), float(np.abs(difference.g).max()))
        tolerance = share * max(size, 1e-300)
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


def _by_branch_and_bound(
    f: Network, g: Network, box: Array, seed: int, limit: WorkLimit, *, matched: float, tolerance: float | None
) -> Difference:
    """The largest difference above two inputs; ``matched`` is the bound by matching. With a tolerance the search ends
    as soon as the difference is above it, or proved not to be.
    """
    one = np.eye(f.outputs)
    joint = JointNetwork.of([f, g], np.block([[one, -one], [-one, one]]))
    result = maximum(
        joint,
        box,
        limit,
        points=random_values(joint, box, seed),
        bound=matched,
        rounding=MATCHED * _output_size(f, g, box),
        enough=(-np.inf, np.inf) if tolerance is None else (tolerance, tolerance),
    )
    f_output, g_output = float64_output(f, result.at[None])[0], float64_output(g, result.at[None])[0]
    output = result.row % f.outputs
    value = float(np.abs(f_output - g_output)[output])
    bound = max(result.bound, value)
    return Difference(
        value=value,
        at=result.at,
        output=output,
        f=f_output,
        g=g_output,
        bound=bound,
        exact=bound - value <= CLOSED * value + MATCHED * _output_size(f, g, box),
        stopped=result.stopped,
    )
