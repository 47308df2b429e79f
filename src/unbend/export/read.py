"""`read_model`: the model in a file of any format that unbend writes or reads."""

from __future__ import annotations

from pathlib import Path

from ..network import Network
from ..network.files import load_with_extra
from ..verdict.model import KIND, Model


def read_model(path: str | Path) -> Network | Model:
    """A table model, or a bare network: from a .safetensors, .json or .onnx file, or the folder that fit wrote."""
    file = Path(path)
    if file.is_dir():
        file = file / "model.safetensors"
    if file.suffix.lower() == ".onnx":
        from .onnx.reader import from_onnx

        return from_onnx(file)
    network, extra = load_with_extra(file)
    return Model.load(file) if extra.get("kind") == KIND else network
