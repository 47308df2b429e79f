"""`Extras`: what a fit answers beside the verdict on request; none of it takes part in the comparison or the choice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import Array
from ..data.column_reading import check_column
from .cost_arguments import cost_matrix
from .expected_cost import choose_rule
from .fit_data import FitData
from .own_test import OwnTestRows, read_own_test, score_own_test
from .request import Request
from .result import Result


@dataclass(frozen=True, eq=False)
class Extras:
    """The requested extras, read and checked before any model is fitted; `add_to` answers them."""

    data: FitData
    positive: str | None
    test: OwnTestRows | None = None
    costs: Array | None = None

    @classmethod
    def read(cls, data: FitData, request: Request, positive: str | None, test: Any) -> Extras:
        """Raises ``BadInput`` where the ``test`` set, the costs or the columns of `Request.ids` do not fit."""
        problem = data.problem
        for name in request.ids:
            check_column(name, problem.table.column_names)
        rows = None if test is None else read_own_test(test, problem, data.encoder, request.group)
        costs = cost_matrix(request.cost, request.class_weight, problem.classes, problem.y, positive)
        return cls(data, positive, rows, costs)

    def add_to(self, result: Result) -> Result:
        """The result with the answers."""
        if self.costs is not None:
            result = self._with_costs(result, self.costs)
        if self.test is not None:
            test = score_own_test(self.test, result.problem, result.linear, result.network, self.positive)
            result = replace(result, test=test)
        return result

    def _with_costs(self, result: Result, costs: Array) -> Result:
        """Both models with the rule for these costs, chosen on their held-out rows."""
        compared, scored, expected = result.compared, {}, {}
        clusters = self.data.compared_splitter.clusters
        for name, model in (("linear", result.linear), ("network", result.network)):
            output = result.comparison.outputs[name]
            reached = ~np.isnan(output[:, 0])
            rule, expected[name] = choose_rule(
                costs,
                output[reached],
                compared.y[reached],
                compared.classes,
                self.positive,
                search=result.request.cost is not None,
                clusters=None if clusters is None else clusters[reached],
                seed=result.seed,
            )
            scored[name] = replace(model, model=replace(model.model, rule=rule))
        return replace(result, linear=scored["linear"], network=scored["network"], costs=expected)
