"""`to_safetensors`: a model as unbend's own safetensors file."""

from __future__ import annotations

from ...network.files import as_tensors
from ..export_model import ExportModel
from .target import Target


def to_safetensors(model: ExportModel, name: str) -> bytes:
    """The bytes that ``save`` writes to a ``.safetensors`` file."""
    return as_tensors(model.network, dict(model.metadata))


TARGET = Target(name="safetensors", title="safetensors", endings=(".safetensors",), write=to_safetensors, is_text=False)
