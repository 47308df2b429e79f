"""`Request`: the arguments of ``unbend.fit``, checked and in one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import BadInput
from .cost_arguments import ClassWeight, Cost
from .plan import MAX_ROWS


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is requested of `fit_table`; the fields are the arguments of `unbend.fit`.

    ``other_targets`` are those of further fits, which are no inputs; ``ids`` are the columns beside the held-out
    predictions; ``reserve`` are the seconds of the ``budget`` that the caller needs for its own work, such as writing a
    report; ``compared_rows`` is how many rows at most the models are compared on; ``spent`` are the seconds of the
    budget that earlier comparisons of the same table took; ``memory`` are the bytes that the process may use.
    Raises ``BadInput`` for an unknown ``model`` and for a ``budget`` or ``seed`` out of range.
    """

    target: str
    other_targets: tuple[str, ...] = ()
    task: str | None = None
    model: str = "auto"
    formula: str | None = None
    budget: float = 60.0
    reserve: float = 0.0
    seed: int = 0
    group: str | None = None
    time: str | None = None
    drop: tuple[str, ...] = ()
    by_clock: bool = True
    types: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    no_text: tuple[str, ...] = ()
    sheet: str | int | None = None
    query: str | None = None
    positive: str | None = None
    trees: bool = False
    ids: tuple[str, ...] = ()
    class_weight: ClassWeight = None
    cost: Cost = None
    memory: int | None = None
    compared_rows: int = MAX_ROWS
    spent: float = 0.0

    def __post_init__(self) -> None:
        budget, seed = self.budget, self.seed
        if self.model not in ("auto", "linear", "network"):
            raise BadInput("verdict.no_such_model", got=self.model)
        if isinstance(budget, bool) or not isinstance(budget, int | float | np.number) or not 0 < budget < np.inf:
            raise BadInput("verdict.budget", got=budget)
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
            raise BadInput("verdict.seed", got=seed)
        if both := sorted({*self.text} & {*self.no_text}):
            raise BadInput("verdict.text_and_not", column=both[0])

    @property
    def seconds(self) -> float:
        """The seconds for reading, comparing and fitting."""
        return max(1e-3, self.budget - self.reserve - self.spent)

    def job(self, task: str) -> dict[str, Any]:
        """What a checkpoint must belong to, as plain JSON; ``task`` is that of the problem."""
        return {
            "target": self.target,
            **({"other_targets": self.other_targets} if self.other_targets else {}),
            "task": task,
            "model": self.model,
            "formula": self.formula,
            "group": self.group,
            "time": self.time,
            "drop": self.drop,
            "budget": float(self.budget),
            "by_clock": self.by_clock,
            "seed": int(self.seed),
            **{name: value for name, value in self._reading().items() if value},
            **({"reserve": float(self.reserve)} if self.reserve else {}),
            **({"trees": True} if self.trees else {}),
            **({"memory": self.memory} if self.memory is not None else {}),
        }

    def _reading(self) -> dict[str, Any]:
        texts = {"text": self.text, "no_text": self.no_text}
        return {"types": dict(self.types), "keep": self.keep, **texts, "sheet": self.sheet, "query": self.query}
