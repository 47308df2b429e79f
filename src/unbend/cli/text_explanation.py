"""``unbend explain MODEL --text "…"``: what each word and n-gram adds to the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from .. import json_text
from ..words import say
from .verbosity import tell

if TYPE_CHECKING:
    from ..text.fasttext import NgramTable, TextExplanation

_OUTPUTS, _NGRAMS = 3, 12  # columns and n-grams that are printed; JSON has all


def explain_text(table: NgramTable, text: str, json: bool) -> None:
    """Print the contributions to a text's logits."""
    why, shares = table.explain(text), table.probabilities([text])[0]
    if json:
        ngrams = zip(why.ngrams, why.places, why.contributions.tolist(), strict=True)
        answer = {
            "text": text,
            "outputs": why.outputs,
            "output": why.logits.tolist(),
            "words": [{"word": w, "contributions": c} for w, c in zip(why.words, why.by_word.tolist(), strict=True)],
            "ngrams": [{"ngram": n, "words": list(place), "contributions": c} for n, place, c in ngrams],
            "probabilities": dict(zip(table.classes, shares.tolist(), strict=True)),
            "linear": table.is_linear,
        }
        print(json_text.dumps(answer))
        return
    if not why.ngrams:
        tell(say("fasttext.nothing_known"))
        return
    _print(why, _columns(table, why))
    best = sorted(range(len(shares)), key=lambda k: -shares[k])[:_OUTPUTS]
    print(say("fasttext.explain_answer", shares=", ".join(f"{table.classes[k]} {shares[k]:.2%}" for k in best)))
    if not table.is_linear:
        tell(say("fasttext.explain_tree"))


def _columns(table: NgramTable, why: TextExplanation) -> list[int]:
    """The outputs that are printed: those of the most probable classes, or a tree's with the largest scores."""
    values = abs(why.logits) if table.tree is not None else why.logits
    return sorted(range(len(values)), key=lambda k: -values[k])[:_OUTPUTS]


def _print(why: TextExplanation, columns: list[int]) -> None:
    """A table: the words in their order, the sum, then the n-grams that add most; a column for each output."""
    lines = [["", *(why.outputs[k] for k in columns)]]
    lines += [[word, *(f"{v:+.4f}" for v in row[columns])] for word, row in zip(why.words, why.by_word, strict=True)]
    lines.append(["=", *(f"{v:.4f}" for v in why.logits[columns])])
    order = sorted(range(len(why.ngrams)), key=lambda i: -float(abs(why.contributions[i][columns]).max()))
    ngrams = [[f"‘{why.ngrams[i]}’", *(f"{v:+.4f}" for v in why.contributions[i][columns])] for i in order[:_NGRAMS]]
    widths = [max(cell_len(cell) for cell in column) for column in zip(*lines, *ngrams, strict=True)]
    for part, title in ((lines, None), (ngrams, say("fasttext.explain_ngrams", count=len(why.ngrams)))):
        if title:
            print(title)
        for first, *others in part:
            cells = [first + " " * (widths[0] - cell_len(first))]
            cells += [" " * (w - cell_len(cell)) + cell for w, cell in zip(widths[1:], others, strict=True)]
            print("  ".join(cells))
