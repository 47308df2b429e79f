"""`ComparisonCheckpoint`: stores every completed fold; an interrupted fold is repeated from its seed, bit for bit."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from ..errors import ModelError
from ..train.checkpoint import Arrays, Checkpoint
from .compare import Comparison

_IN_FILE = {"linear": "straight", "network": "bent"}  # names of the models' arrays in the file format


class ComparisonCheckpoint:
    """Restores the folds of an interrupted comparison from ``checkpoint`` and saves new ones.

    ``job`` describes the run that the checkpoint must belong to. ``comparison``, empty at first, holds the restored
    folds. ``began`` (``time.monotonic()`` seconds) is when the run began, as if it had never been interrupted: the time
    spent up to the last saved fold is carried over, and a resumed run has the time of an uninterrupted one, or more.
    """

    def __init__(self, checkpoint: Checkpoint, job: dict[str, Any], comparison: Comparison, began: float) -> None:
        self.checkpoint, self.comparison, self.began = checkpoint, comparison, began
        saved = checkpoint.load(job, _arrays(comparison))
        if saved is None:
            self.save(comparison)
            return
        arrays, facts = saved
        try:
            spent = float(facts["spent"])
            known = arrays["seconds"][:, [0, 1, 3]]  # the rounds' seconds may be unknown
            finite = np.isfinite([*known.ravel(), spent]).all()
            if not finite or np.isnan(arrays["losses"]).any() or len(arrays["seconds"]) != len(arrays["losses"]):
                raise ValueError("numbers that no comparison has")
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise ModelError("train.damaged_checkpoint", path=checkpoint.path, reason=str(error)[:60]) from error
        for losses, seconds in zip(arrays["losses"], arrays["seconds"], strict=True):
            comparison.add(losses, *map(float, seconds))
        comparison.outputs = {name: arrays[_output_name(name)] for name in comparison.models}
        self.began = time.monotonic() - spent

    def save(self, comparison: Comparison) -> None:
        """Write all completed folds."""
        self.checkpoint.write(_arrays(comparison), {"spent": time.monotonic() - self.began})


def _arrays(comparison: Comparison) -> Arrays:
    c = comparison
    seconds = np.array([c.fold_seconds, c.fixed_seconds, c.round_seconds, c.completed]).T.reshape(-1, 4)
    outputs = {_output_name(name): a for name, a in comparison.outputs.items()}
    return {"losses": comparison.losses, "seconds": seconds, **outputs}


def _output_name(model: str) -> str:
    return f"outputs.{_IN_FILE.get(model, model)}"
