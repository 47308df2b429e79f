"""Straight models of text: n-grams, each with a weight for every class or for the target."""

from .fitting import fit_text
from .text_model import TextModel

__all__ = ["TextModel", "fit_text"]
