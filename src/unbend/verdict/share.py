"""How much to bend, and by which kind of network: both asked of rows that had no part in the training."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from .judging import ensemble_losses
from .scores import row_losses

SURE = 2.0  # standard errors
SHARES = np.linspace(0.0, 1.0, 41)
MIXES = (0.0, 0.25, 0.5, 0.75, 1.0)
USUAL = 0.75


def best_mix(base: Array, plain: Array, curved: Array, y: Array, classes: int, members: int) -> float:
    """The share of ``curved`` bends, 0 … 1, in a mean with ``plain`` ones: ``USUAL``, unless the rows show another.

    That is the one that loses least, where it beats ``USUAL`` by ``SURE`` standard errors of the rows' differences.
    """
    losses = {mix: _losses(base, (1 - mix) * plain + mix * curved, y, classes, members, 1.0) for mix in MIXES}
    best = min(MIXES, key=lambda mix: float(losses[mix].mean()))
    more = losses[USUAL] - losses[best]
    return best if more.mean() > SURE * more.std() / np.sqrt(len(more)) else USUAL


def share_of_bend(base: Array, bends: Array, y: Array, classes: int, members: int = 1) -> float:
    """How much of the bend to add to the straight outputs ``base`` (n, k), 0 … 1, by the losses of rows held out.

    ``bends`` (2, n, k), or (1, n, k), are those of members that had no part in the rows; the losses are those that
    ``members`` would have together. The best share where it beats 0 by ``SURE`` standard errors of the rows'
    differences; otherwise the least share within one standard error of the best (Breiman et al. 1984): where rows do
    not show that bending helps, the answer stays straight.
    """
    losses = np.stack([_losses(base, bends, y, classes, members, share) for share in SHARES])
    best = int(losses.mean(axis=1).argmin())
    more = losses - losses[best]
    error = more.std(axis=1, ddof=1) / np.sqrt(len(y)) if len(y) > 1 else np.full(len(SHARES), np.inf)
    if more[0].mean() > SURE * error[0]:
        return float(SHARES[best])
    return float(SHARES[np.argmax(more.mean(axis=1) <= error)])


def _losses(base: Array, bends: Array, y: Array, classes: int, members: int, share: float) -> Array:
    """(n,) losses of base + share * bends."""

    def row_by_row(outputs: Array) -> Array:
        flat = outputs.reshape(-1, outputs.shape[-1])
        return row_losses(flat, np.resize(y, len(flat)), classes).reshape(outputs.shape[:-1])

    return ensemble_losses(base + share * bends, row_by_row, members)
