"""`WordPairs`: where a text bends, and its parts: word pairs, switch words, corrections of words' weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from .word_table import WordTable


@dataclass(frozen=True)
class WordPair:
    """Two words that mean together what they do not mean apart.

    Attributes
    ----------
    first, second : str
        ``second`` stands at most ``window`` places after ``first``; a Korean word's beginning ends in ….
    window : int
    output : int
        The output whose log odds or value change: 0, or the number of a class where there are more than two.
    rows : int
        How many different texts have the pair.
    weight : float
        What the pair adds to the output beside the two words' own weights.
    adjacent_weight : float
        What is added besides where the two are neighbours, which a straight model of pairs of words can learn.
    share : float
        Of the gain, on the rows of the confirmation, when the pairs are added one by one in this order.
    p_value : float
        Of the search, times the number of all pairs looked at.
    held_out_p : float
        Of the same test on the rows of the confirmation, which the search had not seen.
    """

    first: str
    second: str
    window: int
    output: int
    rows: int
    weight: float
    adjacent_weight: float
    share: float
    p_value: float
    held_out_p: float


@dataclass(frozen=True)
class SwitchWord:
    """A word that multiplies the weights of the words near it: -1 flips them, 0.3 weakens them, 2 doubles them.

    ``after`` says whether those are the ``window`` next words or the ones before; ``rows`` is how many different texts
    have the word, ``share`` that of the gain which this one number gives, and ``pairs_share`` that of the word's pairs
    in its place.
    """

    word: str
    after: bool
    window: int
    output: int
    rows: int
    multiplier: float
    share: float
    pairs_share: float
    held_out_p: float


@dataclass(frozen=True)
class WordWeight:
    """By how much a word's weight in the straight model changes when pairs that it is in stand for themselves."""

    word: str
    output: int
    weight: float


@dataclass(frozen=True, eq=False)
class WordPairs:
    """Where texts bend: word pairs, the strongest first.

    Attributes
    ----------
    pairs : tuple of WordPair
    switches : tuple of SwitchWord
        Words of which one multiplier says most of what their pairs say.
    words : tuple of WordWeight
    intercepts : ndarray of shape (outputs,)
        What is added to every text's output.
    looked : int
        How many pairs were tested, for all outputs together.
    rows, held_out_rows : int
        Different texts of the search and of the confirmation.
    loss : float
        The straight model's mean loss on the rows of the confirmation, the weights of the pairs' single words refitted.
    gain : float
        The fraction of it that the pairs remove.
    cut : bool
        Whether time ran out before all was looked at.
    """

    pairs: tuple[WordPair, ...]
    switches: tuple[SwitchWord, ...]
    words: tuple[WordWeight, ...]
    intercepts: Array
    looked: int
    rows: int
    held_out_rows: int
    loss: float
    gain: float
    cut: bool = False

    def added(self, texts: Sequence[Any]) -> Array:
        """What the pairs, and the corrections of their words' weights, add to each text's outputs (texts, outputs)."""
        names = {name: None for pair in self.pairs for name in (pair.first, pair.second)}
        table = WordTable.of(texts, list(names))
        total = np.tile(self.intercepts, (len(texts), 1))
        for word in self.words:
            total[:, word.output] += word.weight * table.presence(table.words[word.word])
        for pair in self.pairs:
            near, adjacent = table.pair_presence(table.words[pair.first], table.words[pair.second], pair.window)
            total[:, pair.output] += pair.weight * near + pair.adjacent_weight * adjacent
        return total

    def in_text(self, text: Any) -> list[WordPair]:
        """The pairs that a text has."""
        table = WordTable.of([text], [name for pair in self.pairs for name in (pair.first, pair.second)])
        return [
            pair
            for pair in self.pairs
            if table.pair_presence(table.words[pair.first], table.words[pair.second], pair.window)[0][0]
        ]

    def to_json(self) -> dict[str, Any]:
        """Everything by name."""
        return {
            "pairs": [asdict(pair) for pair in self.pairs],
            "switches": [asdict(switch) for switch in self.switches],
            "words": [asdict(word) for word in self.words],
            "intercepts": self.intercepts.tolist(),
            "looked": self.looked,
            "rows": self.rows,
            "held_out_rows": self.held_out_rows,
            "loss": self.loss,
            "gain": self.gain,
            "cut": self.cut,
        }
