"""Progress of a fit: what is being done, and the fraction of all planned work that is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..words import say
from .plan import WorkPlan

PassName = Literal["survey", "linear", "held_out", "predict"]


@dataclass(frozen=True)
class Step:
    """Progress of a fit: ``name`` says of what, ``share`` is the fraction of all planned work done.

    ``"compare"`` and ``"final"`` are the comparison and the training of the final model; of a table that is read in
    parts also ``"train"``, the network of all rows, and the passes over the rows ``"survey"``, ``"linear"``,
    ``"held_out"`` and ``"predict"``, with ``rows`` read of ``all_rows`` (0 where the files do not say how many).
    """

    name: Literal["compare", "final", "train"] | PassName
    repeat: int
    fold: int
    folds: int
    share: float
    rows: int = 0
    all_rows: int = 0

    @property
    def text(self) -> str:
        """What is being done, in words."""
        if self.name == "compare":
            return say("cli.step_compare", repeat=self.repeat + 1, fold=self.fold + 1, folds=self.folds)
        text = say(f"cli.step_{self.name}")
        return say("cli.step_rows", text=text, rows=self.rows, all=self.all_rows) if self.all_rows else text


Watch = Callable[[Step], None]


class Progress:
    """Calls ``watch`` with the progress of all planned work."""

    def __init__(self, watch: Watch | None, work: WorkPlan) -> None:
        self._watch, self._work = watch, work

    def compare(self, repeat: int, fraction: float) -> None:
        """A repeat of the comparison, whose folds are trained together."""
        self._report("compare", repeat, fraction)

    def final(self, done: int, planned: int) -> None:
        """The final training of a table in time."""
        self._report("final", self._work.repeats, done / planned)

    def done(self) -> None:
        """All that was needed is done, though more may have been planned."""
        self._report("final", self._work.repeats, 1.0)

    def _report(self, name: Literal["compare", "final"], repeat: int, fraction: float) -> None:
        if self._watch is not None:
            folds = self._work.folds
            share = (repeat + fraction) / (self._work.repeats + 1)
            fold = min(folds - 1, int(fraction * folds))
            self._watch(Step(name=name, repeat=repeat, fold=fold, folds=folds, share=share))
