"""`page_fields`: the static page's controls, those of the lab's pages and some of its own, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ...network import losses
from ...widgets.fields import Choice, Field, Number, Switch, TextLine
from ...words import LANGUAGES, say
from .. import network, playground
from .texts import speaking

SHARED = ("data", "noise", "held", "seed", "optimizer", "rate", "batch", "penalty", "decay", "pieces")


def page_fields() -> dict[str, dict[str, dict[str, Any]]]:
    """{page: {field: its description}} with labels in every language."""
    return {"playground": _in_every_language(_playground), "network": _in_every_language(network.fields)}


def _playground() -> list[Field]:
    shared = {field.name: field for field in playground.fields()}
    kinds = tuple((name, say(f"lab_file.loss_{name}")) for name in losses)
    curves = tuple((name, say(f"lab_file.{name}")) for name in ("loss", "score"))
    speeds = tuple((name, say(f"lab_file.speed_{name}")) for name in ("1", "10", "most"))
    return [
        *(shared[name] for name in SHARED),
        replace(shared["patience"], label=say("lab_file.patience")),
        Number("start", 0, say("lab_file.start"), low=0, high=99, step=1),
        TextLine("inputs", "x1,x2", say("lab_file.inputs")),
        TextLine("layers", "8tanh,8tanh", say("lab_file.layers")),
        Choice("loss", "logistic", say("lab_file.loss"), kinds),
        Choice("speed", "1", say("lab_file.speed"), speeds),
        Switch("discrete", False, say("lab_file.discrete")),
        Switch("hide", False, say("lab_file.hide")),
        Switch("log", False, say("lab_file.log")),
        Choice("curve", "loss", say("lab_file.curve"), curves),
    ]  # fmt: skip


def _in_every_language(fields: Callable[[], Sequence[Field]]) -> dict[str, dict[str, Any]]:
    """The fields as JSON objects; labels and options have every language."""
    found: dict[str, dict[str, Any]] = {}
    for language in LANGUAGES:
        with speaking(language):
            for field in fields():
                one = found.setdefault(field.name, {**field.spec(), "default": field.default, "label": {}, "texts": {}})
                one["label"][language] = field.label
                one["texts"][language] = dict(field.options) if isinstance(field, Choice) else {}
    for one in found.values():
        texts = one.pop("texts")
        if one["kind"] == "choice":
            one["options"] = [[value, {name: texts[name][value] for name in texts}] for value, _ in one["options"]]
    return found
