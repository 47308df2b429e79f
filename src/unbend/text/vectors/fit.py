"""`vectors`: word vectors of a corpus by linear algebra alone."""

from __future__ import annotations

import numpy as np

from ...errors import BadInput, DataError
from .corpus import Corpus, sentences
from .counting import count_pairs, count_words, distance_weights
from .factorise import context_logs, cooccurrence, ppmi, truncated_svd
from .ngrams import ngram_matrix, ngram_vectors
from .word_vectors import NgramVectors, WordVectors

_LEAST_WORDS = 2  # that an n-gram is in


def vectors(
    corpus: Corpus,
    *,
    dimension: int = 100,
    window: int = 5,
    weighting: str = "linear",
    min_count: int = 5,
    most_words: int = 20_000,
    smoothing: float = 0.75,
    shift: float = 1.0,
    power: float = 0.5,
    ngrams: tuple[int, int] | None = None,
    seed: int = 0,
) -> WordVectors:
    """Word vectors as linear algebra: co-occurrence, PPMI, truncated SVD (Levy & Goldberg 2014; with Dagan 2015).

    Words that stand within ``window`` words of each other in a text are counted; words rarer than ``min_count`` are
    left out before. M[i, j] = max(0, log(P(j | i) / P(j)) - log(shift)), where P(j) is the context's share of all
    counts raised to ``smoothing``. M ≈ U S Vᵀ; a word's vector is its row of U S^power.

    Memory does not grow with the corpus: a file is read twice, line by line. At most 4 million spellings are counted
    at a time, and at most 33 million different pairs are kept (about 1 GiB while they are merged); ``about`` says
    whether rarer ones had to be forgotten.

    Parameters
    ----------
    corpus : str, path or iterable of str
        A text file in UTF-8, a text on each line; or texts, which are gone through twice.
    dimension : int, default 100
        Numbers in a vector.
    window : int, default 5
        Words to each side.
    weighting : {"linear", "harmonic", "flat"}
        What a pair d words apart counts: (window + 1 - d)/window as in word2vec's average, 1/d as in GloVe, or 1.
    min_count : int, default 5
        How often a word must occur.
    most_words : int, default 20_000
        The most frequent words are taken.
    smoothing : float, default 0.75
        1 for none.
    shift : float, default 1
        The number of negative samples in word2vec's view; 1 for none.
    power : float, default 0.5
        Of the singular values: 0 for directions alone, 1 for those of M.
    ngrams : (int, int), optional
        Shortest and longest character n-grams that get vectors too: (2, 4) suits Korean. A word that is not known is
        then the average of its n-grams.
    seed : int, default 0
        Of the starting vector of the iterations; the result is exact to rounding, the same seed gives the same bits.

    Returns
    -------
    WordVectors

    Raises
    ------
    BadInput
        For an argument out of its range, or a corpus with too few words.

    Examples
    --------
    >>> import unbend as ub
    >>> texts = ["the king rules the land", "the queen rules the land", "a dog eats a bone", "a cat eats a fish"] * 5
    >>> made = ub.vectors(texts, dimension=3)
    >>> made
    WordVectors(11 words, 3 dimensions)
    >>> made.near("king", 1)[0][0]
    'queen'
    """
    _check(dimension, window, min_count, most_words, smoothing, shift, ngrams)
    weights = distance_weights(window, weighting)
    spellings = count_words(sentences(corpus))
    words = tuple(word for word, count in spellings.items() if count >= min_count)[:most_words]
    if len(words) <= dimension:
        raise DataError("vectors.few_words", got=len(words), dimension=dimension, least=min_count)
    pairs = count_pairs(sentences(corpus), {word: i for i, word in enumerate(words)}, weights)
    counts = cooccurrence(pairs, len(words))
    contexts = context_logs(counts, smoothing)
    U, s, V = truncated_svd(ppmi(counts, contexts, shift), dimension, seed)
    about = {
        "words_of_corpus": sum(spellings.values()), "window": window, "weighting": weighting, "min_count": min_count,
        "smoothing": smoothing, "shift": shift, "power": power, "seed": seed, "singular_values": s.tolist(),
        "pairs": len(pairs.key), "forgotten": pairs.forgotten,
    }  # fmt: skip
    found = None
    if ngrams is not None:
        vocabulary, members = ngram_matrix(words, *ngrams, _LEAST_WORDS)
        projection = V * np.where(s > 0, np.where(s > 0, s, 1) ** (power - 1), 0)
        matrix = ngram_vectors(members, counts, contexts, shift, projection)
        found = NgramVectors(vocabulary, matrix.astype(np.float32))
    return WordVectors(words=words, vectors=(U * s**power).astype(np.float32), ngrams=found, about=about)


def _check(dimension: int, window: int, min_count: int, most_words: int, smoothing: float, shift: float,
           ngrams: tuple[int, int] | None) -> None:  # fmt: skip
    whole = {"dimension": dimension, "window": window, "min_count": min_count, "most_words": most_words}
    for name, value in whole.items():
        if not isinstance(value, int | np.integer) or value < 1:
            raise BadInput("vectors.whole", name=name, got=value)
    for name, number in (("smoothing", smoothing), ("shift", shift)):
        if not 0 < number < np.inf:
            raise BadInput("vectors.positive", name=name, got=number)
    if ngrams is not None and not (len(ngrams) == 2 and 1 <= ngrams[0] <= ngrams[1] <= 20):
        raise BadInput("vectors.ngrams", got=ngrams)
