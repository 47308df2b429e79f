"""Word vectors as linear algebra (Levy & Goldberg 2014), and those in files."""

from .fasttext_vectors import from_fasttext
from .fit import vectors
from .word_vectors import WordVectors

__all__ = ["WordVectors", "from_fasttext", "vectors"]
