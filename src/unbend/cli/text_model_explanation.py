"""``unbend explain MODEL --text "…"`` of a straight model of text: every word's and n-gram's contribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import json_text

if TYPE_CHECKING:
    from ..verdict.text import TextModel


def explain_text_model(model: TextModel, text: str, json: bool) -> None:
    """Print the contributions to a text's outputs."""
    why = model.explain(text)
    if not json:
        from ..report.text_contributions import lines

        print("\n".join(lines(why)))
        return
    print(json_text.dumps({**why.to_json(), "linear": True}))
