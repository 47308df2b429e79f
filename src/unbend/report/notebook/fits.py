"""The view of a fitted formula."""

from __future__ import annotations

from ...solve.result import Fit, parameter_rows, remarks
from ..html import paragraph, table
from .formulas import typeset


def fit(fitted: Fit) -> str:
    """The formula typeset, its parameters with their standard errors, and remarks on the fit."""
    head, *lines = parameter_rows(fitted)
    notes = [paragraph(text) for text in remarks(fitted)]
    return "\n".join([typeset(fitted.formula), table(head, lines, (1, 2)), *notes])
