"""`ComparisonCheckpoint`: stores every completed repeat; an interrupted one is repeated from its seed, bit for bit."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from ..errors import ModelError
from ..train.checkpoint import Arrays, Checkpoint
from .compare import Comparison
from .network_model_record import from_record, to_record

_IN_FILE = {"linear": "straight", "network": "bent"}  # names of the models' arrays in the file format


class ComparisonCheckpoint:
    """Restores the repeats of an interrupted comparison from ``checkpoint`` and saves new ones.

    ``job`` describes the run that the checkpoint must belong to. ``comparison``, empty at first, holds the restored
    repeats. ``began`` (``time.monotonic()`` seconds) is when the run began, as if it had never been interrupted: the
    time spent up to the last saved repeat is carried over, and a resumed run has the time of an uninterrupted one, or
    more.
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
            known = arrays["seconds"][:, [0, 2]]  # the training's seconds may be unknown
            repeats, losses = len(known), arrays["losses"]
            finite = np.isfinite([*known.ravel(), spent, *arrays["unshrunk"]]).all()
            finite &= len(arrays["unshrunk"]) == len(losses)
            if not finite or np.isnan(losses).any() or (repeats == 0 and len(losses)) or len(losses) % max(1, repeats):
                raise ValueError("numbers that no comparison has")
            if repeats:
                comparison.training = from_record(arrays["network"], facts["network"])
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise ModelError("train.damaged_checkpoint", path=checkpoint.path, reason=str(error)[:60]) from error
        comparison.losses, comparison.repeats, comparison.unshrunk = losses, repeats, arrays["unshrunk"]
        comparison.seconds, comparison.training_seconds, comparison.completed = arrays["seconds"].T.tolist()
        comparison.outputs = {name: arrays[_output_name(name)] for name in comparison.models}
        self.began = time.monotonic() - spent

    def save(self, comparison: Comparison) -> None:
        """Write all completed repeats."""
        spent = {"spent": time.monotonic() - self.began}
        facts = {} if comparison.training is None else {"network": to_record(comparison.training)[1]}
        self.checkpoint.write(_arrays(comparison), {**spent, **facts})


def _arrays(comparison: Comparison) -> Arrays:
    c = comparison
    seconds = np.array([c.seconds, c.training_seconds, c.completed]).T.reshape(-1, 3)
    outputs = {_output_name(name): a for name, a in comparison.outputs.items()}
    weights = np.empty(0) if c.training is None else to_record(c.training)[0]
    return {"losses": c.losses, "unshrunk": c.unshrunk, "seconds": seconds, "network": weights, **outputs}


def _output_name(model: str) -> str:
    return f"outputs.{_IN_FILE.get(model, model)}"
