"""`OutputPairs`: the word pairs that one output confirms, as records; `HeldOutLosses`: what additions to it cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...arrays import Array
from ..scores import row_losses
from .pair_fits import added_one_by_one
from .pair_records import SwitchWord, WordPair
from .pair_search import Found, Texts
from .switch_words import Switch


@dataclass(frozen=True, eq=False)
class OutputPairs:
    """An output's confirmed pairs, and the texts of the search, of the confirmation and both."""

    output: int
    found: list[Found]
    search: Texts
    confirm: Texts
    whole: Texts

    @property
    def pairs(self) -> list[tuple[int, int]]:
        return [(one.first, one.second) for one in self.found]

    def steps(self) -> list[Array]:
        return added_one_by_one(self.pairs, self.search, self.confirm)

    def records(self, names: Sequence[str], weights: Sequence[tuple[float, float]], shares: Array) -> list[WordPair]:
        return [
            WordPair(
                first=names[one.first],
                second=names[one.second],
                window=self.whole.window,
                output=self.output,
                rows=int(self.whole.presence([(one.first, one.second)]).sum()),
                weight=weight,
                adjacent_weight=adjacent,
                share=float(share),
                p_value=one.p_value,
                held_out_p=one.held_out_p,
            )
            for one, (weight, adjacent), share in zip(self.found, weights, shares, strict=True)
        ]

    def switches(self, names: Sequence[str], found: Sequence[Switch], total: float) -> list[SwitchWord]:
        return [
            SwitchWord(
                word=names[one.word],
                after=one.after,
                window=self.whole.window,
                output=self.output,
                rows=int(self.whole.table.presence(one.word).sum()),
                multiplier=one.multiplier,
                share=one.reduction / total if total > 0 else 0.0,
                pairs_share=one.pairs_reduction / total if total > 0 else 0.0,
                held_out_p=one.held_out_p,
            )
            for one in found
        ]


@dataclass(frozen=True, eq=False)
class HeldOutLosses:
    """Mean losses on the rows of the confirmation."""

    output: Array
    y: Array
    classes: int

    def loss(self, shifts: Mapping[int, Array]) -> float:
        """With something added (rows,) to some outputs."""
        now = self.output.copy()
        for k, shift in shifts.items():
            now[:, k] += shift
        return float(row_losses(now, self.y, self.classes).mean())

    def loss_of_one(self, k: int, shift: Array) -> float:
        """With something added to one output."""
        return self.loss({k: shift})
