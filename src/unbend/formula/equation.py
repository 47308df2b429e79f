"""`Equation`: a parsed equation y = f(variables; parameters): text, names, linearity, derivatives, source code."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any, Self

import numpy as np

from ..errors import BadInput, FormulaError
from .evaluate.derivative import derivative
from .evaluate.design_matrix import DesignMatrix
from .evaluate.floats import Floats
from .evaluate.tape import Tape
from .language.build import ZERO
from .language.definitions import Definitions, expand, standard_definitions
from .language.functions import CONSTANTS, FUNCTIONS
from .language.grammar import parse_equation
from .language.roles import roles
from .language.tree import Constant, Name, Node, Number, names, substitute, walk
from .printing.c import C_DOUBLE
from .printing.javascript import JAVASCRIPT
from .printing.language import Language
from .printing.mathml import to_mathml
from .printing.python import PYTHON
from .printing.tex import to_tex
from .printing.text import to_text
from .proof.linearity import Linearity
from .proof.simplify import simplify


def _names(left: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n.name for n in walk(left) if isinstance(n, Name) and not isinstance(n, Constant)))


def _with_constants_as_names(left: Node) -> Node:
    """The left side; one that holds constants alone is meant as the column of that name."""
    return left if _names(left) else substitute(left, {n: Name(n) for n in CONSTANTS}, Constant)


class Equation:
    """A model y = f(variables; parameters), or an expression alone. ``unbend.Formula`` is one that can also be fitted.

    Parameters
    ----------
    text : str
        ``"response = expression"`` or an expression alone, see ``formula.language.grammar``. The left side may be a
        formula of the response, as in ``log(y) = ...``: then log(y) is what is fitted.
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
    >>> from unbend.formula import Equation
    >>> equation = Equation("y = b1*(1 - exp(-b2*x))")
    >>> equation.variables, equation.parameters
    (('x',), ('b1', 'b2'))
    >>> float(equation(x=2, b1=3, b2=0))
    0.0
    """

    def __init__(
        self, text: str, variables: Collection[str] | None = None, parameters: Collection[str] | None = None
    ) -> None:
        left, right = parse_equation(text, functions={*FUNCTIONS, *self.definitions()})
        self.variables, self.parameters, self.guessed = roles(names(right), variables, parameters)
        self._columns = [n for n in CONSTANTS if n in (*self.variables, *self.parameters)]  # columns named pi or e
        self.written = substitute(right, {n: Name(n) for n in self._columns}, Constant)
        self.tree: Node = expand(self.written, self.definitions())
        self._left = to_text(left) if left is not None else None
        self.response: Node | None = left and expand(_with_constants_as_names(left), self.definitions())
        self.response_names = _names(self.response) if self.response else ()
        for name in self.response_names:
            if name in names(right):
                raise FormulaError("formula.response_on_right", at=0, name=name)
        self._variants: dict[tuple[str, ...], Self] = {}

    @classmethod
    def definitions(cls) -> Definitions:
        """The functions that the text may call besides the primitives, each a formula in x."""
        return standard_definitions()

    def __str__(self) -> str:
        right = to_text(self.written)
        return right if self._left is None else f"{self._left} = {right}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuilt from its text: cached results hold objects that cannot be pickled."""
        return (type(self), (str(self),) if self.guessed else (str(self), self.variables, self.parameters))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r}, variables={self.variables!r}, parameters={self.parameters!r})"

    @cached_property
    def linearity(self) -> Linearity:
        """The verdicts: ``.of("b1")``, ``.of("a", "b")`` jointly, ``.variables``, ``.parameters``, ``.everything``."""
        return Linearity(self.tree, self.variables, self.parameters)

    def with_columns(self, columns: Collection[str]) -> Self:
        """The same formula with the names that are columns as variables.

        Parameters
        ----------
        columns : collection of str
            Names of columns; those that are not in the formula are ignored.

        Returns
        -------
        Equation
            Of the same class; the formula itself where roles were declared, or where nothing changes.
        """
        variables = tuple(n for n in names(self.written) if n in columns)
        if not self.guessed or variables == self.variables:
            return self
        if variables not in self._variants:  # cached, so that the next fit reuses its verdicts
            self._variants[variables] = type(self)(str(self), variables=variables)
        return self._variants[variables]

    @cached_property
    def design(self) -> DesignMatrix:
        """The columns of the design matrix as formulas, where all parameters enter linearly.

        Raises
        ------
        BadInput
            Where they do not, with the reason.
        """
        judgement = self.linearity.parameters
        if judgement is None:
            return DesignMatrix((), (), self.tree, self.response)
        if judgement.verdict not in ("linear", "affine"):
            raise BadInput("formula.no_design", reason=judgement.reason)
        columns = tuple(judgement.parts.coefficients.get(name, ZERO) for name in self.parameters)
        return DesignMatrix(self.parameters, columns, judgement.parts.constant, self.response)

    def __call__(self, /, **values: Any) -> Any:
        """The value of the right side, in doubles.

        Parameters
        ----------
        **values : float or array
            A value for each variable and parameter; arrays are broadcast. Other names are ignored.

        Returns
        -------
        float or array
            NaN where the formula has no real value.

        Raises
        ------
        BadInput
            Where a value is missing.
        """
        required = (*self.variables, *self.parameters)
        for name in required:
            if name not in values:
                raise BadInput("formula.value_missing", name=name)
        arrays = {n: np.asarray(v, dtype=float) for n, v in values.items() if n in required}
        with np.errstate(all="ignore"):
            return self._tape.run(arrays, Floats())[0]

    @cached_property
    def _tape(self) -> Tape[Any]:
        return Tape([self.tree])

    def slope(self, name: str) -> Self:
        """The derivative of the right side with respect to a name.

        Parameters
        ----------
        name : str
            A variable or a parameter.

        Returns
        -------
        Equation
            The derivative as a formula of the same class. At a kink it has a one-sided value.

        Raises
        ------
        BadInput
            Where the name is not in the formula.
        """
        if name not in (*self.variables, *self.parameters):
            known = ", ".join((*self.variables, *self.parameters))
            raise BadInput("formula.no_such_name", name=name, known=known)
        tree = simplify(derivative(self.tree, name))
        tree = substitute(tree, {n: Number(CONSTANTS[n]) for n in self._columns}, Constant)
        inside = names(tree)
        return type(self)(to_text(tree), [n for n in self.variables if n in inside],
                          [n for n in self.parameters if n in inside])  # fmt: skip

    def tex(self) -> str:
        """The formula in LaTeX.

        Returns
        -------
        str
            For math mode.
        """
        left = f"{to_tex(self.response)} = " if self.response is not None else ""
        return left + to_tex(self.written)

    def mathml(self) -> str:
        """The formula in presentation MathML.

        Returns
        -------
        str
            A complete ``<math>`` element.
        """
        left = f"{to_mathml(self.response)}<mo>=</mo>" if self.response is not None else ""
        return f'<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow>{left}{to_mathml(self.written)}</mrow></math>'

    def python(self, name: str = "f") -> str:
        """The right side as a Python function over ``math``: variables first, then parameters.

        Parameters
        ----------
        name : str, default "f"
            The function's name.

        Returns
        -------
        str
            Self-contained source.
        """
        return self.source(PYTHON, name)

    def c(self, name: str = "f") -> str:
        """The right side as a C99 function of doubles: variables first, then parameters.

        Parameters
        ----------
        name : str, default "f"
            The function's name.

        Returns
        -------
        str
            Self-contained source; it needs ``math.h`` alone.
        """
        return self.source(C_DOUBLE, name)

    def javascript(self, name: str = "f") -> str:
        """The right side as a JavaScript function: variables first, then parameters.

        Parameters
        ----------
        name : str, default "f"
            The function's name.

        Returns
        -------
        str
            Self-contained source.
        """
        return self.source(JAVASCRIPT, name)

    def source(self, language: Language, name: str = "f") -> str:
        """Self-contained source of a function of numbers: variables first, then parameters.

        Parameters
        ----------
        language : Language
            The record of a programming language, from ``unbend.formula.printing``.
        name : str, default "f"
            The name of the function.

        Returns
        -------
        str
            What the function needs (an include, helper functions) and the function, as long as the formula has
            distinct operations. It gives what the formula itself gives, also for NaN and infinities.
        """
        return language.source(self.tree, (*self.variables, *self.parameters), name)

    def sympy(self) -> Any:
        """The right side in SymPy.

        Returns
        -------
        sympy.Expr
            Over real symbols; numbers are exact.
        """
        from .printing.sympy import to_sympy

        return to_sympy(self.tree)
