"""Rows that members hold out, and how well all members together would do on them.

Members in *pairs* hold out the same rows, so that each row has two members' answers that it had no part in. From those
the loss of the whole ensemble's mean answer follows: averaging takes away the members' disagreement (Krogh & Vedelsby
1995, eq. 6), half of it with two members, (M - 1)/M of it with M. Judged by itself a member should stop learning sooner
than is good for the mean.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..arrays import Array

Losses = Callable[[Array], Array]  # outputs (..., rows, k) -> losses (..., rows)


def hold_out(
    n: int, members: int, share: float, rng: np.random.Generator, classes: Array | None, kin: Array | None = None
) -> tuple[Array, Array]:
    """Rows to learn from (members, …) and to judge by (members, …): each pair leaves out another stretch of one order.

    Members k and k + members // 2 are a pair; the last of an odd number holds out the first pair's rows. The order is
    random, and runs through the ``classes`` (n,) so that every stretch holds each alike. Rows with the same number in
    ``kin`` (n,) are held out together, where there are at least three numbers.
    """
    count = max(1, round(share * n))
    if kin is not None and len(np.unique(kin)) > 2:
        return _hold_out_kin(kin, members, count, rng)
    order = rng.permutation(n)
    if classes is not None:
        order = order[np.argsort(_within_class(classes[order]), kind="stable")]
    pairs = max(1, members // 2)
    starts = [k % pairs * n // pairs for k in range(members)]
    judge = np.stack([order[(np.arange(count) + start) % n] for start in starts])
    learn = np.stack([order[(np.arange(count, n) + start) % n] for start in starts])
    return learn, judge


def _hold_out_kin(kin: Array, members: int, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Whole kinds along one random order, for each pair from another place in it; all others are learned from.

    Kinds are of unequal size, members' rows are not: too many held out are left unused, and what is missing is made up
    by rows drawn twice.
    """
    _, kind, counts = np.unique(kin, return_inverse=True, return_counts=True)
    mixed, pairs = rng.permutation(len(counts)), max(1, members // 2)
    halves = []
    for pair in range(pairs):
        line = np.roll(mixed, -(pair * len(counts) // pairs))
        taken = min(int(np.searchsorted(np.cumsum(counts[line]), count)) + 1, len(counts) - 1)
        held = np.isin(kind, line[:taken])
        halves.append([_filled(np.flatnonzero(rows), size, rng) for rows, size in
                       ((~held, len(kin) - count), (held, count))])  # fmt: skip
    learn, judge = (np.stack([halves[k % pairs][side] for k in range(members)]) for side in (0, 1))
    return learn, judge


def _filled(rows: Array, size: int, rng: np.random.Generator) -> Array:
    """So many of the rows, at random; each once, and some twice where there are too few."""
    mixed: Array = np.concatenate([rng.permutation(rows) for _ in range(-(-size // len(rows)))])
    return mixed[:size]


def paired(judged: Array) -> Array:
    """(members, rows, …) of members that judge by `hold_out`'s rows -> (2, pairs * rows, …), or (1, rows, …) of one."""
    pairs = len(judged) // 2
    if pairs == 0:
        return judged
    return judged[: 2 * pairs].reshape(2, pairs * judged.shape[1], *judged.shape[2:])


def ensemble_losses(outputs: Array, losses: Losses, members: int) -> Array:
    """(rows,) losses that the mean of ``members`` outputs would have, from those of two (2, rows, k), or of one.

    Exact in expectation for squared errors, to second order in the disagreement for others.
    """
    alone: Array = losses(outputs).mean(axis=0)
    if len(outputs) == 1 or members <= 1:
        return alone
    together = losses(outputs.mean(axis=0))
    return alone - (alone - together) * 2 * (1 - 1 / members)


def _within_class(classes: Array) -> Array:
    """For each row how far along its class it stands, 0…1."""
    share = np.empty(len(classes))
    for c in np.unique(classes):
        rows = np.flatnonzero(classes == c)
        share[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return share
