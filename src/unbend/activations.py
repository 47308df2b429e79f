"""The activation functions: one record each, and everything else iterates the records.

A record writes its function and slope as formulas in ``x``. ``formula`` is the textbook form; ``shared``, ``value``
and ``slope`` are the same function in a form that neither overflows nor cancels, with the common parts computed
once. NumPy code, compiled kernels, exported C and JavaScript, and pictures are all made from these texts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from .arrays import Array
from .errors import FormulaError
from .formula.program import numpy_function


@dataclass(frozen=True)
class Activation:
    """One activation function h(x).

    ``shared`` are (name, formula) pairs used by ``value`` and ``slope``; ``slope`` may also use ``value``.
    ``kinks`` are the places where the slope (or, for ``step``, the value) jumps; there ``slope`` states which
    side counts. ``range`` is the interval the values lie in.
    """

    name: str
    formula: str
    tex: str
    value: str
    slope: str
    range: tuple[float, float]
    kinks: tuple[float, ...] = ()
    shared: tuple[tuple[str, str], ...] = ()

    def __call__(self, x: Any) -> Array:
        """h(x), elementwise: any shape in, the same shape and float dtype out; the input is not touched."""
        x = _floats(x)
        return _like(x, self._value(x))

    def derivative(self, x: Any) -> Array:
        """h'(x), elementwise; at a kink, the slope the record states."""
        return self.value_and_slope(_floats(x))[1]

    def value_and_slope(self, x: Array) -> tuple[Array, Array]:
        """h(x) and h'(x) for a float array, with the shared parts computed once."""
        value, slope = self._both(x)
        return _like(x, value), _like(x, slope)

    @cached_property
    def bends(self) -> bool:
        """False when h is one straight line, so that a layer with it is affine."""
        return self.affine is None

    @cached_property
    def affine(self) -> tuple[float, float] | None:
        """(slope, intercept) when h(x) = slope*x + intercept everywhere, else None."""
        from .formula.evaluate.derivative import contains, derivative
        from .formula.language.grammar import parse

        tree = derivative(parse(self.formula), "x")
        if self.kinks or contains(tree, "x"):
            return None
        slope, intercept = float(self.derivative(np.ones(1))[0]), float(self(np.zeros(1))[0])
        x = np.linspace(-50.0, 50.0, 2001)  # floor and ceil have slope 0 and are no line
        straight = np.allclose(self(x), slope * x + intercept, rtol=1e-9, atol=1e-9)
        return (slope, intercept) if straight else None

    @cached_property
    def learns(self) -> bool:
        """False when the slope is 0 at every point, so that no gradient passes."""
        return bool(np.any(self.derivative(np.linspace(-6.0, 6.0, 241)) != 0))

    def __reduce__(self) -> tuple[Any, ...]:
        """Copied and pickled by its texts; the functions made from them are made again."""
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


