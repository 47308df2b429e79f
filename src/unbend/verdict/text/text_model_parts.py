"""`TextModelParts`: what a straight model of text consists of."""

from __future__ import annotations

from typing import NamedTuple

from ...arrays import Array
from ...text.fasttext.int8_blocks import Int8Blocks
from ...text.ngrams import NGrams
from ...text.weighting import Weighting
from .held_out import HeldOut


class TextModelParts(NamedTuple):
    """The arguments of a `TextModel`, in their order."""

    grams: NGrams
    weighting: Weighting
    weights: Int8Blocks
    intercepts: Array
    classes: tuple[str, ...]
    held_out: HeldOut
    damping: float = 0.0
