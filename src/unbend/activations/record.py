"""`Activation`: the record of one activation function: its formulas, and the NumPy functions made from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Literal

import numpy as np

from ..arrays import Array
from ..display import Displayed
from ..formula.printing.numpy_functions import numpy_function


@dataclass(frozen=True)
class Activation(Displayed):
    """One activation function h(x): its formulas, and the NumPy functions made from them.

    Calling the record with an array gives h(x), elementwise.

    Parameters
    ----------
    name : str
        The name under which layers and model files refer to the function; for a user's formula, the formula itself.
    formula : str
        The textbook form, a formula in ``x``.
    tex : str
        The same as TeX, for pictures and pages.
    value, slope : str
        h(x) and h'(x) in a form that neither overflows nor cancels; ``slope`` may also use ``value``.
    range : tuple of float
        The interval (lowest, highest) that contains the values; infinite ends allowed.
    kinks : tuple of float, default ()
        The places where the slope (or, for ``step``, the value) jumps; there ``slope`` states which side counts.
    shared : tuple of (str, str), default ()
        (name, formula) pairs: parts that ``value`` and ``slope`` have in common, computed once.
    init : {"glorot", "he"}, default "glorot"
        Which initial weights suit the function, used by `Dense` where ``start`` is None: ``"he"`` [1]_ for rectifiers
        and their smooth relatives, ``"glorot"`` [2]_ for sigmoids and everything else.
        A record made from a user's formula has ``"glorot"``.

    Attributes
    ----------
    bends : bool
        False when h is one straight line.
    affine : tuple of float or None
        (slope, intercept) when h is one straight line.
    learns : bool
        False when the slope is 0 everywhere.

    References
    ----------
    .. [1] He, Zhang, Ren & Sun, "Delving deep into rectifiers", ICCV 2015.
    .. [2] Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.

    Examples
    --------
    >>> import unbend as ub
    >>> relu = ub.activations["relu"]
    >>> relu([-1.0, 2.0]), relu.derivative([-1.0, 2.0])
    (array([0., 2.]), array([0., 1.]))
    """

    name: str
    formula: str
    tex: str
    value: str
    slope: str
    range: tuple[float, float]
    kinks: tuple[float, ...] = ()
    shared: tuple[tuple[str, str], ...] = ()
    init: Literal["glorot", "he"] = field(default="glorot", repr=False)  # checkpoints identify a record by its repr

    def __call__(self, x: Any) -> Array:
        """The values h(x).

        Parameters
        ----------
        x : array_like of any shape
            Float arrays keep their dtype; anything else is taken as float64.

        Returns
        -------
        ndarray of the same shape
            A new array; ``x`` itself is not modified.
        """
        x = _floats(x)
        return _like(x, self._value(x))

    def derivative(self, x: Any) -> Array:
        """The slopes h'(x); at a kink, the one the record states.

        Parameters
        ----------
        x : array_like of any shape

        Returns
        -------
        ndarray of the same shape and float dtype
        """
        return self.value_and_slope(_floats(x))[1]

    def value_and_slope(self, x: Array) -> tuple[Array, Array]:
        """h(x) and h'(x), with the shared parts computed once.

        Parameters
        ----------
        x : ndarray of float32 or float64, any shape

        Returns
        -------
        value, slope : ndarray of the same shape and dtype
        """
        value, slope = self._both(x)
        return _like(x, value), _like(x, slope)

    @cached_property
    def bends(self) -> bool:
        """False when h is one straight line, so that a layer with it is affine."""
        return self.affine is None

    @cached_property
    def affine(self) -> tuple[float, float] | None:
        """(slope, intercept) when h(x) = slope*x + intercept everywhere, else None."""
        from ..formula.evaluate.derivative import derivative
        from ..formula.language.grammar import parse
        from ..formula.language.tree import depends_on

        tree = derivative(parse(self.formula), "x")
        if self.kinks or depends_on(tree, ("x",)):
            return None
        slope, intercept = float(self.derivative(np.ones(1))[0]), float(self(np.zeros(1))[0])
        x = np.linspace(-50.0, 50.0, 2001)  # floor and ceil have slope 0 and are no line
        is_line = np.allclose(self(x), slope * x + intercept, rtol=1e-9, atol=1e-9)
        return (slope, intercept) if is_line else None

    @cached_property
    def learns(self) -> bool:
        """False when the slope is 0 at every point, so that no gradient passes."""
        return bool(np.any(self.derivative(np.linspace(-6.0, 6.0, 241)) != 0))

    def __reduce__(self) -> tuple[Any, ...]:
        """Copied and pickled by its fields; the compiled functions are rebuilt on first use."""
        return Activation, tuple(getattr(self, field.name) for field in fields(self))

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """The stable form as (name, formula) pairs that end in ``value`` and ``slope``."""
        return (*self.shared, ("value", self.value), ("slope", self.slope))

    @cached_property
    def _value(self) -> Callable[[Array], Any]:
        return numpy_function(("x",), self.steps, ("value",))

    @cached_property
    def _both(self) -> Callable[[Array], tuple[Any, Any]]:
        return numpy_function(("x",), self.steps, ("value", "slope"))


def _floats(x: Any) -> Array:
    array = np.asarray(x)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def _like(x: Array, result: Any) -> Array:
    """``result`` as a new array of x's shape and dtype: a constant slope is one number, a comparison gives integers."""
    if isinstance(result, np.ndarray) and result.dtype == x.dtype and result is not x:
        return result
    out = np.empty_like(x)
    out[...] = result
    return out
