"""Straight models of text on the command line: which file is one, and the texts of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..text.fasttext import NgramTable


def is_text_model(path: Path) -> bool:
    """Whether a file is a fastText model or a table of n-grams."""
    from ..file_access import tensor_format
    from ..text.fasttext.file import is_fasttext
    from ..text.fasttext.table_file import FORMAT

    return is_fasttext(path) or tensor_format(path) == FORMAT


def is_straight_text_model(path: Path) -> bool:
    """Whether a file is a straight model of text that was fitted here (`TextModel.save`)."""
    from ..file_access import tensor_format
    from ..verdict.text.text_model_file import FORMAT

    return tensor_format(path) == FORMAT


def load_ngram_table(path: Path) -> NgramTable:
    """The table in a file; a fastText model is collapsed."""
    from ..errors import BadInput
    from ..model_file import load
    from ..text.fasttext import NgramTable, collapse_fasttext
    from ..text.vectors import WordVectors

    model = load(path)
    if isinstance(model, WordVectors):
        raise BadInput("fasttext.unsupervised", path=path)
    made: NgramTable = model if isinstance(model, NgramTable) else collapse_fasttext(model)
    return made


def text_predictor(path: Path, proba: bool) -> Callable[[list[str]], dict[str, Any]]:
    """What the straight model of text in a file makes of texts, as columns: labels and probabilities, or numbers."""
    import pyarrow as pa

    from ..words import say

    answer = _straight_answers(path) if is_straight_text_model(path) else _table_answers(path)

    def predict(texts: list[str]) -> dict[str, Any]:
        classes, predicted, shares = answer(texts)
        columns = {say("cli.predicted_column", target="label" if classes else "value"): predicted}
        if proba and shares is not None:
            columns |= {f"P({name})": pa.array(shares[:, k], from_pandas=True) for k, name in enumerate(classes)}
        return columns

    return predict


def _straight_answers(path: Path) -> Callable[[list[str]], tuple[tuple[str, ...], Any, Any]]:
    """(classes, what is predicted, probabilities or None) by a model that was fitted here."""
    import pyarrow as pa

    from ..verdict.scores import probabilities
    from ..verdict.text import TextModel
    from ..verdict.text.temperature import damped

    model = TextModel.load(path)

    def answer(texts: list[str]) -> tuple[tuple[str, ...], Any, Any]:
        output = model.output(texts)
        shares = probabilities(damped(output, model.damping)) if model.classes else None
        return model.classes, pa.array(model.prediction(output)), shares

    return answer


def _table_answers(path: Path) -> Callable[[list[str]], tuple[tuple[str, ...], Any, Any]]:
    """As `_straight_answers`, by a table of n-grams; a text without any has no label."""
    import pyarrow as pa

    table = load_ngram_table(path)
    classes = tuple(table.classes)

    def answer(texts: list[str]) -> tuple[tuple[str, ...], Any, Any]:
        shares = table.probabilities(texts)
        known = [not missing for missing in (shares != shares).any(axis=1)]
        labels = [classes[k] if sure else None for k, sure in zip(shares.argmax(axis=1), known, strict=True)]
        return classes, pa.array(labels, pa.string()), shares

    return answer


def texts_of(table: Any, column: str | None) -> list[str]:
    """The texts of a table's column; by default of its only one, or of the one called ``text``. Missing ones are "".

    Raises ``BadInput`` where no column is meant.
    """
    from ..data.column_reading import check_column
    from ..errors import BadInput

    names = table.column_names
    if column is None:
        column = names[0] if len(names) == 1 else "text" if "text" in names else None
    if column is None:
        raise BadInput("fasttext.which_column", known=", ".join(names[:20]))
    check_column(column, names)
    return ["" if value is None else str(value) for value in table[column].to_pylist()]


def read_texts(data: str, column: str | None) -> list[str]:
    """The texts of a file: the lines of a ``.txt``, else a table's column."""
    if data.lower().endswith(".txt") and column is None:
        return read_lines(data)
    from ..data import ReadOptions
    from ..data.reader import load_table

    return texts_of(load_table(data, options=ReadOptions(raw=True)).table, column)


def read_lines(path: str) -> list[str]:
    """The lines of a file in UTF-8, without their ends. Raises ``DataError``."""
    return list(iterate_lines(path))


def iterate_lines(path: str) -> Iterator[str]:
    """As `read_lines`, one after the other; an empty file has an empty one."""
    from ..errors import DataError

    line = None
    try:
        with open(path, encoding="utf-8-sig") as file:
            for line in file:
                yield line.removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError("fasttext.unreadable", path=path, reason=str(error)[:120]) from error
    if line is None:
        yield ""
