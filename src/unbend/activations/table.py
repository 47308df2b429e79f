"""``activations``: the table of activation functions, {name: `Activation`}; everything else iterates the records.

To add a function, add its record here. NumPy code, compiled kernels, exported code, model files and pictures are all
made from the formulas in it. ``formula`` is the textbook form; ``shared``, ``value`` and ``slope`` are the same
function in a form that neither overflows nor cancels, with the common parts computed once.

Optional: its native module in ``export/pytorch`` and its operator in ``export/onnx``; without them its formula is
exported.
"""

from __future__ import annotations

import math

from ..display import Registry
from .record import Activation

_INF = math.inf
_SIGMOID = (("t", "exp(-abs(x))"), ("s", "where(x >= 0, 1, t)/(1 + t)"))
_RECORDS = [
    Activation(
        name="identity",
        formula="x",
        tex="x",
        value="x",
        slope="1",
        range=(-_INF, _INF),
    ),
    # x == x is False for NaN alone: NaN propagates, where a bare comparison would give 0
    Activation(
        name="step",
        formula="where(x > 0, 1, 0)",
        tex=r"\mathbf{1}[x>0]",
        value="where(x == x, where(x > 0, 1, 0), x)",
        slope="0",
        range=(0, 1),
        kinks=(0.0,),
    ),
    Activation(
        name="sigmoid",
        formula="1/(1 + exp(-x))",
        tex=r"\frac{1}{1+e^{-x}}",
        value="s",
        slope="s*(where(x >= 0, t, 1)/(1 + t))",
        range=(0, 1),
        shared=_SIGMOID,
    ),
    Activation(
        name="tanh",
        formula="tanh(x)",
        tex=r"\tanh x",
        value="tanh(x)",
        slope="(1 - value)*(1 + value)",
        range=(-1, 1),
    ),
    Activation(
        name="relu",
        formula="max(x, 0)",
        tex=r"\max(x,0)",
        value="max(x, 0)",
        slope="where(x > 0, 1, 0)",
        range=(0, _INF),
        kinks=(0.0,),
        init="he",
    ),
    Activation(
        name="leaky_relu",
        formula="max(x, 0.01*x)",
        tex=r"\max(x,0.01x)",
        value="max(x, 0.01*x)",
        slope="where(x > 0, 1, 0.01)",
        range=(-_INF, _INF),
        kinks=(0.0,),
        init="he",
    ),
    Activation(
        name="elu",
        formula="where(x > 0, x, exp(x) - 1)",
        tex=r"x\ (x>0),\ e^x-1\ (x\le 0)",
        value="where(x > 0, x, t)",
        slope="where(x > 0, 1, t + 1)",
        range=(-1, _INF),
        shared=(("t", "expm1(min(x, 0))"),),
        init="he",
    ),
    Activation(
        name="selu",
        formula="1.0507009873554805*where(x > 0, x, 1.6732632423543772*(exp(x) - 1))",
        tex=r"\lambda x\ (x>0),\ \lambda\alpha(e^x-1)\ (x\le 0)",
        value="1.0507009873554805*where(x > 0, x, 1.6732632423543772*t)",
        slope="1.0507009873554805*where(x > 0, 1, 1.6732632423543772*(t + 1))",
        range=(-1.7580993408473766, _INF),
        kinks=(0.0,),
        shared=(("t", "expm1(min(x, 0))"),),
    ),
    Activation(
        name="gelu",
        formula="x*(1 + erf(x/sqrt(2)))/2",
        tex=r"\tfrac{x}{2}\left(1+\mathrm{erf}\tfrac{x}{\sqrt2}\right)",
        value="x*p",
        slope="p + x*(0.3989422804014327*exp(-0.5*(x*x)))",
        range=(-0.16997120747990369, _INF),
        shared=(("p", "0.5*erfc(-0.7071067811865476*x)"),),
        init="he",
    ),
    Activation(
        name="silu",
        formula="x/(1 + exp(-x))",
        tex=r"\frac{x}{1+e^{-x}}",
        value="x*s",
        slope="s*(1 + x*(where(x >= 0, t, 1)/(1 + t)))",
        range=(-0.27846454276107380, _INF),
        shared=_SIGMOID,
        init="he",
    ),
    Activation(
        name="softplus",
        formula="log(1 + exp(x))",
        tex=r"\ln(1+e^x)",
        value="max(x, 0) + log1p(t)",
        slope="where(x >= 0, 1, t)/(1 + t)",
        range=(0, _INF),
        shared=(("t", "exp(-abs(x))"),),
        init="he",
    ),
    # tanh(log(1 + e^x)) is a quotient of polynomials in t, on either side of 0
    Activation(
        name="mish",
        formula="x*tanh(log(1 + exp(x)))",
        tex=r"x\tanh\ln(1+e^x)",
        value="x*q",
        slope="q + x*(r/d)*(1 + q)*s",
        range=(-0.30884341301725043, _INF),
        shared=(
            *_SIGMOID,
            ("a", "where(x >= 0, 1 + 2*t, t*(t + 2))"),
            ("r", "where(x >= 0, 2*(t*t), 2)"),
            ("d", "a + r"),
            ("q", "a/d"),
        ),
        init="he",
    ),
    Activation(
        name="softsign",
        formula="x/(1 + abs(x))",
        tex=r"\frac{x}{1+|x|}",
        value="x/d",
        slope="1/(d*d)",
        range=(-1, 1),
        shared=(("d", "1 + abs(x)"),),
    ),
    Activation(
        name="hard_tanh",
        formula="max(-1, min(x, 1))",
        tex=r"\max(-1,\min(x,1))",
        value="max(-1, min(x, 1))",
        slope="where(abs(x) < 1, 1, 0)",
        range=(-1, 1),
        kinks=(-1.0, 1.0),
    ),
    Activation(
        name="hard_sigmoid",
        formula="max(0, min(x/6 + 1/2, 1))",
        tex=r"\max(0,\min(\tfrac{x}{6}+\tfrac12,1))",
        value="max(0, min((x + 3)/6, 1))",
        slope="where(abs(x) < 3, 1/6, 0)",
        range=(0, 1),
        kinks=(-3.0, 3.0),
    ),
    Activation(
        name="relu6",
        formula="max(0, min(x, 6))",
        tex=r"\max(0,\min(x,6))",
        value="max(0, min(x, 6))",
        slope="where((x > 0)*(x < 6), 1, 0)",
        range=(0, 6),
        kinks=(0.0, 6.0),
        init="he",
    ),
    Activation(
        name="abs",
        formula="abs(x)",
        tex="|x|",
        value="abs(x)",
        slope="sign(x)",
        range=(0, _INF),
        kinks=(0.0,),
        init="he",
    ),
    Activation(
        name="sin",
        formula="sin(x)",
        tex=r"\sin x",
        value="sin(x)",
        slope="cos(x)",
        range=(-1, 1),
    ),
    Activation(
        name="gaussian",
        formula="exp(-x**2)",
        tex="e^{-x^2}",
        value="exp(-(x*x))",
        slope="-2*x*value",
        range=(0, 1),
    ),
]


class Activations(Registry[Activation]):
    """Activation functions by name."""


activations = Activations(_RECORDS)
"""Every activation function by name: an immutable mapping from str to `Activation`.

Examples
--------
>>> import unbend as ub
>>> ub.activations["softplus"].formula
'log(1 + exp(x))'
"""
