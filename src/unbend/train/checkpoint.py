"""Checkpoints: the state of a long job in one file, written so that a kill at any moment leaves a whole one.

Format ``unbend.checkpoint``, version 1: a safetensors file whose metadata has ``unbend``, a JSON object {"format",
"version", "belongs", "facts"}. ``belongs`` says of which job the state is: digests of its data, arguments, versions.
Nothing in a file can run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import BadInput, ModelError
from ..network.files import check_head, reading, to_file

FORMAT, VERSION = "unbend.checkpoint", 1
_COST = 0.05  # the share of the time that `keep_now_and_then` may spend on writing

Arrays = dict[str, Array]
Facts = dict[str, Any]


class Checkpoint:
    """The file ``checkpoint.safetensors`` in ``folder``; ``resume`` says whether a state found there is gone on with.

    A write goes to a temporary name, is synced with its folder and then takes the old file's place. The first write
    raises ``ModelError`` where the folder cannot be written: before any work. A later one that fails is remembered in
    ``failure`` and tried again, so that a full disk never costs the result of a training.
    """

    def __init__(self, folder: str | Path, resume: bool = False) -> None:
        self.path = Path(folder) / "checkpoint.safetensors"
        self.resume = resume
        self.failure: ModelError | None = None
        self.belongs: Facts = {}
        self._next = 0.0
        self._wrote = False

    def begin(self, belongs: Mapping[str, Any], like: Arrays) -> tuple[Arrays, Facts] | None:
        """The state to go on from, or None for a new start.

        ``belongs`` names the job, {what: plain value}. ``like`` has an array of the right type for every name; the kept
        ones have the same shape, but for the first axis where that of ``like`` is 0. Raises ``ModelError`` for a
        damaged file and one of another job.
        """
        from ..version import __version__

        self.belongs = json.loads(json.dumps({"version": __version__, "numpy": np.__version__, **belongs}))
        found = self._read(like) if self.resume and self.path.exists() else None
        for left in self.path.parent.glob(f".{self.path.name}.*"):  # of a write that a kill cut
            with contextlib.suppress(OSError):
                left.unlink()
        return found

    def keep(self, arrays: Arrays, facts: Facts) -> None:
        """Write the state, on top of the one before."""
        began = time.monotonic()
        described = {"format": FORMAT, "version": VERSION, "belongs": self.belongs, "facts": facts}
        try:
            to_file(self.path, arrays, described)
            self.failure = None
        except ModelError as error:
            if not self._wrote:
                raise
            self.failure = error
        self._wrote = True
        now = time.monotonic()
        self._next = now + (now - began) / _COST

    @property
    def due(self) -> bool:
        """Whether the next write may come: writing takes a twentieth of the time at most."""
        return time.monotonic() >= self._next

    def _read(self, like: Arrays) -> tuple[Arrays, Facts]:
        from safetensors import safe_open

        with reading(self.path, "train.damaged_checkpoint") as place, safe_open(place, framework="numpy") as file:
            described = json.loads((file.metadata() or {})["unbend"])
            check_head(described, place, FORMAT, VERSION)
            belongs, facts = described["belongs"], described["facts"]
            if not isinstance(belongs, dict) or not isinstance(facts, dict):
                raise TypeError("belongs and facts are objects")
            for name in [*self.belongs, *belongs]:
                if belongs.get(name) != self.belongs.get(name):
                    was, now = belongs.get(name), self.belongs.get(name)
                    raise ModelError("train.other_checkpoint", path=self.path, name=name, was=was, now=now)
            if set(file.keys()) != set(like):
                raise ValueError(f"arrays {', '.join(sorted(file.keys()))[:60]}")
            arrays = {}
            for name, model in like.items():
                shape = file.get_slice(name).get_shape()  # before anything is read
                free = model.ndim > 0 and model.shape[0] == 0
                if shape[free:] != list(model.shape)[free:] or len(shape) != model.ndim:
                    raise ValueError(f"{name} has shape {shape}")
                arrays[name] = np.array(file.get_tensor(name))
                if arrays[name].dtype != model.dtype:
                    raise ValueError(f"{name} is made of {arrays[name].dtype}")
            return arrays, facts


def digest(*arrays: Array | None) -> str:
    """16 hex digits that tell arrays apart by type, shape and bytes."""
    made = hashlib.sha256()
    for array in arrays:
        if array is None:
            made.update(b"none")
            continue
        made.update(f"{array.dtype} {array.shape}".encode())
        made.update(np.ascontiguousarray(array).data)
    return made.hexdigest()[:16]


def at(folder: str | Path | None, resume: bool) -> Checkpoint | None:
    """The checkpoint of the arguments ``checkpoint`` and ``resume``. Raises ``BadInput`` for the second alone."""
    if folder is None:
        if resume:
            raise BadInput("train.resume_needs_checkpoint")
        return None
    return Checkpoint(folder, resume)
