"""The view of a straight model of text."""

from __future__ import annotations

from ...verdict.text.text_model import TextModel
from ...words import say
from ..html import table


def text_model(model: TextModel) -> str:
    """What it predicts, and from which n-grams."""
    rows = [
        (say("views.output"), ", ".join(model.classes) or "y"),
        (say("views.input"), repr(model.grams)),
    ]
    return table(["", ""], rows)
