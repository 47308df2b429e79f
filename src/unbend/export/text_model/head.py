"""`head_lines`: the comment at the top of an exported straight model of text."""

from __future__ import annotations

from typing import Any

from ...verdict.text import TextModel
from ...version import __version__
from ...words import say
from ..header import comment_line


def head_lines(model: TextModel, name: str, *, normalises: bool = True) -> list[str]:
    """What the file is, what goes in and comes out, what storing the weights in a byte each cost."""
    rows, outputs = model.weights.shape
    lines = [say("text.export_head", name=name, rows=rows, outputs=outputs, version=__version__)]
    lines.append(say("text.export_normal" if normalises else "text.export_no_normal"))
    lines.append(say("text.export_outputs_two" if len(model.classes) == 2 else "text.export_outputs"))
    if model.held_out.rows:
        key = "text.export_bytes_classes" if model.classes else "text.export_bytes_numbers"
        cost = f"{max(model.held_out.score_cost, 0.0):.4f}"
        lines.append(say(key, rows=model.held_out.rows, cost=cost))
    return [comment_line(line) for line in lines]


def to_text_model(model: Any) -> TextModel | None:
    """A straight model of text, or the one in a fitted estimator; None for anything else."""
    inside = getattr(model, "model_", model)
    return inside if isinstance(inside, TextModel) else None


def docs() -> dict[str, str]:
    """What the functions do, by the names that the templates use."""
    return {
        f"doc_{what}": say(f"text.doc_{what}") for what in ("counts", "output", "probabilities", "predict", "value")
    }
