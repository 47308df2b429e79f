"""Straight models of text: n-grams, each with a weight for every class or for the target."""

from .fitting import fit_text
from .pair_records import SwitchWord, WordPair, WordPairs
from .streamed_fit import fit_text_stream
from .text_model import TextModel
from .word_pairs import find_word_pairs

__all__ = ["SwitchWord", "TextModel", "WordPair", "WordPairs", "find_word_pairs", "fit_text", "fit_text_stream"]
