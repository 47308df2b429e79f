"""One reader's playground: a run, and the views that show it. Everything happens on the thread of the reader's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..data.parsed_table import ParsedTable
from ..errors import BadInput
from ..network import Network
from ..widgets.runner import Runner
from ..words import say
from . import playground
from .page import attempt
from .run import Run, check_layers
from .run_views import Losses, Views
from .run_words import beside, came_to, scores
from .state import Field, shown


@dataclass(frozen=True)
class Kept:
    """A run that is kept to be compared with."""

    values: dict[str, Any]
    losses: Losses
    scores: list[list[str]]


class Session:
    """``set_up`` with the fields' values; the rest is driven by the ``runner``'s buttons."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = fields
        self.run: Run | None = None
        self.values: dict[str, Any] = {}
        self.said = ""
        self.views = Views()
        self.runner = Runner(self.advance, self.act)
        self._reading: ParsedTable | None = None
        self._source: tuple[Any, ...] = ()
        self._kept: Kept | None = None

    @property
    def net(self) -> Network:
        """The network as it is now. Raises ``BadInput`` where the settings make none."""
        if self.run is None:
            raise BadInput("lab_playground.nothing_to_take")
        return self.run.net

    def is_new(self, reading: ParsedTable | None) -> bool:
        """Whether this table, or none, is not what there was before."""
        new = reading is not self._reading
        self._reading = reading
        return new

    def set_up(
        self, values: dict[str, Any], reading: ParsedTable | None = None, target: str = "", problem: str = ""
    ) -> None:
        """Take over the fields' values: the run goes on where only rate, batch, penalty or patience changed.

        ``reading`` is an own table, ``target`` its column to be predicted, ``problem`` why a table could not be read.
        """
        own = values["data"] == "own"
        source: tuple[Any, ...] = (
            id(reading) if own else 0,
            target if own else "",
            *(values[name] for name in (*playground.DATA, *playground.NETWORK, "optimizer")),
        )

        def take_over() -> str:
            plan = playground.plan(values)
            if self.run is None or source != self._source:
                self.run = Run(playground.rows(values, reading, target), plan)
                self.views.frame(self.run)
            elif plan != self.run.plan:
                self.run.learn_otherwise(plan)
            return " ".join([problem, *self.run.sample.notes, check_layers(plan.layers)]).strip()

        said, wrong = attempt(take_over)
        if wrong:
            self.run = self.views.run = None
        self.said = ((own and problem) or wrong) if wrong else said
        self.values, self._source = dict(values), source
        self.show()

    def advance(self, seconds: float) -> bool:
        """A slice of learning, drawn; whether there is more to do."""
        if self.run is None:
            return False
        self.run.advance(seconds)
        self.show(paused=False)
        return not self.run.stopped

    def act(self, name: str) -> None:
        """What a button asks for: an epoch, a new start, or to keep this run for comparison."""
        if self.run is None:
            return
        if name == "step":
            self.run.one_epoch()
        elif name == "reset":
            self.run = Run(self.run.sample, self.run.plan)
        elif name == "keep":
            self._kept = Kept(dict(self.values), list(self.run.losses), scores(self.run))
        self.show()

    def show(self, paused: bool = True) -> None:
        """Draw the run as it is now; what it came to is said when it is paused, not all the time."""
        run = self.run
        if run is None:
            self.runner.message, self.runner.heads, self.runner.scores = self.said, [], []
            return
        kept = self._kept
        self.views.show(run, bool(self.values.get("pieces")), None if kept is None else kept.losses)
        told = came_to(run) if paused or run.stopped else say("lab_playground.learning")
        changed = "" if kept is None else playground.differences(kept.values, self.values, self.fields)
        self.runner.message = " ".join(part for part in (told, run.stopped, self.said, changed) if part)
        heads = ["", say("lab_playground.training"), say("lab_playground.validation")]
        self.runner.heads = heads if kept is None else [*heads, say("lab_playground.kept")]
        self.runner.scores = scores(run) if kept is None else beside(scores(run), kept.scores)

    def settings(self) -> list[tuple[str, str]]:
        """(label, value) of everything that is set and counts."""
        return [(field.label, field.told(self.values[field.name])) for field in shown(self.fields, self.values)]
