"""`FormulaRegressor`: a formula fitted without starting values, with scikit-learn's interface."""

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
from .base import seed_from
from .sample_weights import check_sample_weight, merge_duplicates


class FormulaRegressor(RegressorMixin, BaseEstimator):
    """Least squares for a formula, by ``Formula.fit``: exact if its parameters are linear, no starting values needed.

    Parameters
    ----------
    formula : str or unbend.Formula, optional
        Such as "b1*(1 - exp(-b2*age))" or "y = a*x1**2 + b". Names of columns are variables, other names parameters;
        the columns of an array are x1, x2, … A left side, if there is one, is a plain name. By default linear in all
        columns, b0 + b1*x1 + …
    start : dict or sequence of float, optional
        Starting values, as for ``Formula.fit``.
    bounds : dict, optional
        {parameter: (low, high)}, None for an open side.
    random_state : int, numpy.random.RandomState or None, default 0
        For the starting points of the search.

    Attributes
    ----------
    fit_ : unbend.solve.Fit
        Values, standard errors, undetermined directions, competing minima.
    parameters_ : dict
        {parameter: estimate}.
    n_features_in_ : int
        Columns of X.
    feature_names_in_ : array of str
        Names of those columns, if X was a data frame.

    Examples
    --------
    >>> import numpy as np
    >>> from unbend.sklearn import FormulaRegressor
    >>> X = np.linspace(0, 4, 20)[:, None]
    >>> model = FormulaRegressor("b1*(1 - exp(-b2*x1))").fit(X, 3 * (1 - np.exp(-0.5 * X[:, 0])))
    >>> {name: round(value, 6) for name, value in model.parameters_.items()}
    {'b1': 3.0, 'b2': 0.5}
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
        """Fit the formula.

        Parameters
        ----------
        X : array-like of shape (n, columns)
        y : array-like of shape (n,)
        sample_weight : array-like of shape (n,), optional
            Counts of rows: weight 3 equals three copies.

        Returns
        -------
        self

        Raises
        ------
        FormulaError
            With the place in the text of the formula.
        ValueError
            For data that scikit-learn's checks refuse, and for a left side that is no plain name or names a column.
        """
        x, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True)
        rows = merge_duplicates(x, y.astype(np.float64), check_sample_weight(sample_weight, x))
        formula, response = self._with_left_side()
        sigma = None if rows.uneven_weights is None else 1 / np.sqrt(rows.weights)
        columns = {**self._columns(rows.x), response: rows.y}
        self.fit_ = formula.fit(columns, self.start, sigma, self.bounds, seed_from(self.random_state))
        self.parameters_ = dict(self.fit_.values)
        return self

    def predict(self, X: Any) -> Array:
        """Predict by the fitted formula.

        Parameters
        ----------
        X : array-like of shape (n, columns)

        Returns
        -------
        array of shape (n,)
            NaN where the formula has no value.
        """
        check_is_fitted(self, "fit_")
        x = validate_data(self, X, dtype=np.float64, reset=False)
        columns = self._columns(x)
        variables = {name: columns[name] for name in self.fit_.formula.variables}
        return np.broadcast_to(self.fit_.formula(**variables, **self.fit_.values), (len(x),)).astype(np.float64)

    def _names(self) -> list[str]:
        by_name = self.formula is not None and hasattr(self, "feature_names_in_")
        return list(self.feature_names_in_) if by_name else [f"x{i + 1}" for i in range(self.n_features_in_)]

    def _columns(self, x: Array) -> dict[str, Array]:
        return dict(zip(self._names(), x.T, strict=True))

    def _with_left_side(self) -> tuple[Formula, str]:
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
