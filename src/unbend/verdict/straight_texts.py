"""`straight_texts`: what the straight model of a table says of each of its texts, as models of one text."""

from __future__ import annotations

import numpy as np

from ..text.fasttext.int8_blocks import Int8Blocks
from .model import Model
from .text import TextModel
from .text.held_out import HeldOut
from .text.row_texts import text_parts


def straight_texts(model: Model, held_out: HeldOut | None = None) -> dict[str, TextModel]:
    """{column: its n-grams' weights}, all other columns at their mean; none for a model that bends.

    A text's contributions are those to the table model's output. ``held_out`` is how well that did, where it is known.
    """
    held_out = held_out or HeldOut(rows=0, score=np.nan, loss=np.nan, bytes_cost=0.0, cost=np.nan)
    layers, encoder = model.network.layers, model.encoder
    if len(layers) > 1 or model.means is None:
        return {}
    W, b = layers[0].W, layers[0].b
    found = {}
    for name, (scores, *_) in text_parts(encoder, W).items():
        factor = np.float32(scores.slopes[0, 0])
        others = np.asarray(encoder.sources) != name
        found[name] = TextModel(
            grams=scores.features.grams,
            weighting=scores.features.weighting,
            weights=Int8Blocks(scores.features.weights.codes, scores.features.weights.scales * factor),
            intercepts=b + model.means[others] @ W[others],
            classes=model.classes,
            held_out=held_out,
        )
    return found
