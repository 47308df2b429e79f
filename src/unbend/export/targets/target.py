"""`Target`: the record of one format that models are exported to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Target:
    """One export target; every list of targets (command line, errors, lab, documentation) is made from these records.

    Parameters
    ----------
    name : str
        What ``to=`` and ``--to`` call it.
    title : str
        What people call it: a proper name, the same in every language.
    endings : tuple of str
        The file endings that choose it, the usual one first.
    write : callable
        ``write(model, name, **options)`` gives the file's text or bytes; ``name`` is what the code calls the model.
    is_text : bool, default True
        Whether the file is text.
    options : tuple of str
        The options of ``export`` that ``write`` takes.
    package : str
        The Python package that writing needs, "" where unbend itself is enough.
    write_formula : callable, optional
        ``write_formula(formula, name)`` does the same for a fitted formula, a ``FormulaModel``.
    write_text : callable, optional
        ``write_text(table, name)`` does the same for a collapsed fastText model, an ``NgramTable``.
    write_text_model : callable, optional
        ``write_text_model(model, name, **options)`` does the same for a straight model of text, a ``TextModel``.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    write: Callable[..., str | bytes]
    is_text: bool = True
    options: tuple[str, ...] = ()
    package: str = ""
    write_formula: Callable[..., str | bytes] | None = None
    write_text: Callable[..., str | bytes] | None = None
    write_text_model: Callable[..., str | bytes] | None = None
