"""`Result`: what ``unbend.fit`` returns: the verdict, its evidence, both models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from .. import display
from ..arrays import Array
from ..data import Note, Problem
from ..display import Displayed
from ..file_access import write_file
from ..words import say
from .compare import Comparison
from .decide import Decision, Verdict
from .effects import most_influential
from .expected_cost import ExpectedCost
from .explanation import RowExplanation
from .fold_models import FoldModels
from .formula_model import FormulaModel
from .importance import MOST, Importances, feature_groups, permutation_importance
from .large_table import LargeTable
from .model import Model
from .network_model import NetworkModel
from .out_of_fold import out_of_fold_table
from .own_test import OwnTest
from .request import Request
from .scored_model import ScoredModel
from .specification_test import SpecificationTest
from .text.text_answers import TextAnswers
from .tree_scores import TreeScores
from .where import Where

Choice = Literal["linear", "network"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Result(Displayed):
    """The answer to "do I need a network?". Notebooks show it as a short report.

    Attributes
    ----------
    verdict : {"straight_is_enough", "bends_pay", "nothing_to_learn", "cannot_tell"}
        What follows from the comparison.
    gain : float
        1 - network's held-out loss / linear model's held-out loss: 0.4 means 40 % less, negative that it is worse.
    interval : tuple of float
        The 95 % confidence interval of ``gain``.
    linear, network : ScoredModel
        Both models, fitted to all rows, with their held-out scores.
    formula : FormulaModel or None
        The model of the user's formula, where one was given.
    trees : TreeScores or None
        The held-out scores of boosted trees, where they were requested.
    chosen : {"linear", "network"}
        Which of them ``predict`` uses.
    model : Model
        That model.
    decision : Decision
        Verdict, gain and interval with p-value and the number of rows needed for a clear answer.
    task : {"regression", "classification"}
        What kind of target there is.
    test : OwnTest or None
        The scores of both models on the user's own test set, where one was given.
    text : TextAnswers or None
        Of a table with text columns: do words suffice, does their order matter, does a network pay?
    costs : dict of str to ExpectedCost
        By model, "linear" and "network": the expected cost of its labels where costs or class weights were stated.
    large : LargeTable or None
        Of a table that does not fit into memory: how many rows each part of the answer took. ``problem`` then holds the
        rows of the verdict.
    problem, compared : Problem
        The table as columns and target; the part of its rows that the comparison used.
    comparison : Comparison
        The losses of every fold and the held-out outputs of every model.
    fold_models : FoldModels
        The models of the folds, each with the rows that it never saw.
    training : NetworkModel
        How the network was trained: learning curves, settings, weights of its parts.
    where : Where
        Which columns bend, alone or together, and a formula that follows.
    specification_test : SpecificationTest or None
        Tests of the linear model on the rows themselves; None where none can be made.
    notes : tuple of Note
        What was done to the data and to the plan.
    request : Request
        The arguments.
    seed, budget, group, time, drop
        Those of the arguments, by themselves.
    seconds : float
        How long the call took.
    source : str
        The path or name of the table; "" for other tables.

    Examples
    --------
    >>> import numpy as np
    >>> import unbend as ub
    >>> x = np.linspace(-2, 2, 60)
    >>> result = ub.fit({"x": x, "y": np.abs(x)}, target="y", budget=10, by_clock=False)
    >>> result.network.rmse < result.linear.rmse
    True
    >>> result.where.bends
    ('x',)
    """

    request: Request
    decision: Decision
    linear: ScoredModel
    network: ScoredModel
    chosen: Choice
    problem: Problem
    compared: Problem
    comparison: Comparison
    fold_models: FoldModels
    training: NetworkModel
    where: Where
    specification_test: SpecificationTest | None = None
    formula: FormulaModel | None = None
    trees: TreeScores | None = None
    test: OwnTest | None = None
    text: TextAnswers | None = None
    costs: Mapping[str, ExpectedCost] = field(default_factory=dict)
    large: LargeTable | None = None
    notes: tuple[Note, ...] = ()
    seconds: float
    source: str = ""

    @property
    def verdict(self) -> Verdict:
        """``"straight_is_enough" | "bends_pay" | "nothing_to_learn" | "cannot_tell"``."""
        return self.decision.verdict

    @property
    def gain(self) -> float:
        """1 - network's held-out loss / linear model's held-out loss."""
        return self.decision.gain

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of ``gain``."""
        return self.decision.interval

    @property
    def test_agrees(self) -> bool | None:
        """Whether the specification test and the verdict agree; None where there is no test, or no clear verdict."""
        if self.specification_test is None or self.verdict == "cannot_tell":
            return None
        return self.specification_test.bends == (self.verdict == "bends_pay")

    @property
    def task(self) -> str:
        """``"regression"`` or ``"classification"``."""
        return self.problem.task

    @property
    def rows(self) -> int:
        """The number of rows with a target."""
        return self.problem.rows if self.large is None else self.large.rows

    @property
    def model(self) -> Model:
        """The chosen model."""
        return self.linear.model if self.chosen == "linear" else self.network.model

    @property
    def seed(self) -> int:
        """The seed of all random choices."""
        return self.request.seed

    @property
    def budget(self) -> float:
        """The budget in seconds."""
        return self.request.budget

    @property
    def group(self) -> str | None:
        """The column whose groups were held out."""
        return self.request.group

    @property
    def time(self) -> str | None:
        """The column that orders the rows in time."""
        return self.request.time

    @property
    def drop(self) -> tuple[str, ...]:
        """The columns that were requested not to be used."""
        return self.request.drop

    def messages(self) -> list[str]:
        """The notes as sentences, and which columns were not used and why.

        Returns
        -------
        list of str
            In the language in use.
        """
        reasons = [column.why.text() for column in self.problem.columns if column.why is not None]
        return [note.text() for note in self.notes] + [say("verdict.left_out", what=reason) for reason in reasons]

    def predict(self, table: Any) -> Array:
        """Predictions of the chosen model.

        Parameters
        ----------
        table : path, data frame, Arrow table, dict or array
            With the columns of the training table; others are ignored.

        Returns
        -------
        numpy.ndarray of shape (n,)
            Values in the target's unit, or labels.

        Raises
        ------
        DataError
            For a missing column and for text where the training table had numbers.
        """
        return self.model.predict(table)

    def predict_interval(self, table: Any, coverage: float = 0.9) -> Array:
        """Prediction intervals of the chosen model, for a regression.

        Parameters
        ----------
        table : path, data frame, Arrow table, dict or array
            As for `predict`.
        coverage : float, default 0.9
            The fraction of new values inside their intervals.

        Returns
        -------
        numpy.ndarray of shape (n, 2)
            Lower and upper ends in the target's unit.

        Raises
        ------
        DataError
            For a classification.
        BadInput
            For a coverage outside 0 … 1, or too high for so few held-out rows.
        """
        return self.model.predict_interval(table, coverage)

    def probabilities(self, table: Any) -> Array:
        """Predicted probabilities of the chosen model, for a classification.

        Parameters
        ----------
        table : path, data frame, Arrow table, dict or array
            As for `predict`.

        Returns
        -------
        numpy.ndarray of shape (n, classes)
            In the order of ``model.classes``.

        Raises
        ------
        DataError
            For a regression.
        """
        return self.model.probabilities(table)

    def explain(self, row: Any) -> RowExplanation:
        """Explain one prediction of the chosen model: what each column contributes, measured from the mean row.

        Parameters
        ----------
        row : int, or a table of one row
            The number of a row of the training table, from 0 (rows without a target are not counted); or a new row,
            such as ``{"age": 31, "room": "A"}`` or a data frame, whose first row is explained.

        Returns
        -------
        RowExplanation
            Output = base + contributions; notebooks draw it as bars.

        Raises
        ------
        BadInput
            For a row that is not there.
        DataError
            As `predict`.
        """
        if isinstance(row, int | np.integer) and not isinstance(row, bool):
            return self.model.explain(self.problem.table, int(row))
        return self.model.explain(row)

    def out_of_fold(self, ids: Sequence[str] | None = None) -> Any:
        """Every compared row with the predictions of the models when it was held out.

        Parameters
        ----------
        ids : sequence of str, optional
            Columns of the rows to put beside them; by default those that identify rows or groups.

        Returns
        -------
        pyarrow.Table
            ``row`` (its number in the table that was read, from 0), the columns ``ids``, the target, ``linear`` and
            ``network`` (and ``formula``, ``trees`` where they were compared); for classes also ``"linear P(label)"``
            and the like. ``.to_pandas()`` makes it a data frame. Of repeated cross-validation their mean.

        Raises
        ------
        DataError
            For a column that is not there.
        """
        return out_of_fold_table(self.compared, self.comparison, ids=ids or self.request.ids or None)

    def importance(
        self, groups: Mapping[str, Sequence[str]] | None = None, *, conditional: bool = False, most: int = MOST
    ) -> Importances:
        """How much the score drops on held-out rows when a column's values are replaced by those of other rows.

        Measured with the models of the comparison's folds, of the chosen kind, on the rows that each of them never saw.

        Parameters
        ----------
        groups : mapping of str to sequence of str, optional
            Columns whose values are replaced jointly, by a name of your choice: ``{"place": ["lat", "lon"]}``. All
            other columns stand alone.
        conditional : bool, default False
            Replace only what the other columns do not say about a column (by ridge regression): correlated columns are
            then not blamed for each other, and those that merely repeat others have no importance.
        most : int, default 30
            Of more columns only those on which the model's outputs depend most are tried.

        Returns
        -------
        Importances
            The largest first; ``found["age"].drop`` is a difference of scores (R², or McFadden's for classes), with
            the 95 % ``interval`` over the folds.

        Raises
        ------
        BadInput
            For a column that is no input, or in two groups.
        """
        if groups is None and not conditional and most == MOST:
            return self._importance
        return self._importance_of(groups or {}, conditional, most)

    @cached_property
    def _importance(self) -> Importances:
        return self._importance_of({}, False, MOST)

    def _importance_of(self, groups: Mapping[str, Sequence[str]], conditional: bool, most: int) -> Importances:
        models, model = self.fold_models, self.model
        shown = [c.name for c in most_influential(self.compared, model.encoder, [model.network], most)]
        shown += [column.name for column in self.compared.texts]
        return permutation_importance(
            models.of(self.chosen),
            models.features(),
            self.compared.y,
            len(self.compared.classes),
            feature_groups(model.encoder, groups, shown),
            constant_loss=self.comparison.mean("constant"),
            ratio=self.comparison.ratio,
            seed=self.seed,
            conditional=conditional,
            within_folds=models.x is not None,
        )

    def save(self, path: str | Path) -> Path:
        """Write the chosen model to one file that ``unbend predict`` reads.

        Parameters
        ----------
        path : str or Path
            Ends in .safetensors or .json.

        Returns
        -------
        Path
            Where it was written.
        """
        return self.model.save(path, {"verdict": self.verdict, "chosen": self.chosen, "seed": self.seed})

    def report(self, path: str | Path = "report.html") -> Path:
        """Write the report: one HTML page with data and pictures inside.

        Parameters
        ----------
        path : str or Path, default "report.html"
            Its place; missing folders are made.

        Returns
        -------
        Path
            Where it was written.
        """
        return write_file(path, display.provider().page(self))

    def to_json(self) -> dict[str, Any]:
        """The numbers as one JSON object, as ``unbend fit --json`` prints them.

        Returns
        -------
        dict
            Plain values by name.
        """
        test = self.specification_test
        return {
            "verdict": self.verdict,
            "task": self.task,
            "rows": self.rows,
            "columns": len(self.problem.inputs),
            "columns_used": [column.name for column in self.problem.inputs],
            "linear": self.linear.to_json(),
            "network": self.network.to_json(),
            "gain": self.gain,
            "interval": list(self.interval),
            "p_value": self.decision.p_value,
            "rows_needed": self.decision.rows_needed,
            "chosen": self.chosen,
            **self._coverage(),
            "folds": len(self.comparison.losses),
            "fold_losses": {name: self.comparison.of(name).tolist() for name in self.comparison.models},
            "coefficients": self._coefficients(),
            "seed": self.seed,
            "witness": None if test is None else {**test.to_json(), "agrees": self.test_agrees},
            "group": self.group,
            "time": self.time,
            "where": self.where.to_json(),
            "importance": self._importance.to_json(),
            **({"formula": self.formula.to_json()} if self.formula else {}),
            **({"trees": self.trees.to_json()} if self.trees else {}),
            **({"text": self.text.to_json()} if self.text else {}),
            **({"test": self.test.to_json()} if self.test else {}),
            **({"large": self.large.to_json()} if self.large else {}),
            **({"costs": {name: cost.to_json() for name, cost in self.costs.items()}} if self.costs else {}),
            "notes": self.messages(),
            "seconds": round(self.seconds, 2),
        }

    def _coefficients(self) -> dict[str, Any]:
        """The linear model's coefficients: a list for each output, one number for each feature."""
        model = self.linear.model
        layer = model.network.layers[0]
        outputs = model.classes if layer.W.shape[1] > 1 else (model.classes or (model.target,))[-1:]
        return {
            "features": list(model.encoder.names),
            "outputs": list(outputs),
            "intercept": layer.b.tolist(),
            "values": layer.W.T.tolist(),
        }

    def _coverage(self) -> dict[str, Any]:
        """By nominal coverage: the fraction of held-out values inside the chosen model's intervals, their width."""
        intervals = self.model.intervals
        if intervals is None or not intervals.checked:
            return {}
        return {"intervals": {f"{level:g}": {"covered": held, "width": w} for level, held, w in intervals.checked}}

    def __repr__(self) -> str:
        low, high = self.interval
        compared = self.comparison
        cut = f"; cut by the budget after {len(compared.losses)} folds" if compared.out_of_time else ""
        if compared.is_cut:
            cut = f"; training cut by the budget to {compared.trained:.2%} of its minibatches"
        gain = f"gain {_rounded(self.gain)} [{_rounded(low)}, {_rounded(high)}]"
        return f"Result({self.verdict}; {gain}; chosen: {self.chosen}{cut})"


def _rounded(fraction: float) -> str:
    """Three digits after the point, no minus before a zero."""
    return f"{round(fraction, 3) + 0.0:.3f}"
