"""``unbend.Formula``: an equation that can be fitted to data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..display import Displayed
from ..errors import FormulaError
from ..formula.equation import Equation
from ..formula.evaluate.design_matrix import System
from ..formula.evaluate.floats import Floats
from ..formula.language.definitions import Definitions
from .named_functions import definitions

if TYPE_CHECKING:
    from .result import Fit


class Formula(Equation, Displayed):
    """A model y = f(variables; parameters) that can be judged, differentiated, printed and fitted; or an expression.

    Parameters
    ----------
    text : str
        ``"response = expression"`` or an expression alone, see ``formula.language.grammar``. The left side may be a
        formula of the response, as in ``log(y) = ...``: then log(y) is what is fitted. Every activation
        may be called by its name.
    variables : collection of str, optional
        The names that are columns of data; all other names are parameters. Without a declaration the columns of the
        data decide when the formula is fitted, and until then the conventions of mathematics (x, t, z, u, v are
        variables). ``pi`` and ``e`` are constants unless declared.
    parameters : collection of str, optional
        The names that are parameters, in the order of the results.

    Attributes
    ----------
    variables, parameters : tuple of str
        The names by role.
    guessed : bool
        Whether no roles were declared.
    response_names : tuple of str
        The names on the left side.
    linearity : Linearity
        Which names enter linearly, with proofs and counterexamples.

    Raises
    ------
    FormulaError
        Where the text is no formula; ``values["at"]`` is the position in it.

    Examples
    --------
    >>> import unbend as ub
    >>> formula = ub.Formula("y = b1*(1 - exp(-b2*x))")
    >>> formula.linearity.of("b1").verdict
    'linear'
    >>> str(formula.slope("b1"))
    '1 - exp(-b2*x)'
    >>> fit = ub.Formula("y = a*x + b").fit({"x": [0, 1, 2, 3], "y": [1, 3, 5, 7]})
    >>> fit.values
    {'a': 2.0, 'b': 1.0}
    """

    @classmethod
    def definitions(cls) -> Definitions:
        """The activations and the logit, each a formula in x."""
        return definitions()

    def system(self, data: Any) -> System:
        """The linear system A B = y of the parameters B.

        Parameters
        ----------
        data : dict of str to array, path, or table
            Columns for all variables and for the response.

        Returns
        -------
        System
            A has a row for each row of the data without missing values, and a column for each parameter.

        Raises
        ------
        BadInput
            Where not all parameters enter linearly.
        FormulaError
            Where the formula has no left side.
        """
        from .model_data import columns, names_of

        table, known = names_of(data)
        formula = self.with_columns(known)
        if formula.response is None:
            raise FormulaError("solve.no_response", at=0, text=str(self))
        found = columns(table, [*formula.response_names, *formula.variables])
        rows = int(found.kept.sum())
        values = [np.broadcast_to(v, (rows,)) for v in formula.design.tape.run(found.values, Floats())]
        *matrix, offset, response = values
        A = np.stack(matrix, axis=1) if matrix else np.empty((rows, 0))
        return System(formula.design, A, response - offset)

    def fit(
        self,
        data: Any,
        start: Mapping[str, float] | Sequence[float] | None = None,
        sigma: Any = None,
        bounds: Mapping[str, tuple[float | None, float | None]] | None = None,
        seed: int = 0,
    ) -> Fit:
        """Least squares on data: exact where all parameters are linear, by variable projection otherwise.

        Parameters
        ----------
        data : dict of str to array, path, or table
            Columns for all variables and for the response.
        start : dict of str to float, or sequence of float, optional
            A starting value for each parameter, by name or in the order of ``parameters``. Without it, starting values
            are made from the data.
        sigma : float, or str, or array, optional
            The standard deviation of the response, the same for all rows or a column of them; only ratios count.
        bounds : dict of str to (float or None, float or None), optional
            The lower and the upper bound of parameters; None for unbounded.
        seed : int, default 0
            Of the random numbers that starting values are drawn with.

        Returns
        -------
        Fit
            Values, standard errors and residuals, see ``unbend.solve.result.Fit``.

        Raises
        ------
        DataError
            Where the data cannot be used.
        FormulaError
            Where the formula has no left side.

        References
        ----------
        G. H. Golub and V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems whose
        variables separate", SIAM Journal on Numerical Analysis 10 (1973), 413-432.
        """
        from .fit import fit_formula

        return fit_formula(self, data, start=start, sigma=sigma, bounds=bounds, seed=seed)
