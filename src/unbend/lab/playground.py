"""The page *Playground*: its fields, and the data set and training settings that their values mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..activations import activations
from ..data import shipped_sets
from ..data.parsed_table import ParsedTable
from ..errors import BadInput
from ..network import optimizers
from ..widgets.fields import Choice, Field, Number, Switch, TextLine, active_fields
from ..words import say
from .dataset import Dataset, table_dataset, toy_dataset
from .toy_datasets import TOY_DATASETS
from .training_run import TrainingSettings

LAYERS = 4
MAX_LEVELS = 20
OWN = "formula"  # the activation given by a formula of the reader's own


def fields() -> list[Field]:
    """What the reader can set."""
    acts = (*((name, name) for name in activations), (OWN, say("lab_playground.own_formula")))
    defaults = ("tanh", "tanh", "relu", "relu")
    sets = (
        *((name, say(f"lab_playground.set_{name}")) for name in TOY_DATASETS),
        ("own", say("lab_playground.set_own")),
    )
    layers: list[Field] = []
    for k in range(LAYERS):
        neurons, act = (say(f"lab_playground.{key}", layer=k + 1) for key in ("neurons", "activation"))
        has_layer = (("depth", k + 1),)
        layers += [Number(f"n{k + 1}", 8, neurons, low=1, high=12, step=1, needs=has_layer),
                   Choice(f"a{k + 1}", defaults[k], act, acts, needs=has_layer)]  # fmt: skip
    return [
        Choice("data", "circle", say("lab_playground.data"), sets),
        Choice("included", "", say("lab_playground.included"), (
            ("", say("lab_playground.included_none")), *((name, name) for name in shipped_sets()))),
        Number("noise", 10, say("lab_playground.noise"), low=0, high=50, step=5,
               needs=tuple(("data", name) for name in TOY_DATASETS)),
        Number("held", 30, say("lab_playground.validation_percent"), low=10, high=80, step=10),
        Number("seed", 0, say("lab.seed"), low=0, high=99, step=1),
        Number("depth", 2, say("lab_playground.depth"), low=0, high=LAYERS, step=1),
        *layers,
        TextLine("own", "max(x, 0.2*x)", say("lab_playground.formula"), 80,
             needs=tuple((f"a{k + 1}", OWN) for k in range(LAYERS))),
        Choice("optimizer", "adam", say("lab_playground.optimizer"), tuple((name, name) for name in optimizers)),
        Number("rate", 0.01, say("lab.rate"), 0.0001, 10,
               marks=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)),
        Number("batch", 10, say("lab.batch"), 1, 128, marks=(1, 2, 5, 10, 20, 32, 64, 128)),
        Choice("penalty", "none", say("lab_playground.penalty"), tuple(
            (name, say(f"lab_playground.penalty_{name}")) for name in ("none", "l2", "l1"))),
        Number("decay", 0.001, say("lab_playground.decay"), 0.0001, 1, marks=(0.0001, 0.001, 0.01, 0.1, 1),
               needs=(("penalty", "l2"), ("penalty", "l1"))),
        Number("patience", 0, say("lab_playground.patience"), 0, 200, marks=(0, 10, 25, 50, 100, 200)),
        Switch("pieces", False, say("lab_playground.pieces")),
    ]  # fmt: skip


DATA = ("data", "noise", "held", "seed")
NETWORK = ("depth", *(f"{letter}{k + 1}" for k in range(LAYERS) for letter in "na"), "own")
LEARNING = ("optimizer", "rate", "batch", "penalty", "decay", "patience", "pieces")
PANELS = (DATA, NETWORK, LEARNING, ("included",))


def training_settings(values: dict[str, Any]) -> TrainingSettings:
    """The hyperparameters from the fields' values. Raises ``BadInput`` where the activation's formula is invalid."""
    from ..activations import activation

    layers = []
    for k in range(values["depth"]):
        name = values["own"] if values[f"a{k + 1}"] == OWN else values[f"a{k + 1}"]
        activation(name)
        layers.append((values[f"n{k + 1}"], name))
    penalty = values["penalty"]
    return TrainingSettings(
        layers=tuple(layers),
        optimizer=values["optimizer"],
        rate=values["rate"],
        batch=values["batch"],
        decay=0.0 if penalty == "none" else values["decay"],
        patience=values["patience"],
        seed=values["seed"],
        penalty="l1" if penalty == "l1" else "l2",
    )


def dataset(values: Mapping[str, Any], reading: ParsedTable | None) -> Dataset:
    """The data set selected. Raises ``BadInput`` where the table is missing or cannot be trained on.

    ``values`` are those of ``fields`` and, for a table, of ``table_fields``.
    """
    validation = values["held"] / 100
    if values["data"] != "own":
        return toy_dataset(values["data"], values["noise"] / 100, validation, values["seed"])
    if reading is None:
        raise BadInput("lab_playground.no_table")
    names = reading.table.column_names
    left_out = [name for k, name in enumerate(names) if not values.get(f"use{k + 1}", True)]
    shown = tuple(dict.fromkeys(values[key] for key in ("axis1", "axis2") if values.get(key)))
    return table_dataset(reading, values.get("target", ""), validation, values["seed"], left_out=left_out, shown=shown)


def differences(before: dict[str, Any], now: dict[str, Any], fields: Sequence[Field]) -> str:
    """The settings in which two runs differ, in one sentence."""
    changes = []
    for field in active_fields(fields, now):
        a, b = before.get(field.name), now.get(field.name)
        if a != b and field.name != "pieces":
            changes.append(f"{field.label}: {field.display(a)} → {field.display(b)}")
    return (
        say("lab_playground.changed", settings="; ".join(changes)) if changes else say("lab_playground.no_difference")
    )


def table_fields(reading: ParsedTable | None) -> list[Field]:
    """Target column (the last one first), axes and columns in use; no field without a table.

    Columns of text with more than ``MAX_LEVELS`` different cells, such as names, are not in use at first.
    """
    if reading is None:
        return []
    names = reading.table.column_names
    axes = (("", say("lab_playground.axis_auto")), *((name, name) for name in names))
    return [
        Choice("target", names[-1], say("lab_playground.target"), tuple((name, name) for name in names[::-1])),
        *(Choice(f"axis{k}", "", say(f"lab_playground.axis_{k}"), axes) for k in (1, 2)),
        *(
            Switch(f"use{k + 1}", not _has_many_levels(column), say("lab_playground.use", name=name))
            for k, (name, column) in enumerate(zip(names, reading.table.columns, strict=True))
        ),
    ]


def _has_many_levels(column: Any) -> bool:
    import pyarrow.compute as pc
    import pyarrow.types as types

    text = types.is_string(column.type) or types.is_dictionary(column.type)
    return bool(text and pc.count_distinct(column).as_py() > MAX_LEVELS)
