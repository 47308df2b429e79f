"""fastText's models (Joulin et al. 2017): read, collapsed to one weight per n-gram and class, explained, shrunk."""

from .collapse import collapse_fasttext
from .file import FastTextModel, is_fasttext, read_fasttext
from .ngram_table import NgramTable, TextExplanation
from .shrink import ShrunkTable, shrink_table

__all__ = [
    "FastTextModel",
    "NgramTable",
    "ShrunkTable",
    "TextExplanation",
    "collapse_fasttext",
    "is_fasttext",
    "read_fasttext",
    "shrink_table",
]
