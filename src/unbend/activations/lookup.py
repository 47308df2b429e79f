"""`activation`: the record of an activation function given by name, by a user's formula in x, or as a record."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from ..errors import FormulaError
from .record import Activation
from .table import activations


def activation(which: str | Activation) -> Activation:
    """The record of that name, or one made from a formula in ``x``.

    Parameters
    ----------
    which : str or Activation
        A name in `activations`, a formula such as ``"max(x, 0.2*x)"``, or a record, which is returned as it is.

    Returns
    -------
    Activation
        A record made from a formula has the formula as its name, slopes and kinks derived from it, the range
        (-inf, inf) and ``init="glorot"``: whether a formula's values are one-sided is not guessed.

    Raises
    ------
    FormulaError
        Where the text is neither a name nor a formula in ``x`` alone, or its values near 0 are not finite.
    """
    if isinstance(which, Activation):
        return which
    if not isinstance(which, str):
        raise FormulaError("activations.not_text", at=0, got=type(which).__name__)
    return activations[which] if which in activations else _from_formula(which)


@cache
def _from_formula(text: str) -> Activation:
    from difflib import get_close_matches

    from ..formula.evaluate.derivative import derivative
    from ..formula.evaluate.kinks import kinks
    from ..formula.language.grammar import parse
    from ..formula.language.tree import Name, names
    from ..formula.printing.text import to_text

    tree = parse(text)
    others = [n for n in names(tree) if n not in ("x", "pi", "e")]
    if isinstance(tree, Name) and tree.name != "x":
        closest = get_close_matches(text, [*activations], 1) or [*activations][:1]
        raise FormulaError("activations.no_such", at=0, got=text, near=closest[0], known=", ".join(activations))
    if others:
        raise FormulaError("activations.only_x", at=tree.span[0], got=others[0], text=text)
    with np.errstate(all="ignore"):
        record = Activation(
            name=text,
            formula=text,
            tex=to_text(tree),
            value=to_text(tree),
            slope=to_text(derivative(tree, "x")),
            range=(-math.inf, math.inf),
            kinks=kinks(tree, "x"),
        )
        if not np.isfinite(record(np.linspace(-3.0, 3.0, 61))).all():
            raise FormulaError("activations.not_finite", at=0, text=text)
    return record
