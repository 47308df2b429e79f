"""`Checkpoint`: the state of a long job in one file, replaced atomically, so that a kill leaves no damaged one.

Format ``unbend.checkpoint``, version 1: a safetensors file whose metadata has ``unbend``, a JSON object {"format",
"version", "belongs", "facts"}. ``belongs`` identifies the job that the checkpoint belongs to (digests of its data, its
arguments, versions of the package and of NumPy) and must equal that of the job that resumes from it; ``facts`` is the
part of the state that is not arrays (a JSON object, such as the number of steps and the states of random generators).
Nothing in a file is executed.
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
from ..file_access import check_header, reading, tensors_with_header, write_file
from ..version import __version__

FORMAT, VERSION = "unbend.checkpoint", 1
FILE_NAME = "checkpoint.safetensors"
_WRITING_SHARE = 0.05  # the largest share of the running time that writing checkpoints may take

Arrays = dict[str, Array]
Values = dict[str, Any]  # JSON object


class Checkpoint:
    """The file ``checkpoint.safetensors`` in ``folder``; ``resume``: whether training continues from a state in it.

    The first write raises ``ModelError`` where the folder cannot be written: before any work. A later one that fails is
    stored in ``failure`` and tried again at the next, so that a full disk never costs the result of a training.
    """

    def __init__(self, folder: str | Path, resume: bool = False) -> None:
        self.path = Path(folder) / FILE_NAME
        self.resume = resume
        self.failure: ModelError | None = None
        self._job: Values = {}
        self._next_write = 0.0  # time.monotonic() seconds
        self._written = False

    def load(self, job: Mapping[str, Any], templates: Arrays | None) -> tuple[Arrays, Values] | None:
        """The state to continue from (its arrays and plain values), or None for a new start.

        ``job`` identifies the job, {what: plain value}. ``templates`` has an array of the right dtype for every name;
        the stored ones have the same shape, except for the first axis where that of the template is 0; None for
        whatever there is, which the caller checks. Raises
        ``ModelError`` for a damaged file and for one of another job.
        """
        self._job = json.loads(json.dumps({"version": __version__, "numpy": np.__version__, **job}))
        state = self._read(templates) if self.resume and self.path.exists() else None
        for temporary in self.path.parent.glob(f".{self.path.name}.*"):  # of a write that was killed
            with contextlib.suppress(OSError):
                temporary.unlink()
        return state

    def write(self, arrays: Arrays, values: Values) -> None:
        """Write the state in place of the previous one."""
        start = time.monotonic()
        header = {"format": FORMAT, "version": VERSION, "belongs": self._job, "facts": values}
        try:
            write_file(self.path, tensors_with_header(arrays, header))
            self.failure = None
        except ModelError as error:
            if not self._written:
                raise
            self.failure = error
        self._written = True
        now = time.monotonic()
        self._next_write = now + (now - start) / _WRITING_SHARE

    @property
    def due(self) -> bool:
        """Whether enough time has passed since the last write: writing takes a twentieth of the time at most."""
        return time.monotonic() >= self._next_write

    def _read(self, templates: Arrays | None) -> tuple[Arrays, Values]:
        from safetensors import safe_open

        with reading(self.path, "train.damaged_checkpoint") as path, safe_open(path, framework="numpy") as file:
            header = json.loads((file.metadata() or {})["unbend"])
            check_header(header, path, FORMAT, VERSION)
            job, values = header["belongs"], header["facts"]
            if not isinstance(job, dict) or not isinstance(values, dict):
                raise TypeError("belongs and facts are objects")
            for name in [*self._job, *job]:
                if job.get(name) != self._job.get(name):
                    was, now = job.get(name), self._job.get(name)
                    raise ModelError("train.other_checkpoint", path=self.path, name=name, was=was, now=now)
            if templates is None:
                return {name: np.array(file.get_tensor(name)) for name in file.keys()}, values
            if set(file.keys()) != set(templates):
                raise ValueError(f"arrays {', '.join(sorted(file.keys()))[:60]}")
            arrays = {}
            for name, template in templates.items():
                shape = file.get_slice(name).get_shape()  # checked before anything is read
                first = 1 if template.ndim > 0 and template.shape[0] == 0 else 0  # the first axis may have any length
                if shape[first:] != list(template.shape)[first:] or len(shape) != template.ndim:
                    raise ValueError(f"{name} has shape {shape}")
                arrays[name] = np.array(file.get_tensor(name))
                if arrays[name].dtype != template.dtype:
                    raise ValueError(f"{name} is made of {arrays[name].dtype}")
            return arrays, values


def digest(*arrays: Array | None) -> str:
    """A digest of arrays by dtype, shape and bytes: 16 hexadecimal digits."""
    sha = hashlib.sha256()
    for array in arrays:
        if array is None:
            sha.update(b"none")
            continue
        sha.update(f"{array.dtype} {array.shape}".encode())
        sha.update(np.ascontiguousarray(array).data)
    return sha.hexdigest()[:16]


def open_checkpoint(folder: str | Path | None, resume: bool) -> Checkpoint | None:
    """The checkpoint of the arguments ``checkpoint`` and ``resume``. Raises ``BadInput`` for the second alone."""
    if folder is None:
        if resume:
            raise BadInput("train.resume_needs_checkpoint")
        return None
    return Checkpoint(folder, resume)
