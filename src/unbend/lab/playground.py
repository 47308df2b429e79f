"""The fields of the page *Playground* and what they mean: where the rows come from, how the network learns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..activations import activations
from ..data.reading import Reading
from ..errors import BadInput
from ..network import optimizers
from ..widgets.controls import Controls
from ..widgets.table_drop import TableDrop
from ..words import say
from . import sample
from .run import Plan
from .state import Choice, Field, Line, Number, Switch
from .toy_sets import TOY_SETS

LAYERS = 4
OWN = "formula"  # the activation that the reader writes


def fields() -> list[Field]:
    """What the reader can set."""
    acts = (*((name, name) for name in activations), (OWN, say("lab_playground.own_formula")))
    start = ("tanh", "tanh", "relu", "relu")
    sets = (*((name, say(f"lab_playground.set_{name}")) for name in TOY_SETS), ("own", say("lab_playground.set_own")))
    layers: list[Field] = []
    for k in range(LAYERS):
        layers.append(
            Number(f"n{k + 1}", 8, say("lab_playground.neurons", layer=k + 1), 1, 12, 1, needs=("depth", k + 1))
        )
        layers.append(
            Choice(f"a{k + 1}", start[k], say("lab_playground.activation", layer=k + 1), acts, needs=("depth", k + 1))
        )
    return [
        Choice("data", "circle", say("lab_playground.data"), sets),
        Number("noise", 10, say("lab_playground.noise"), 0, 50, 5),
        Number("held", 30, say("lab_playground.held"), 10, 80, 10),
        Number("seed", 0, say("lab.seed"), 0, 99, 1),
        Number("depth", 2, say("lab_playground.depth"), 0, LAYERS, 1),
        *layers,
        Line("own", "max(x, 0.2*x)", say("lab_playground.formula"), 80),
        Choice("optimizer", "adam", say("lab_playground.optimizer"), tuple((name, name) for name in optimizers)),
        Number("rate", 0.01, say("lab.rate"), 0.0001, 10,
               marks=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)),
        Number("batch", 10, say("lab.batch"), 1, 128, marks=(1, 2, 5, 10, 20, 32, 64, 128)),
        Number("decay", 0, say("lab_playground.decay"), 0, 1, marks=(0, 0.0001, 0.001, 0.01, 0.1, 1)),
        Number("patience", 0, say("lab_playground.patience"), 0, 200, marks=(0, 10, 25, 50, 100, 200)),
        Switch("pieces", False, say("lab_playground.pieces")),
    ]  # fmt: skip


DATA = ("data", "noise", "held", "seed")
NETWORK = ("depth", *(f"{letter}{k + 1}" for k in range(LAYERS) for letter in "na"), "own")
LEARNING = ("optimizer", "rate", "batch", "decay", "patience", "pieces")


def plan(values: dict[str, Any]) -> Plan:
    """How the network learns, from the fields' values. Raises ``BadInput`` where the formula is none."""
    from ..activations import activation

    layers = []
    for k in range(values["depth"]):
        name = values["own"] if values[f"a{k + 1}"] == OWN else values[f"a{k + 1}"]
        activation(name)
        layers.append((values[f"n{k + 1}"], name))
    return Plan(tuple(layers), values["optimizer"], values["rate"], values["batch"], values["decay"],
                values["patience"], values["seed"])  # fmt: skip


def rows(values: dict[str, Any], reading: Reading | None, target: str) -> sample.Sample:
    """The rows to learn from. Raises ``BadInput`` where the own table is missing or no table to learn from."""
    held = values["held"] / 100
    if values["data"] != "own":
        return sample.toy(values["data"], values["noise"] / 100, held, values["seed"])
    if reading is None:
        raise BadInput("lab_playground.no_table")
    return sample.own(reading, target, held, values["seed"])


def differences(kept: dict[str, Any], now: dict[str, Any], shown: Sequence[Field]) -> str:
    """What two runs were set to that is not the same, in words."""
    words = []
    for field in shown:
        a, b = kept.get(field.name), now.get(field.name)
        if a != b and field.name != "pieces":
            words.append(f"{field.label}: {a} → {b}")
    return "; ".join(words) or say("lab_playground.no_difference")


def read_table(drop: TableDrop) -> tuple[Reading | None, str]:
    """(the table that was dropped, "") or (None, why there is none)."""
    try:
        return drop.reading(), ""
    except BadInput as problem:
        return None, str(problem)


def target_control(reading: Reading | None) -> Controls:
    """The choice of the column to be predicted, the last one first; empty without a table."""
    names = [] if reading is None else reading.table.column_names[::-1]
    options = tuple((name, name) for name in names)
    shown = [Choice("target", names[0], say("lab_playground.target"), options)] if names else []
    return Controls(shown, {})
