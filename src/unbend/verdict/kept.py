"""A comparison in a checkpoint: every fold that is done. A fold that was cut is done again from its seed: same bits."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from ..errors import ModelError
from ..train.checkpoint import Arrays, Checkpoint
from .compare import Comparison


class Kept:
    """Fills ``begun``, a blank comparison, with the folds in the checkpoint of the job ``belongs``, and keeps new ones.

    ``began`` (``time.monotonic()`` seconds) is when the whole began, as if it had never been cut: the time spent up to
    the last fold that was kept is carried over, so that a resumed run has the time an unbroken one has, or more.
    """

    def __init__(self, checkpoint: Checkpoint, belongs: dict[str, Any], begun: Comparison, began: float) -> None:
        self.checkpoint, self.begun, self.began = checkpoint, begun, began
        found = checkpoint.load(belongs, _arrays(begun))
        if found is None:
            self.keep(begun)
            return
        arrays, facts = found
        try:
            spent = float(facts["spent"])
            sound = np.isfinite([*arrays["seconds"].ravel(), spent]).all() and not np.isnan(arrays["losses"]).any()
            if not sound or len(arrays["seconds"]) != len(arrays["losses"]):
                raise ValueError("numbers that no comparison leaves")
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise ModelError("train.damaged_checkpoint", path=checkpoint.path, reason=str(error)[:60]) from error
        for losses, (took, seconds) in zip(arrays["losses"], arrays["seconds"], strict=True):
            begun.add(losses, float(took), float(seconds))
        begun.outputs = {name: arrays[f"outputs.{name}"] for name in begun.models}
        self.began = time.monotonic() - spent

    def keep(self, comparison: Comparison) -> None:
        """Write what is done so far."""
        self.checkpoint.write(_arrays(comparison), {"spent": time.monotonic() - self.began})


def _arrays(comparison: Comparison) -> Arrays:
    seconds = np.array([comparison.took, comparison.seconds]).T.reshape(-1, 2)
    outputs = {f"outputs.{name}": a for name, a in comparison.outputs.items()}
    return {"losses": comparison.losses, "seconds": seconds, **outputs}
