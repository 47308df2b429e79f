"""Numbers as people type them on a command line."""

from __future__ import annotations

import re

import typer

from ..words import say


def seconds(text: str | float) -> float:
    """``8960``, ``8,960`` and ``0.5`` as a float; commas group thousands. A number is itself, as a default is."""
    digits = str(text).strip()
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d*)?", digits):
        digits = digits.replace(",", "")
    try:
        return float(digits)
    except ValueError:
        raise typer.BadParameter(say("verdict.budget", got=text)) from None
