"""The file of a `TextModel`: safetensors with a JSON header, checked when it is read; a byte or two for each n-gram."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import ModelError
from ...file_access import check_header, reading, tensors_with_header, write_file
from ...text.fasttext.int8_blocks import BLOCK, Int8Blocks
from ...text.ngrams import NGrams
from ...text.packed_weighting import ARRAYS, pack_weighting, unpack_weighting
from .held_out import HeldOut
from .text_model_parts import TextModelParts

FORMAT, VERSION = "unbend.text_model", 1
_ARRAYS = ARRAYS | {"codes", "scales", "intercepts"}


def save(model: TextModelParts, path: str | Path) -> Path:
    """Write a model. Raises ``ModelError`` where the file cannot be written."""
    arrays = {
        **pack_weighting(model.weighting),
        "codes": model.weights.codes,
        "scales": model.weights.scales,
        "intercepts": model.intercepts.astype(np.float64),
    }
    header = {
        "format": FORMAT,
        "version": VERSION,
        "grams": asdict(model.grams),
        "classes": list(model.classes),
        "held_out": asdict(model.held_out),
        "damping": model.damping,
    }
    return write_file(path, tensors_with_header(arrays, header))


def load(path: str | Path) -> TextModelParts:
    """Read a model that `save` wrote. Raises ``ModelError``."""
    from safetensors import safe_open

    with reading(path) as place, safe_open(place, framework="numpy") as file:
        header = json.loads((file.metadata() or {})["unbend"])
        check_header(header, place, FORMAT, VERSION)
        if set(file.keys()) != _ARRAYS:
            raise ModelError("network.other_tensors", path=place, got=", ".join(sorted(file.keys())[:6]))
        return _from_arrays(header, {name: file.get_tensor(name) for name in _ARRAYS})


def _from_arrays(header: dict[str, Any], arrays: dict[str, Array]) -> TextModelParts:
    grams = NGrams(**header["grams"])
    _check(all(type(n) is type(getattr(NGrams, name)) for name, n in header["grams"].items()), "lengths of n-grams")
    _check(1 <= grams.longest <= 16 and 0 <= grams.words <= 2 and 8 <= grams.bits <= 30, "lengths of n-grams")
    weighting = unpack_weighting(arrays, grams.buckets)
    codes, scales = arrays["codes"], arrays["scales"]
    classes = tuple(str(label) for label in header["classes"])
    outputs = len(classes) if len(classes) > 2 else 1
    _check(len(classes) != 1, "classes")
    _check(codes.dtype == np.int8 and codes.shape == (len(weighting.buckets), outputs), "codes")
    _check(scales.dtype == np.float32 and scales.shape == (-(-codes.size // BLOCK),), "scales")
    _check(arrays["intercepts"].dtype == np.float64 and arrays["intercepts"].shape == (outputs,), "intercepts")
    _check(bool(np.isfinite(scales).all() and np.isfinite(arrays["intercepts"]).all()), "finite numbers")
    damping = float(header.get("damping", 0.0))
    _check(0 <= damping < np.inf, "damping")
    return TextModelParts(
        grams=grams,
        weighting=weighting,
        weights=Int8Blocks(codes, scales),
        intercepts=arrays["intercepts"],
        classes=classes,
        held_out=HeldOut(**header["held_out"]),
        damping=damping,
    )


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
