"""Why this row? The columns' contributions, and under each of its texts what the words add."""

from __future__ import annotations

from html import escape

from ..verdict.explanation import RowExplanation
from ..words import say
from . import contributions, text_contributions
from .html import paragraph


def view(why: RowExplanation) -> str:
    """The prediction, the bars of the columns, the texts with their words' contributions."""
    parts = [contributions.view(why)]
    for name, text in why.texts.items():
        parts += [f"<h4>{escape(name)}</h4>", text_contributions.sentence(text)]
        parts.append(paragraph(text_contributions.adds_up(text)))
    if why.texts:
        text = next(iter(why.texts.values()))
        parts.append(paragraph(say("text_views.sentence_note", of=text_contributions.subject(text)), "note"))
    return "\n".join(parts)


def lines(why: RowExplanation) -> list[str]:
    """The same for the terminal."""
    return [*contributions.lines(why), *text_lines(why)]


def text_lines(why: RowExplanation) -> list[str]:
    """The texts alone, for the terminal."""
    found: list[str] = []
    for name, text in why.texts.items():
        found += ["", f"{name}: {say('views.contribution', of=text_contributions.subject(text))}"]
        found += text_contributions.word_lines(text)
    return found
