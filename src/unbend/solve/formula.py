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
    """``Formula("y = b1*(1 - exp(-b2*x))")``: a model y = f(variables; parameters), or an expression alone.

    Names declared in ``variables`` are columns of data, the other names parameters; without a declaration, the columns
    of the data decide when it is fitted, and until then the habit of mathematics (x, t, z, u, v are variables;
    ``guessed`` tells). ``pi`` and ``e`` are constants unless declared. The left side may be a formula of the
    response, as in ``log(y) = ...``: then log(y) is what is fitted. Every activation may be called by its name.

    Raises ``FormulaError`` with the place in the text.
    """

    @classmethod
    def definitions(cls) -> Definitions:
        """The activations and the logit, each a formula in x."""
        return definitions()

    def system(self, data: Any) -> System:
        """The system A B = y for data: a dict of columns or any table. See ``design``."""
        from .model_data import columns, names_of

        table, known = names_of(data)
        whole = self.with_columns(known)
        if whole.response is None:
            raise FormulaError("solve.no_response", at=0, text=str(self))
        found = columns(table, [*whole.response_names, *whole.variables])
        values = whole.design.tape.run(found.values, Floats())
        *matrix, rest, response = [np.broadcast_to(v, (int(found.kept.sum()),)) for v in values]
        A = np.stack(matrix, axis=1) if matrix else np.empty((len(response), 0))
        return System(whole.design, A, response - rest)

    def fit(
        self,
        data: Any,
        start: Mapping[str, float] | Sequence[float] | None = None,
        sigma: Any = None,
        bounds: Mapping[str, tuple[float | None, float | None]] | None = None,
        seed: int = 0,
    ) -> Fit:
        """Least squares on data: exact where all parameters are linear, by variable projection otherwise.

        ``data``: a dict of columns, a path, or any table. ``start``: one value for each parameter (a dict, or numbers
        in the order of ``parameters``); without it, starts are made from the data. ``sigma``: one number or a column
        of standard deviations of the response; only their ratios count. ``bounds``: {name: (low, high)}, None for
        open. See ``unbend.solve.result.Fit`` for what comes back.

        Raises ``DataError`` where the data cannot be used, ``FormulaError`` where there is no left side.
        """
        from .fit import fit_formula

        return fit_formula(self, data, start=start, sigma=sigma, bounds=bounds, seed=seed)
