"""`to_json`: a model as unbend's own JSON file."""

from __future__ import annotations

from ...network.files import as_json
from ..export_model import ExportModel
from ..text.json import write_text
from ..text_model.json import text_model_to_json
from .target import Target


def to_json(model: ExportModel, name: str) -> str:
    """The text that ``save`` writes to a ``.json`` file."""
    return as_json(model.network, dict(model.metadata))


TARGET = Target(
    name="json",
    title="JSON",
    endings=(".json",),
    write=to_json,
    write_text=write_text,
    write_text_model=text_model_to_json,
)
