"""`TextAnswers`: do the words of a table's texts suffice, does their order matter, does a network pay?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ...arrays import Array
from ..decide import EQUIVALENCE_MARGIN, LEAST_GAIN, UNKNOWN
from ..gain import Gain
from .pair_records import WordPairs

Answer = Literal["yes", "no", "unclear"]


@dataclass(frozen=True, kw_only=True)
class TextAnswers:
    """Gains on held-out rows, each of one model over the one before it.

    Attributes
    ----------
    columns : tuple of str
        The text columns.
    words : Gain
        Of the words alone, a bag whose order is lost, over the constant, beside the other columns.
    order : Gain
        Of n-grams that run across words over the bag: still a linear model, of more columns.
    bend : Gain
        Of the network on top over the n-grams.
    straightened : Gain or None
        Of a straight model fitted to the network's outputs over the n-grams, where the network gains: what it keeps
        came from no bend.
    bend_over_straightened : Gain or None
        Of the network over that one.
    cut : bool
        Whether time or texts were short, so that the absence of a gain means nothing.
    bytes_cost : float
        By what fraction the straight model's held-out loss rises because n-grams' weights are stored in a byte each.
    pairs : dict of str to WordPairs
        Where the texts of each column bend, if a bend pays: words that mean together what they do not mean apart.
    """

    columns: tuple[str, ...]
    words: Gain
    order: Gain
    bend: Gain
    straightened: Gain | None = None
    bend_over_straightened: Gain | None = None
    cut: bool = False
    bytes_cost: float = 0.0
    pairs: Mapping[str, WordPairs] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        columns: tuple[str, ...],
        *,
        constant: Array,
        bag: Array,
        order: Array,
        network: Array,
        student: Array | None,
        ratio: float,
        cut: bool,
    ) -> TextAnswers:
        """From losses (folds,), the student's of the first ones; ``ratio`` as in `Gain.over`."""
        bend = Gain.over(order, network, ratio)
        if cut and np.array_equal(order, network):
            bend = Gain(0.0, UNKNOWN)
        return cls(
            columns=columns,
            words=Gain.over(constant, bag, ratio),
            order=Gain.over(bag, order, ratio),
            bend=bend,
            straightened=None if student is None else Gain.over(order[: len(student)], student, ratio),
            bend_over_straightened=None if student is None else Gain.over(student, network[: len(student)], ratio),
            cut=cut,
        )

    @property
    def words_tell(self) -> Answer:
        """Whether words alone tell anything of the target."""
        return self._answer(self.words)

    @property
    def order_matters(self) -> Answer:
        """Whether the order of the words does."""
        return self._answer(self.order)

    @property
    def bend_pays(self) -> Answer:
        """Whether a network pays, and no straight model does as well."""
        found = self._answer(self.bend)
        if found != "yes" or self.bend_over_straightened is None:
            return found
        return self._answer(self.bend_over_straightened)

    @property
    def gain_is_straight(self) -> bool:
        """Whether the network gains, but nothing over the straight model that was fitted to it."""
        return self._answer(self.bend) == "yes" and self.bend_pays != "yes"

    def _answer(self, gain: Gain) -> Answer:
        if gain.answer == "better":
            return "yes"
        none = gain.gain < LEAST_GAIN and gain.interval[1] < EQUIVALENCE_MARGIN
        return "no" if none and not self.cut else "unclear"

    def to_json(self) -> dict[str, Any]:
        """Everything by name."""
        pairs = (("straightened", self.straightened), ("bend_over_straightened", self.bend_over_straightened))
        return {
            "columns": list(self.columns),
            "words": {**self.words.to_json(), "answer": self.words_tell},
            "order": {**self.order.to_json(), "answer": self.order_matters},
            "bend": {**self.bend.to_json(), "answer": self.bend_pays},
            **{name: gain.to_json() for name, gain in pairs if gain is not None},
            "bytes_cost": self.bytes_cost,
            "pairs": {column: found.to_json() for column, found in self.pairs.items()},
        }
