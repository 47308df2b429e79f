"""`text_model_to_json`: a straight model of text as plain JSON, for programs that count n-grams themselves."""

from __future__ import annotations

from dataclasses import asdict

from ... import json_text
from ...verdict.text import TextModel
from ...verdict.text.text_model_file import FORMAT, VERSION
from ..ngram_sums.tables import CONSTANTS, NgramSums


def text_model_to_json(model: TextModel, name: str = "model") -> str:
    """Which n-grams are counted, each one's bucket, idf (in ``idf_steps`` to 1) and codes, and what remains.

    The weight of n-gram i for output k is ``codes[i][k] * scales[(i * outputs + k) // block]``.
    """
    table = NgramSums.of(model)
    return (
        json_text.dumps(
            {
                "format": FORMAT,
                "version": VERSION,
                "name": name,
                "grams": asdict(model.grams),
                "classes": model.classes,
                "intercepts": model.intercepts.tolist(),
                "damping": model.damping,
                "held_out": asdict(model.held_out),
                "idf_steps": CONSTANTS["steps"],
                "block": CONSTANTS["block"],
                "buckets": table.buckets.tolist(),
                "idf": table.idf.tolist(),
                "codes": table.codes.tolist(),
                "scales": table.scales.tolist(),
            }
        )
        + "\n"
    )
