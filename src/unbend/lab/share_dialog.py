"""`share_dialog`: boxes that say which controls and parts a link shows, the link, and the same as a lesson's step."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..widgets.fields import Field
from ..words import say


def share_dialog(fields: Sequence[Field], parts: Sequence[str], hidden: Sequence[str]) -> str:
    """A button and the dialog that it opens; ``static/lesson.js`` makes link and text of the boxes."""
    named = [
        *((field.name, field.label) for field in fields),
        *((part, say(f"lab_lessons.part_{part}")) for part in parts),
    ]
    boxes = "".join(
        f'<label><input type="checkbox" value="{name}"{"" if name in hidden else " checked"}> {escape(label)}</label>'
        for name, label in named
    )
    title = escape(say("lab_lessons.share"))
    return (
        '<p class="lab-share-bar"><button type="button" class="lab-share-open" aria-haspopup="dialog">'
        f"{title}</button></p>"
        f'<dialog class="lab-dialog lab-share" aria-label="{title}"><h2>{title}</h2>'
        f"<fieldset><legend>{escape(say('lab_lessons.shown'))}</legend>{boxes}</fieldset>"
        f"{_copied('link', 1)}{_copied('as_step', 4)}"
        f'<form method="dialog"><button>{escape(say("lab.close"))}</button></form></dialog>'
    )


def _copied(key: str, rows: int) -> str:
    """A text to copy, with its button."""
    label, copy = escape(say(f"lab_lessons.{key}")), escape(say("lab_lessons.copy"))
    return (
        f'<label class="text">{label}'
        f'<textarea class="{key}" rows="{rows}" readonly spellcheck="false"></textarea></label>'
        f'<button type="button" data-copies="{key}" data-done="{escape(say("lab.export_copied"))}">{copy}</button>'
    )