_INF = math.inf
_SIGMOID = (("t", "exp(-abs(x))"), ("s", "where(x >= 0, 1, t)/(1 + t)"))
_RECORDS = [
    Activation("identity", "x", "x", "x", "1", (-_INF, _INF)),
    # where(x <= 0, 0, 1) would hand NaN on as 1; x - x is 0 for numbers and NaN for NaN and infinities
    Activation("step", "where(x > 0, 1, 0)", r"\mathbf{1}[x>0]", "where(x == x, where(x > 0, 1, 0), x)", "0",
               (0, 1), (0.0,)),
    Activation("sigmoid", "1/(1 + exp(-x))", r"\frac{1}{1+e^{-x}}", "s", "s*(where(x >= 0, t, 1)/(1 + t))",
               (0, 1), shared=_SIGMOID),
    Activation("tanh", "tanh(x)", r"\tanh x", "tanh(x)", "(1 - value)*(1 + value)", (-1, 1)),
    Activation("relu", "max(x, 0)", r"\max(x,0)", "max(x, 0)", "where(x > 0, 1, 0)", (0, _INF), (0.0,)),
    Activation("leaky_relu", "max(x, 0.01*x)", r"\max(x,0.01x)", "max(x, 0.01*x)", "where(x > 0, 1, 0.01)",
               (-_INF, _INF), (0.0,)),
    Activation("elu", "where(x > 0, x, exp(x) - 1)", r"x\ (x>0),\ e^x-1\ (x\le 0)", "where(x > 0, x, t)",
               "where(x > 0, 1, t + 1)", (-1, _INF), shared=(("t", "expm1(min(x, 0))"),)),
    Activation("selu", "1.0507009873554805*where(x > 0, x, 1.6732632423543772*(exp(x) - 1))",
               r"\lambda x\ (x>0),\ \lambda\alpha(e^x-1)\ (x\le 0)",
               "1.0507009873554805*where(x > 0, x, 1.6732632423543772*t)",
               "1.0507009873554805*where(x > 0, 1, 1.6732632423543772*(t + 1))",
               (-1.7580993408473766, _INF), (0.0,), (("t", "expm1(min(x, 0))"),)),
    Activation("gelu", "x*(1 + erf(x/sqrt(2)))/2", r"\tfrac{x}{2}\left(1+\mathrm{erf}\tfrac{x}{\sqrt2}\right)",
               "x*p", "p + x*(0.3989422804014327*exp(-0.5*(x*x)))", (-0.16997120747990369, _INF),
               shared=(("p", "0.5*erfc(-0.7071067811865476*x)"),)),
    Activation("silu", "x/(1 + exp(-x))", r"\frac{x}{1+e^{-x}}", "x*s", "s*(1 + x*(where(x >= 0, t, 1)/(1 + t)))",
               (-0.27846454276107380, _INF), shared=_SIGMOID),
    Activation("softplus", "log(1 + exp(x))", r"\ln(1+e^x)", "max(x, 0) + log1p(t)", "where(x >= 0, 1, t)/(1 + t)",
               (0, _INF), shared=(("t", "exp(-abs(x))"),)),
    # tanh(log(1 + e^x)) is a quotient of polynomials in t, on either side of 0
    Activation("mish", "x*tanh(log(1 + exp(x)))", r"x\tanh\ln(1+e^x)", "x*q", "q + x*(r/d)*(1 + q)*s",
               (-0.30884341301725043, _INF),
               shared=(*_SIGMOID, ("a", "where(x >= 0, 1 + 2*t, t*(t + 2))"), ("r", "where(x >= 0, 2*(t*t), 2)"),
                       ("d", "a + r"), ("q", "a/d"))),
    Activation("softsign", "x/(1 + abs(x))", r"\frac{x}{1+|x|}", "x/d", "1/(d*d)", (-1, 1),
               shared=(("d", "1 + abs(x)"),)),
    Activation("hard_tanh", "max(-1, min(x, 1))", r"\max(-1,\min(x,1))", "max(-1, min(x, 1))",
               "where(abs(x) < 1, 1, 0)", (-1, 1), (-1.0, 1.0)),
    Activation("hard_sigmoid", "max(0, min(x/6 + 1/2, 1))", r"\max(0,\min(\tfrac{x}{6}+\tfrac12,1))",
               "max(0, min((x + 3)/6, 1))", "where(abs(x) < 3, 1/6, 0)", (0, 1), (-3.0, 3.0)),
    Activation("relu6", "max(0, min(x, 6))", r"\max(0,\min(x,6))", "max(0, min(x, 6))",
               "where((x > 0)*(x < 6), 1, 0)", (0, 6), (0.0, 6.0)),
    Activation("abs", "abs(x)", "|x|", "abs(x)", "sign(x)", (0, _INF), (0.0,)),
    Activation("sin", "sin(x)", r"\sin x", "sin(x)", "cos(x)", (-1, 1)),
    Activation("gaussian", "exp(-x**2)", "e^{-x^2}", "exp(-(x*x))", "-2*x*value", (0, 1)),
]  # fmt: skip

activations: Mapping[str, Activation] = MappingProxyType({record.name: record for record in _RECORDS})


def activation(which: str | Activation) -> Activation:
    """The record of that name; or a record made from a formula in ``x``, such as ``"max(x, 0.2*x)"``.

    Raises ``FormulaError`` where the text is neither a name nor a formula in ``x`` alone.
    """
    if isinstance(which, Activation):
        return which
    if not isinstance(which, str):
        raise FormulaError("activations.not_text", at=0, got=type(which).__name__)
    return activations[which] if which in activations else _from_formula(which)


@cache
def _from_formula(text: str) -> Activation:
    from difflib import get_close_matches

    from .formula.evaluate.derivative import derivative
    from .formula.evaluate.kinks import kinks
    from .formula.language.grammar import parse
    from .formula.language.tree import Name, names
    from .formula.source import to_text

    tree = parse(text)
    others = [n for n in names(tree) if n not in ("x", "pi", "e")]
    if isinstance(tree, Name) and tree.name != "x":
        near = get_close_matches(text, [*activations], 1) or [*activations][:1]
        raise FormulaError("activations.no_such", at=0, got=text, near=near[0], known=", ".join(activations))
    if others:
        raise FormulaError("activations.only_x", at=tree.span[0], got=others[0], text=text)
    with np.errstate(all="ignore"):
        record = Activation(text, text, to_text(tree), to_text(tree), to_text(derivative(tree, "x")), (-_INF, _INF),
                            kinks(tree, "x"))  # fmt: skip
        if not np.isfinite(record(np.linspace(-3.0, 3.0, 61))).all():
            raise FormulaError("activations.not_finite", at=0, text=text)
    return record
