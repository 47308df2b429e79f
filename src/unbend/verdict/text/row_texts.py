"""`explain_texts`: what the words of a row's texts add to a table model's outputs."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...arrays import Array
from ...data import Encoder
from .text_column_encoder import TextColumnEncoder
from .text_explanation import MOST_CHARACTERS, NgramSum, TextExplanation, explain_sums
from .text_features import TextFeatures


class TextPart(NamedTuple):
    """Features of a text column, and a linear map's ``slopes`` (features, outputs) by them."""

    features: TextFeatures
    slopes: Array


def text_parts(encoder: Encoder, slopes: Array) -> dict[str, list[TextPart]]:
    """The parts of each fitted text column, first its scores, with a linear map's slopes (all features, outputs)."""
    columns = [column for column in encoder.texts if isinstance(column, TextColumnEncoder) and column.parts]
    at = len(encoder.names) - sum(len(column.names) for column in columns)
    found: dict[str, list[TextPart]] = {}
    for column in columns:
        found[column.name] = []
        for part in column.parts:
            found[column.name].append(TextPart(part, slopes[at : at + part.count]))
            at += part.count
    return found


def explain_texts(
    encoder: Encoder, row: Any, slopes: Array, output: Array, classes: tuple[str, ...]
) -> dict[str, TextExplanation]:
    """The explanation of each text column of a table of one row, by the slopes (features, outputs) of its local map;
    none for texts that are too long to list their n-grams."""  # fmt: skip
    return {
        name: explain_sums(
            row[name][0].as_py(),
            [NgramSum(part.grams, part.weighting, part.weights, own) for part, own in parts],
            output,
            classes,
        )
        for name, parts in text_parts(encoder, slopes).items()
        if len(row[name][0].as_py() or "") <= MOST_CHARACTERS
    }
