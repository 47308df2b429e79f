"""`Formula`: an equation that can be fitted to data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..display import Displayed
from ..errors import FormulaError
from ..formula.equation import Equation
from ..formula.evaluate.design_matrix import System
from ..formula.evaluate.floats import Floats
from ..formula.language.definitions import Definitions
from .model_data import model_data, named_columns
from .named_functions import definitions
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
        """{name: formula in x} of the functions it may call by name: the activations and the logit."""
        return definitions()

    def system(self, data: Any) -> System:
        """The linear system A B = y of the data.

        Parameters
        ----------
        data : dict of columns, path or table

        Returns
        -------
        System
            ``A`` (rows, parameters), the design matrix, and ``y`` (rows,), the left side minus the terms without a
            parameter; rows with missing values are dropped.

        Raises
        ------
        FormulaError
            If there is no left side.
        BadInput
            If the parameters do not all enter linearly.
        DataError
            If a column is missing, not numeric or infinite.

        Examples
        --------
        >>> import unbend as ub
        >>> system = ub.Formula("y = a*x**2 + b").system({"x": [1, 2, 3], "y": [2, 5, 10]})
        >>> system.A.tolist()
        [[1.0, 1.0], [4.0, 1.0], [9.0, 1.0]]
        """
        columns, names = named_columns(data)
        formula = self.with_columns(names)
        if formula.response is None:
            raise FormulaError("solve.no_response", at=0, text=str(self))
        used = model_data(columns, [*formula.response_names, *formula.variables])
        values = formula.design.tape.run(used.values, Floats())
        *matrix, offset, response = [np.broadcast_to(v, (used.rows,)) for v in values]
        A = np.stack(matrix, axis=1) if matrix else np.empty((len(response), 0))
        return System(formula.design, A, response - offset)

    def fit(
        self,
        data: Any,
        start: Mapping[str, float] | Sequence[float] | None = None,
        sigma: Any = None,
        bounds: Mapping[str, tuple[float | None, float | None]] | None = None,
        seed: int = 0,
    ) -> Fit:
        """Least squares: exact if all parameters enter linearly, else by variable projection.

        Parameters
        ----------
        data : dict of columns, path or table
            Rows with missing values are dropped, with a note.
        start : dict or sequence of float, optional
            One starting value for each parameter, {name: value} or in the order of ``parameters``. Without it, starting
            values are drawn from the scale of the data, and ones are tried too.
        sigma : float, array (rows,) or str, optional
            Standard deviations of the response: a number, an array or the name of a column; only their ratios matter.
        bounds : dict, optional
            {parameter: (low, high)}, None for an open side.
        seed : int, default 0
            For the starting values; the same seed gives the same bits.

        Returns
        -------
        Fit

        Raises
        ------
        DataError
            If the data cannot be used: a missing column, no numbers, infinite values, unequal lengths, no rows.
        FormulaError
            If there is no left side.
        BadInput
            If starting values or bounds do not fit the parameters, or no starting point has a finite sum of squares.

        References
        ----------
        Golub & Pereyra, SIAM J. Numer. Anal. 10, 1973 (variable projection).

        Examples
        --------
        >>> import numpy as np
        >>> import unbend as ub
        >>> x = np.linspace(0, 5, 30)
        >>> data = {"x": x, "y": 3 * np.exp(-0.7 * x)}
        >>> fit = ub.Formula("y = a*exp(-b*x)").fit(data, bounds={"b": (None, 0.5)})
        >>> fit.values["b"], fit.at_bounds
        (0.5, ('b',))
        """
        from .fit import fit_formula

        return fit_formula(self, data, start=start, sigma=sigma, bounds=bounds, seed=seed)
