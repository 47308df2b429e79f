"""`export`: a network, a table model or the result of a fit → a file for another program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import ModelError
from ..file_access import write_file
from .conversion import to_export_model
from .formula_model import to_formula_model
from .targets import TARGETS
from .text.parts import to_ngram_table
from .text_model.head import to_text_model


def export(
    model: Any,
    path: str | Path,
    to: str | None = None,
    *,
    classes: Sequence[Any] | None = None,
    opset: int = 17,
    small: bool = False,
    data: Any = None,
    table: str | None = None,
) -> Path:
    """Write a model for another program: the file is written completely or not at all.

    Scales are part of a network's first and last layer. A table model of numbers also fills missing values (NaN) as
    in training; any other takes encoded columns, and the file says their names and order: in C, JavaScript and Python
    ``encode`` makes such a row from the table's own cells, as in a CSV file. C computes in the network's dtype;
    JavaScript and Python in doubles, rounding weights and each layer's values to float32 where that is the dtype. NaN
    and infinities give what they give in NumPy, except where structural zeros are left out: there they do not reach a
    neuron over a weight that is 0.

    Parameters
    ----------
    model : Network, Result, Model, Fit, TextModel, NgramTable or FastTextModel
        A network, the result of ``fit``, the table model in it, a fitted formula, or a straight model of text (for C,
        JavaScript, Python and JSON): its code takes the text itself. ONNX has no hashing: there a `TextModel` takes the
        rows and counts of n-grams that ``counts`` of the exported code gives, and a table's text columns are what
        ``encode`` of the exported code makes of them.
    path : str or Path
        The file; missing folders are made.
    to : str, optional
        ``"onnx"``, ``"c"`` (C99, ``math.h`` alone), ``"js"`` (an ES module), ``"python"`` (the standard library
        alone), ``"sql"`` (one SELECT for SQLite, DuckDB, PostgreSQL), ``"excel"`` (formulas for cells), ``"json"``,
        ``"safetensors"`` or ``"torch"`` (a ``state_dict``); by default the ending of ``path`` decides. SQL and Excel
        read a table's own columns, categories and dates too. Excel to a path that ends in .xlsx is a workbook.
    classes : sequence, optional
        Labels of a bare network's outputs, as many as outputs, or two for one output (the log odds of the second):
        the exported code then gives probabilities too.
    opset : int, default 17
        The version of ONNX's operators, 17 or later.
    small : bool, default False
        Write a small network in place of a table model, as `distill` makes it; call that yourself to see what it costs.
    data : table, optional
        With ``small``: rows like those that the model was fitted to; by default the result's own. For a workbook: the
        rows in it; by default a few of the columns' own ranges.
    table : str, optional
        For SQL: the name of the table in the database, such as ``"shop.sales"``; by default ``data``, to be replaced.

    Returns
    -------
    Path
        The path.

    Raises
    ------
    ModelError
        For anything that is no model, a number that is not finite, an unknown target or ending, labels that do not
        fit the outputs, a table's name for another target than SQL, or a package that is missing.

    Examples
    --------
    >>> import unbend as ub
    >>> network = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)], seed=0)
    >>> ub.export(network, "model.c").name
    'model.c'
    """
    target = _target_of(path) if to is None else to
    if small:
        from .distillation import distill

        model = distill(model, data)
    place = Path(path)
    content = exported(
        model, target, place.stem, classes=classes, opset=opset, ending=place.suffix.lower(), rows=data, table=table
    )
    return write_file(path, content)


def exported(
    model: Any,
    to: str,
    name: str = "model",
    *,
    classes: Sequence[Any] | None = None,
    opset: int = 17,
    ending: str = "",
    rows: Any = None,
    table: str | None = None,
) -> str | bytes:
    """What ``export`` writes, as text or bytes; ``name`` is what the code calls the model.

    ``ending`` is that of the file, where a target writes several kinds; ``rows`` a table for a file that shows some,
    ``table`` the name of a database's table.
    """
    if to not in TARGETS:
        raise ModelError("export.no_target", got=to, known=", ".join(TARGETS))
    target = TARGETS[to]
    if table is not None and "table" not in target.options:
        raise ModelError("export.table_for_sql", got=to)
    given = {"opset": opset, "ending": ending, "rows": rows, "table": table}
    options = {option: value for option, value in given.items() if option in target.options}
    if (formula := to_formula_model(model)) is not None:
        if target.write_formula is None:
            known = ", ".join(target.name for target in TARGETS.values() if target.write_formula is not None)
            raise ModelError("export.formula_target", got=to, known=known)
        return target.write_formula(formula, name, **options)
    if (ngrams := to_ngram_table(model)) is not None:
        if target.write_text is None:
            known = ", ".join(target.name for target in TARGETS.values() if target.write_text is not None)
            raise ModelError("fasttext.target", got=to, known=known)
        return target.write_text(ngrams, name)
    if (text := to_text_model(model)) is not None:
        if target.write_text_model is None:
            known = ", ".join(target.name for target in TARGETS.values() if target.write_text_model is not None)
            raise ModelError("fasttext.target", got=to, known=known)
        return target.write_text_model(text, name, **options)
    return target.write(to_export_model(model, classes), name, **options)


def _target_of(path: str | Path) -> str:
    """The target that the file's ending names."""
    ending = Path(path).suffix.lower()
    for name, target in TARGETS.items():
        if ending in target.endings:
            return name
    known = ", ".join(target.endings[0] for target in TARGETS.values())
    raise ModelError("export.ending", path=path, known=known)
