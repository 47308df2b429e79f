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
    answer = {
        "text": why.text,
        "outputs": list(model.classes[-1:] if len(model.classes) == 2 else model.classes) or ["y"],
        "output": why.output.tolist(),
        "intercepts": why.intercepts.tolist(),
        "words": [
            {"word": why.text[begin:end], "begin": begin, "end": end, "contributions": row}
            for (begin, end), row in zip(why.words, why.contributions.tolist(), strict=True)
        ],
        "ngrams": [
            {"ngram": why.text[begin:end], "begin": begin, "end": end, "contributions": row}
            for (begin, end), row in zip(why.ngrams, why.ngram_contributions.tolist(), strict=True)
        ],
        "prediction": why.prediction,
        "probabilities": dict(zip(why.classes, why.probabilities.tolist(), strict=True)),
        "linear": True,
    }
    print(json_text.dumps(answer))
