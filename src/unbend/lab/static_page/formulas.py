"""`records_module`: activations, losses, optimizers and toy data as a JavaScript module, made from their records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ...activations import Activation, activations
from ...formula.language.grammar import parse
from ...formula.language.tree import names
from ...formula.printing.javascript import JAVASCRIPT
from ...formula.printing.numpy_functions import Steps, required_steps
from ...geometry.activation_pieces import exact_pieces
from ...network import losses, optimizers
from ...network.optimizers import BETAS, with_l1
from ..toy_datasets import SECTORS, TOY_DATASETS, ToyDataset

FEATURES = {"x1": "x1", "x2": "x2", "x1²": "x1*x1", "x2²": "x2*x2", "x1x2": "x1*x2", "sin x1": "sin(x1)",
            "sin x2": "sin(x2)"}  # fmt: skip
"""What a network on a toy data set can take as inputs: {name: formula in x1 and x2}."""


def records_module() -> str:
    """The module's text; it exports ``activations``, ``losses``, ``optimizers``, ``toyDatasets``, ``features``…"""
    penalised = [*optimizers.values(), *(with_l1(name) for name in optimizers)]
    move = ("rate", "decay", "c1", "c2")
    parts = {
        "activations": {name: _activation(record) for name, record in activations.items()},
        "losses": {
            name: {"classes": json.dumps(record.classes)}
            | ({} if record.classes else {"both": array_loop(("o", "y"), (), record.steps, ("value", "slope"))})
            for name, record in losses.items()
        },
        "optimizers": {
            record.name: {
                "state": json.dumps(record.state),
                "move": _update(("p", *record.state), ("g",), move, record.steps),
            }
            for record in penalised
        },
        "toyDatasets": {name: _toy_dataset(record) for name, record in TOY_DATASETS.items()},
        "features": {
            json.dumps(name, ensure_ascii=False): array_loop(("x1", "x2"), (), (("value", text),), ("value",))
            for name, text in FEATURES.items()
        },
    }
    return "\n".join([
        "// Made from the records of the package: each loop computes its formulas for n numbers.",
        helper_functions(),
        *(f"export const {name} = {_object(part)};" for name, part in parts.items()),
        f"export const sectors = {_object(_toy_dataset(SECTORS))};",
        f"export const BETAS = {json.dumps(BETAS)};",
    ])  # fmt: skip


def helper_functions() -> str:
    """The functions that the loops call, such as erfc."""
    programs: list[Steps] = [record.steps for record in activations.values()]
    programs += [record.steps for record in optimizers.values()]
    programs += [record.steps for record in losses.values() if not record.classes]
    programs += [record.steps for record in (*TOY_DATASETS.values(), SECTORS)]
    texts = [text for steps in programs for _, text in steps]
    return "\n".join(JAVASCRIPT.helper_sources([parse(text) for text in texts]))


def array_loop(arrays: Sequence[str], numbers: Sequence[str], steps: Steps, results: Sequence[str]) -> str:
    """``(n, $array…, number…, $result…) => …``: the steps for each of n elements of the arrays."""
    return _loop(arrays, numbers, steps, results, [f"${name}" for name in results])


def _update(state: Sequence[str], arrays: Sequence[str], numbers: Sequence[str], steps: Steps) -> str:
    """A loop that puts ``new`` and ``new_…`` in the place of the parameter and of its optimizer's state."""
    results = ("new", *(f"new_{name}" for name in state[1:]))
    return _loop((*state, *arrays), numbers, steps, results, [f"${name}" for name in state], outputs=())


def _loop(
    arrays: Sequence[str],
    numbers: Sequence[str],
    steps: Steps,
    results: Sequence[str],
    targets: Sequence[str],
    outputs: Sequence[str] | None = None,
) -> str:
    required = required_steps(steps, results)
    used = {name for _, text in required for name in names(parse(text))} | {*results}
    lines = [f"const {_word(name)} = ${name}[$i];" for name in arrays if name in used]
    lines += [f"const {_word(name)} = {JAVASCRIPT.expression(parse(text))};" for name, text in required]
    lines += [f"{target}[$i] = {_word(name)};" for target, name in zip(targets, results, strict=True)]
    parameters = ["$n", *(f"${name}" for name in arrays), *numbers, *(targets if outputs is None else outputs)]
    body = "\n".join(f"      {line}" for line in lines)
    return f"({', '.join(parameters)}) => {{\n    for (let $i = 0; $i < $n; $i++) {{\n{body}\n    }}\n  }}"


def _activation(record: Activation) -> dict[str, str]:
    pieces = exact_pieces(record)
    affine = None if pieces is None else {
        "breaks": [float(b) for b in pieces.breaks],
        "lines": [[float(slope), float(intercept)] for slope, intercept in pieces.lines],
    }  # fmt: skip
    return {
        "values": array_loop(("x",), (), record.steps, ("value",)),
        "both": array_loop(("x",), (), record.steps, ("value", "slope")),
        "init": json.dumps(record.init),
        "learns": json.dumps(record.learns),
        "bends": json.dumps(record.bends),
        "pieces": json.dumps(affine),
    }


def _toy_dataset(record: ToyDataset) -> dict[str, str]:
    draws = [{"count": len(draw.names), "kind": draw.kind, "a": draw.a, "b": draw.b} for draw in record.draws]
    return {
        "rows": json.dumps(record.rows),
        "classes": json.dumps(record.classes),
        "draws": json.dumps(draws),
        "compute": array_loop(record.names, ("noise",), record.steps, ("x1", "x2", "y")),
    }


def _word(name: str) -> str:
    """The name as `JAVASCRIPT` spells it."""
    return f"{name}_" if name in JAVASCRIPT.keywords else name


def _object(part: Any) -> str:
    lines = []
    for name, value in part.items():
        if isinstance(value, dict):
            value = "{ " + ", ".join(f"{key}: {text}" for key, text in value.items()) + " }"
        lines.append(f"  {name}: {value},")
    return "{\n" + "\n".join(lines) + "\n}"
