"""A `NetworkModel` as one array of its weights and a JSON object, as checkpoints store it, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from ..arrays import Array
from ..network import Network
from .fold_training import Pace
from .network_model import LearningCurve, NetworkModel
from .settings import Settings


def to_record(model: NetworkModel) -> tuple[Array, dict[str, Any]]:
    """The weights, float64 one after another, and everything else."""
    networks = (model.network, *model.fold_networks, *model.fold_linear)
    weights = np.concatenate([a.ravel() for net in networks for pair in net.arrays for a in pair])
    return weights, {
        "networks": [
            [[layer.inputs, layer.outputs, layer.activation.name] for layer in net.layers] for net in networks
        ],
        "weight": model.weight,
        "encoded_weight": model.encoded_weight,
        "members": model.members,
        "rows": model.rows,
        "epochs": float(model.epochs),
        "disagreement": model.disagreement,
        "settings": asdict(model.settings),
        "pace": asdict(model.pace),
        "curves": [
            {**asdict(curve), "train": curve.train.tolist(), "held_out": curve.held_out.tolist()}
            for curve in model.curves
        ],
    }


def from_record(weights: Array, record: dict[str, Any]) -> NetworkModel:
    """The model that `to_record` described. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else."""
    networks, at = [], 0
    for layers in record["networks"]:
        arrays = []
        for inputs, outputs, _ in layers:
            W = weights[at : at + inputs * outputs].reshape(inputs, outputs)
            at += inputs * outputs
            arrays.append((W, weights[at : at + outputs]))
            at += outputs
        networks.append((arrays, [name for *_, name in layers]))
    if at != len(weights) or not np.isfinite(weights).all():
        raise ValueError("weights that no network has")
    settings = {**record["settings"], "hidden": tuple(record["settings"]["hidden"])}
    network, *of_folds = (Network.from_arrays(arrays, names, "float64") for arrays, names in networks)
    return NetworkModel(
        network=network,
        fold_networks=tuple(of_folds[: len(of_folds) // 2]),
        fold_linear=tuple(of_folds[len(of_folds) // 2 :]),
        weight=float(record["weight"]),
        encoded_weight=float(record["encoded_weight"]),
        members=int(record["members"]),
        rows=int(record["rows"]),
        epochs=float(record["epochs"]),
        disagreement=float(record["disagreement"]),
        settings=Settings(**settings),
        pace=Pace(**record["pace"]),
        curves=tuple(
            LearningCurve(**{**curve, "train": np.array(curve["train"]), "held_out": np.array(curve["held_out"])})
            for curve in record["curves"]
        ),
    )
