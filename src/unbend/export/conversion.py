"""`to_export_model`: a network, a table model or the result of a fit → the `ExportModel` that every target writes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.column_encoder import ColumnEncoder
from ..errors import ModelError
from ..network import Network
from ..verdict.model import Model
from ..verdict.text.text_column_encoder import TextColumnEncoder
from ..words import say
from .export_model import ExportModel, Feature

_NUMERIC_KINDS = ("number", "boolean", "date")


def to_export_model(model: Any, classes: Sequence[Any] | None = None) -> ExportModel:
    """What is exported of a ``Network``, a table ``Model`` or the ``Result`` of a fit.

    ``classes`` gives a bare network's outputs labels. Raises ``ModelError`` for anything else, for a number that is
    not finite, and where the labels are not as many as the outputs (or two for one output).
    """
    if isinstance(model, Network):
        result = _of_network(model, classes)
    else:
        table_model = getattr(model, "model", model)
        if not isinstance(table_model, Model):
            raise ModelError("export.no_model", got=type(table_model).__name__)
        result = _of_table_model(table_model)
    for name, array in result.network.parameters.items():
        if not np.isfinite(array).all():
            raise ModelError("network.not_finite", name=name)
    return result


def _of_network(network: Network, classes: Sequence[Any] | None) -> ExportModel:
    labels = tuple(str(label) for label in classes or ())
    if labels and len(labels) != (2 if network.outputs == 1 else network.outputs):
        raise ModelError("export.label_count", outputs=network.outputs, got=len(labels))
    return ExportModel(
        network=network,
        columns=tuple(f"x{i + 1}" for i in range(network.inputs)),
        outputs=tuple(f"y{i + 1}" for i in range(network.outputs)),
        classes=labels,
        metadata={"classes": list(labels)} if labels else {},
    )


def _of_table_model(model: Model) -> ExportModel:
    network, encoders = model.network, model.encoder.column_encoders
    used = tuple(encoder for encoder in encoders if encoder.names)
    outputs = model.classes if network.outputs > 1 else (model.classes or (model.target,))[-1:]
    texts = tuple(text for text in model.encoder.texts if isinstance(text, TextColumnEncoder))
    if texts or any(encoder.kind not in _NUMERIC_KINDS for encoder in encoders):
        return ExportModel(
            network=network,
            columns=model.encoder.names,
            outputs=outputs,
            classes=model.classes,
            is_encoded=True,
            encoders=used,
            texts=texts,
            target=model.target,
            metadata=model.description(),
        )
    features = [feature for column, encoder in enumerate(used) for feature in _features(column, encoder)]
    return ExportModel(
        network=network,
        columns=tuple(encoder.name for encoder in used),
        outputs=outputs,
        classes=model.classes,
        features=tuple(features),
        units=tuple(_unit(encoder) for encoder in used),
        encoders=used,
        target=model.target,
        metadata=model.description(),
    )


def _features(column: int, encoder: ColumnEncoder) -> list[Feature]:
    """In the encoder's order: the value, then "is missing"."""
    low, high = encoder.limits or (-math.inf, math.inf)
    value = Feature(column, encoder.fill_value, low=low, high=high)
    flag = Feature(column, is_missing_flag=True, low=low, high=high)
    return [value] * encoder.plain + [flag] * encoder.indicator


def _unit(encoder: ColumnEncoder) -> str:
    if encoder.kind == "boolean":
        return say("export.unit_boolean", no=encoder.levels[0], yes=encoder.levels[1])
    return say("export.unit_days") if encoder.kind == "date" else ""
