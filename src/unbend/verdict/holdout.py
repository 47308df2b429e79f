"""Validation rows held out by the members of an ensemble, and the loss of the ensemble's mean on them.

Members in *pairs* hold out the same rows, so that each of these rows has the outputs of two members that were not
trained on it. From them follows the loss of the mean of all members: averaging removes the members' disagreement (Krogh
& Vedelsby 1995, eq. 6), half of it with two members, (M - 1)/M of it with M. Early stopping by a member's own loss
would stop sooner than is good for the mean.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..arrays import Array

Losses = Callable[[Array], Array]  # outputs (..., rows, k) -> losses (..., rows)


def hold_out(
    n: int,
    members: int,
    fraction: float,
    rng: np.random.Generator,
    classes: Array | None = None,
    groups: Array | None = None,
) -> tuple[Array, Array]:
    """Training rows (members, …) and validation rows (members, …): each pair holds out another part of one order.

    Members k and k + members // 2 are a pair; the last of an odd number holds out the first pair's rows. The order is
    random and stratified by ``classes`` (n,), so that every part has about the same class frequencies. Rows with the
    same number in ``groups`` (n,) are held out together, where there are at least three groups.
    """
    count = max(1, round(fraction * n))
    if groups is not None and len(np.unique(groups)) > 2:
        return _hold_out_groups(groups, members, count, rng)
    order = rng.permutation(n)
    if classes is not None:
        order = order[np.argsort(_quantile_within_class(classes[order]), kind="stable")]
    pairs = max(1, members // 2)
    starts = [k % pairs * n // pairs for k in range(members)]
    validation = np.stack([order[(np.arange(count) + start) % n] for start in starts])
    training = np.stack([order[(np.arange(count, n) + start) % n] for start in starts])
    return training, validation


def _hold_out_groups(groups: Array, members: int, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Full groups along one random order, for each pair from another position in it; all others are trained on.

    Groups are of unequal size, but every member has the same number of rows: surplus rows are not used, and missing
    ones are drawn a second time.
    """
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order, pairs = rng.permutation(len(sizes)), max(1, members // 2)
    splits = []
    for pair in range(pairs):
        rotated = np.roll(order, -(pair * len(sizes) // pairs))
        chosen = min(int(np.searchsorted(np.cumsum(sizes[rotated]), count)) + 1, len(sizes) - 1)
        held_out = np.isin(group, rotated[:chosen])
        parts = ((~held_out, len(groups) - count), (held_out, count))
        splits.append([_resized(np.flatnonzero(mask), size, rng) for mask, size in parts])
    training, validation = (np.stack([splits[k % pairs][part] for k in range(members)]) for part in (0, 1))
    return training, validation


def _resized(rows: Array, size: int, rng: np.random.Generator) -> Array:
    """``size`` of the rows, at random; each once, and some again where there are too few."""
    shuffled: Array = np.concatenate([rng.permutation(rows) for _ in range(-(-size // len(rows)))])
    return shuffled[:size]


def paired(values: Array) -> Array:
    """(members, rows, …) on the rows that `hold_out` gave -> (2, pairs * rows, …), or (1, rows, …) of one member."""
    pairs = len(values) // 2
    if pairs == 0:
        return values
    return values[: 2 * pairs].reshape(2, pairs * values.shape[1], *values.shape[2:])


def ensemble_losses(outputs: Array, losses: Losses, members: int) -> Array:
    """(rows,) expected losses of the mean of ``members`` outputs, from those of two (2, rows, k), or of one.

    Exact in expectation for squared errors, to second order in the disagreement for others.
    """
    single: Array = losses(outputs).mean(axis=0)
    if len(outputs) == 1 or members <= 1:
        return single
    of_mean = losses(outputs.mean(axis=0))
    return single - (single - of_mean) * 2 * (1 - 1 / members)


def _quantile_within_class(classes: Array) -> Array:
    """For each row its position within its class, 0 … 1."""
    quantile = np.empty(len(classes))
    for c in np.unique(classes):
        rows = np.flatnonzero(classes == c)
        quantile[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return quantile
