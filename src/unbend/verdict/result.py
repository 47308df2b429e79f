"""What ``unbend.fit`` answers: the verdict, its evidence, both models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .. import display
from ..arrays import Array
from ..data import Note, Problem
from ..display import Displayed
from ..words import say
from .bent import Bent
from .compare import Comparison
from .decide import Decision, Verdict
from .formula_side import FormulaSide
from .model import Model
from .where import Where
from .witness import Witness

Choice = Literal["linear", "network"]


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two models, fitted on all rows, with its mean held-out score.

    ``score`` is 1 - held-out loss / that of the constant (R² for numbers, McFadden's for classes); ``rmse`` is in the
    target's unit (None for classes), ``log_loss`` in nats, ``accuracy`` a share and ``brier`` the Brier score, 0 … 2
    (None for numbers).
    """

    model: Model
    score: float
    rmse: float | None = None
    log_loss: float | None = None
    accuracy: float | None = None
    brier: float | None = None

    def to_json(self) -> dict[str, float]:
        """The numbers by name."""
        named = {"score": self.score, "rmse": self.rmse, "log_loss": self.log_loss, "accuracy": self.accuracy,
                 "brier": self.brier}  # fmt: skip
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, eq=False)
class Result(Displayed):
    """The answer to "do I need a network?".

    ``verdict`` with ``gain`` (share of the straight model's held-out loss that the network takes away) and its 95 %
    ``interval``; ``linear`` and ``network``, both models; ``chosen`` says which one ``predict`` uses; ``notes`` what
    was done to the data and to the plan; ``comparison`` and ``bent`` hold what the report draws;
    ``where`` says which columns bend; ``judged`` is the part of ``problem`` that the comparison was made on;
    ``formula`` the user's own, where given;
    ``witness`` what tests on the rows themselves say (None where none can be made);
    ``group``, ``time`` and ``drop`` are the columns that were named so.
    """

    decision: Decision
    linear: Side
    network: Side
    chosen: Choice
    problem: Problem
    judged: Problem
    comparison: Comparison
    bent: Bent
    where: Where
    notes: tuple[Note, ...]
    seed: int
    budget: float
    seconds: float
    source: str = ""
    formula: FormulaSide | None = None
    witness: Witness | None = None
    group: str | None = None
    time: str | None = None
    drop: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """``"straight_is_enough" | "bends_pay" | "nothing_to_learn" | "cannot_tell"``."""
        return self.decision.verdict

    @property
    def gain(self) -> float:
        """1 - network's held-out loss / straight model's held-out loss."""
        return self.decision.gain

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of ``gain``."""
        return self.decision.interval

    @property
    def witness_agrees(self) -> bool | None:
        """Whether the second witness says what the verdict says; None where there is none, or no verdict."""
        if self.witness is None or self.verdict == "cannot_tell":
            return None
        return self.witness.bends == (self.verdict == "bends_pay")

    @property
    def task(self) -> str:
        """``"regression"`` or ``"classification"``."""
        return self.problem.task

    @property
    def model(self) -> Model:
        """The chosen model."""
        return self.linear.model if self.chosen == "linear" else self.network.model

    def said(self) -> list[str]:
        """What was done to the data and to the plan, and which columns were left out and why, as sentences."""
        left_out = [column.why.text() for column in self.problem.columns if column.why is not None]
        return [note.text() for note in self.notes] + [say("verdict.left_out", what=what) for what in left_out]

    def predict(self, table: Any) -> Array:
        """(n,) values or labels from the chosen model; see `Model.predict`."""
        return self.model.predict(table)

    def predict_interval(self, table: Any, coverage: float = 0.9) -> Array:
        """(n, 2) ends between which a share ``coverage`` of new values lies; see `Model.predict_interval`."""
        return self.model.predict_interval(table, coverage)

    def probabilities(self, table: Any) -> Array:
        """(n, classes) from the chosen model; see `Model.probabilities`."""
        return self.model.probabilities(table)

    def save(self, path: str | Path) -> Path:
        """Write the chosen model to one .safetensors file that ``unbend predict`` reads."""
        told = {"verdict": self.verdict, "chosen": self.chosen, "seed": self.seed}
        return self.model.save(path, told)

    def report(self, path: str | Path = "report.html") -> Path:
        """Write the report: one HTML page with data and pictures inside."""
        from ..network.file_access import write_file

        return write_file(path, display.provider().page(self))

    def to_json(self) -> dict[str, Any]:
        """The numbers as one JSON object (see ``unbend fit --json``)."""
        return {
            "verdict": self.verdict,
            "task": self.task,
            "rows": self.problem.rows,
            "columns": len(self.problem.inputs),
            "linear": self.linear.to_json(),
            "network": self.network.to_json(),
            "gain": self.gain,
            "interval": list(self.interval),
            "p_value": self.decision.p_value,
            "rows_needed": self.decision.rows_needed,
            "chosen": self.chosen,
            **self._coverage(),
            "folds": len(self.comparison.losses),
            "seed": self.seed,
            "witness": None if self.witness is None else {**self.witness.to_json(), "agrees": self.witness_agrees},
            "group": self.group,
            "time": self.time,
            "where": self.where.to_json(),
            **({"formula": self.formula.to_json()} if self.formula else {}),
            "notes": self.said(),
            "seconds": round(self.seconds, 2),
        }

    def _coverage(self) -> dict[str, Any]:
        """By nominal coverage: the share of held-out values inside the chosen model's intervals, and their width."""
        spread = self.model.spread
        if spread is None or not spread.checked:
            return {}
        return {"intervals": {f"{level:g}": {"covered": held, "width": w} for level, held, w in spread.checked}}

    def __repr__(self) -> str:
        low, high = self.interval
        return f"Result({self.verdict}; gain {self.gain:.3f} [{low:.3f}, {high:.3f}]; chosen: {self.chosen})"
