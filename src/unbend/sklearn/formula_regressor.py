"""``FormulaRegressor``: a formula fitted without starting values, behind scikit-learn's interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from ..arrays import Array
from ..errors import BadInput
from ..formula.language.tree import Name
from ..solve import Formula
from .base import seed_of
from .sample_weights import gather, row_weights


class FormulaRegressor(RegressorMixin, BaseEstimator):
    """Least squares for a formula, by ``Formula.fit``: exact where its parameters are linear.

    Parameters
    ----------
    formula : str, unbend.Formula or None
        Such as "b1*(1 - exp(-b2*age))" or "y = a*x1**2 + b". Names of columns are variables, other names parameters;
        the columns of an array are x1, x2, … A left side, if there is one, is a plain name. None: a straight line in
        all columns, b0 + b1*x1 + …
    start, bounds : as for ``Formula.fit``
    random_state : int, numpy.random.RandomState or None
        For the starts of the search.

    Attributes
    ----------
    fit_ : unbend.solve.result.Fit
        Values, standard errors and what the data leave open.
    parameters_ : dict
        The fitted value of each parameter.
    n_features_in_, feature_names_in_

    ``sample_weight`` counts rows: weight 3 is three equal rows. Raises ``FormulaError`` with the place in the text.
    """

    def __init__(
        self,
        formula: str | Formula | None = None,
        *,
        start: Mapping[str, float] | Sequence[float] | None = None,
        bounds: Mapping[str, tuple[float | None, float | None]] | None = None,
        random_state: Any = 0,
    ) -> None:
        self.formula = formula
        self.start = start
        self.bounds = bounds
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> FormulaRegressor:
        """Fit y (n,) to the columns of X (n, columns)."""
        x, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True)
        rows = gather(x, y.astype(np.float64), row_weights(sample_weight, x))
        formula, response = self._equation()
        sigma = None if rows.uneven is None else 1 / np.sqrt(rows.weights)
        columns = {**self._columns(rows.x), response: rows.y}
        self.fit_ = formula.fit(columns, self.start, sigma, self.bounds, seed_of(self.random_state))
        self.parameters_ = dict(self.fit_.values)
        return self

    def predict(self, X: Any) -> Array:
        """(n,): the fitted formula's value, NaN where it has none."""
        check_is_fitted(self, "fit_")
        x = validate_data(self, X, dtype=np.float64, reset=False)
        columns = self._columns(x)
        used = {name: columns[name] for name in self.fit_.formula.variables}
        return np.broadcast_to(self.fit_.formula(**used, **self.fit_.values), (len(x),)).astype(np.float64)

    def _names(self) -> list[str]:
        named = self.formula is not None and hasattr(self, "feature_names_in_")
        return list(self.feature_names_in_) if named else [f"x{i + 1}" for i in range(self.n_features_in_)]

    def _columns(self, x: Array) -> dict[str, Array]:
        return dict(zip(self._names(), x.T, strict=True))

    def _equation(self) -> tuple[Formula, str]:
        """The formula with a left side, and that side's name."""
        names = self._names()
        given = self.formula
        if given is None:
            given = " + ".join(["b0", *(f"b{i + 1}*{name}" for i, name in enumerate(names))])
        formula = given if isinstance(given, Formula) else Formula(given)
        if formula.response is None:
            free = "y" if "y" not in names else next(n for i in range(len(names) + 1) if (n := f"y_{i}") not in names)
            declared = {} if formula.guessed else {"variables": formula.variables, "parameters": formula.parameters}
            return Formula(f"{free} = {formula}", **declared), free
        if not isinstance(formula.response, Name):
            raise BadInput("estimators.left_side", got=str(formula).partition(" = ")[0])
        if formula.response_names[0] in names:
            raise BadInput("estimators.response_is_column", name=formula.response_names[0])
        return formula, formula.response_names[0]
