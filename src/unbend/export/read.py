"""Any model file as what it holds."""

from __future__ import annotations

from pathlib import Path

from ..network import Network
from ..network.files import load_with_extra
from ..verdict.model import KIND, Model


def read_model(path: str | Path) -> Network | Model:
    """A table model, or a bare network: from a .safetensors, .json or .onnx file, or the folder that fit wrote."""
    place = Path(path)
    if place.is_dir():
        place = place / "model.safetensors"
    if place.suffix.lower() == ".onnx":
        from .onnx.reader import from_onnx

        return from_onnx(place)
    network, extra = load_with_extra(place)
    return Model.load(place) if extra.get("kind") == KIND else network
