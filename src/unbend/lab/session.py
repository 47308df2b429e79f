"""`Session`: one reader's playground: a training run and its views, on the thread of the reader's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..data.parsed_table import ParsedTable
from ..errors import BadInput
from ..network import Network
from ..widgets.fields import Field, active_fields
from ..widgets.runner import Runner
from ..words import say
from . import playground
from .page import attempt
from .training_run import TrainingRun, layer_warning
from .training_summary import score_rows, validation_summary, with_comparison
from .training_views import Losses, TrainingViews


@dataclass(frozen=True)
class ComparisonRun:
    """Field values, losses and score rows of a run that the current one is compared with."""

    values: dict[str, Any]
    losses: Losses
    score_rows: list[list[str]]


class Session:
    """``configure`` takes the fields' values; everything else is driven by the buttons of ``runner``."""

    def __init__(self, fields: Sequence[Field], earlier: Session | None = None) -> None:
        self.fields = fields
        self._earlier = earlier  # of this page in another language: its training goes on
        self.run: TrainingRun | None = None
        self.values: dict[str, Any] = {}
        self.notice = ""
        self.views = TrainingViews()
        self.runner = Runner(self.train_for, self.handle_button)
        self._reading: ParsedTable | None = None
        self._source: tuple[Any, ...] = ()
        self._comparison: ComparisonRun | None = None

    @property
    def net(self) -> Network:
        """The network as it is now. Raises ``BadInput`` where the settings are invalid."""
        if self.run is None:
            raise BadInput("lab_playground.nothing_to_export")
        return self.run.net

    def table_changed(self, reading: ParsedTable | None) -> bool:
        """Whether the table (None: none) is another one than at the last call."""
        changed = reading is not self._reading
        self._reading = reading
        return changed

    def configure(self, values: dict[str, Any], reading: ParsedTable | None = None) -> None:
        """Apply the fields' values: the run resumes where only learning rate, batch size, penalty or patience changed.

        ``reading`` is a table of the reader's, whose fields (`playground.table_fields`) are then among the values.
        """
        own = values["data"] == "own"
        known = {field.name for field in self.fields}
        source: tuple[Any, ...] = (
            (id(reading), *((name, value) for name, value in values.items() if name not in known)) if own else 0,
            *(values[name] for name in (*playground.DATA, *playground.NETWORK, "optimizer")),
        )

        def apply() -> str:
            settings = playground.training_settings(values)
            if self.run is None or source != self._source:
                self.run = TrainingRun(playground.dataset(values, reading), settings)
                if self._earlier is not None and self._earlier.run is not None and self._earlier.values == values:
                    self.run.take_over(self._earlier.run)
                    self._earlier = None
                self.views.attach(self.run)
            elif settings != self.run.settings:
                self.run.change_settings(settings)
            return " ".join([*self.run.dataset.notes, layer_warning(settings.layers)]).strip()

        notice, error = attempt(apply)
        if error:
            self.run = None
            self.views.clear()
        self.notice = error or notice
        self.values, self._source = dict(values), source
        self.show()

    def train_for(self, seconds: float) -> bool:
        """Train for a slice of time and draw; whether the run can go on."""
        if self.run is None:
            return False
        self.run.train_for(seconds)
        self.show(paused=False)
        return not self.run.stopped

    def handle_button(self, name: str) -> None:
        """Train one epoch ("step"), start again ("reset") or keep this run for comparison ("keep")."""
        if self.run is None:
            return
        if name == "step":
            self.run.train_epoch()
        elif name == "reset":
            self.run = TrainingRun(self.run.dataset, self.run.settings)
        elif name == "keep":
            self._comparison = ComparisonRun(dict(self.values), list(self.run.losses), score_rows(self.run))
        self.show()

    def show(self, paused: bool = True) -> None:
        """Draw the run as it is now; its validation scores are put into words only when it is paused or stopped."""
        run = self.run
        if run is None:
            self.runner.message, self.runner.heads, self.runner.scores = self.notice, [], []
            return
        comparison = self._comparison
        losses = None if comparison is None else comparison.losses
        self.views.show(run, bool(self.values.get("pieces")), losses, paused)
        summary = validation_summary(run) if paused or run.stopped else say("lab_playground.learning")
        changed = "" if comparison is None else playground.differences(comparison.values, self.values, self.fields)
        self.runner.message = " ".join(part for part in (summary, run.stopped, self.notice, changed) if part)
        heads = ["", say("lab_playground.training"), say("lab_playground.validation")]
        self.runner.heads = heads if comparison is None else [*heads, say("lab_playground.comparison_column")]
        self.runner.scores = (
            score_rows(run) if comparison is None else with_comparison(score_rows(run), comparison.score_rows)
        )

    def settings_table(self) -> list[tuple[str, str]]:
        """(label, value) of every active field."""
        return [
            (field.label, field.display(self.values[field.name])) for field in active_fields(self.fields, self.values)
        ]
