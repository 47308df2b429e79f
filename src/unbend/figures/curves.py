"""Article figures of curves: a regression line, the step, the sigmoid, ReLU, all activations, one for each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from ..activations import Activation, activations
from ..words import say
from .canvas import new_figure
from .fonts import family
from .model_diagrams import wrap_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BLUE, _RED, _GREY = "#1b6ca8", "#b5471b", "#777777"
_X = np.linspace(-5.0, 5.0, 1001)


def linear_regression() -> Figure:
    """Points, their least squares line, and the residuals."""
    from ..solve import Formula

    x, y = regression_data()
    fit = Formula("y = a*x + b").fit({"x": x, "y": y})
    a, b = fit.values["a"], fit.values["b"]
    figure, axes = _captioned_axes(say("figures.linear_regression_title"), say(
        "figures.linear_regression_caption", a=f"{a:.3f}", b=f"{b:.3f}", r2=f"{fit.r2:.3f}", n=len(x)))  # fmt: skip
    axes.vlines(x, y, a * x + b, color=_RED, lw=1, ls=":", label=say("figures.residuals"))
    axes.plot(x, y, "o", color=_BLUE, ms=6, label=say("figures.points"))
    ends = np.array([x.min() - 0.3, x.max() + 0.3])
    axes.plot(ends, a * ends + b, color="#222222", lw=2, label=f"y = {a:.3f} x {'+' if b >= 0 else '−'} {abs(b):.3f}")
    axes.legend(loc="upper left", prop={"family": family(), "size": 11})
    _labels(axes)
    return figure


def regression_data(seed: int = 7) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Twenty points x, y around the line y = 0.8 x + 1, with normal noise of standard deviation 0.7."""
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0, 10, 20))
    return x, 0.8 * x + 1 + rng.normal(0, 0.7, 20)


def stair_function() -> Figure:
    """The step function, with its jump: 0 at 0, 1 above."""
    figure, axes = _captioned_axes(say("figures.stair_function_title"), say("figures.stair_function_caption"))
    _step(axes)
    axes.set_ylim(-0.15, 1.15)
    _labels(axes, "x", "h(x)")
    return figure


def sigmoid() -> Figure:
    """The sigmoid over [-5, 5], with the step for comparison."""
    figure, axes = _captioned_axes(say("figures.sigmoid_title"), say("figures.sigmoid_caption"))
    _step(axes, dash=True)
    axes.plot(_X, activations["sigmoid"](_X), color=_BLUE, lw=2.5, label="sigmoid: 1/(1 + exp(−x))")
    axes.plot(0, 0.5, "o", color=_BLUE)
    axes.annotate("(0, 1/2)", (0, 0.5), (0.4, 0.46), fontsize=11)
    axes.set_ylim(-0.15, 1.15)
    axes.legend(loc="upper left", prop={"family": family(), "size": 11}, bbox_to_anchor=(0, 0.9))
    _labels(axes, "x", "h(x)")
    return figure


def relu_function() -> Figure:
    """ReLU and its slope, with the subgradient used at 0."""
    relu = activations["relu"]
    figure, axes = _captioned_axes(say("figures.relu_function_title"),
                           say("figures.relu_function_caption", slope=_slope_text(relu, 0.0)))  # fmt: skip
    axes.plot(_X, relu(_X), color=_BLUE, lw=2.5, label="max(x, 0)")
    for part in (_X[_X <= 0], _X[_X > 0]):
        axes.plot(part, relu.derivative(part), color=_RED, lw=1.8, ls="--",
                  label=say("figures.slope") if part[0] < 0 else None)  # fmt: skip
    axes.plot(0, relu.derivative(np.zeros(1))[0], "o", color=_RED)
    axes.plot(0, 1, "o", mfc="white", mec=_RED)
    axes.legend(loc="upper left", prop={"family": family(), "size": 11})
    _labels(axes, "x", "h(x)")
    return figure


def sigmoid_output() -> Figure:
    """All activations in one figure, each with its slope."""
    figure = _captioned_figure(13.0, 11.6, say("figures.sigmoid_output_title"), say("figures.sigmoid_output_caption"))
    rows = -(-len(activations) // 4)
    grid = figure.add_gridspec(rows, 4, left=0.05, right=0.98, top=0.92, bottom=0.1, hspace=0.5, wspace=0.22)
    for i, record in enumerate(activations.values()):
        axes = figure.add_subplot(grid[i // 4, i % 4])
        _curve(axes, record)
        axes.set_title(record.name, fontsize=11)
    handles = [figure.axes[0].lines[i] for i in (0, 1)]
    figure.legend(handles, ["h(x)", say("figures.slope")], loc="lower right", bbox_to_anchor=(0.97, 0.13),
                  prop={"family": family(), "size": 12})  # fmt: skip
    return figure


def plate(record: Activation) -> Figure:
    """One activation's curve, slope, kinks, range and formula."""
    low, high = (_bound_text(v) for v in record.range)
    kinks = ", ".join(f"{k:g}" for k in record.kinks) or say("figures.no_kinks")
    caption = say("figures.plate_caption", formula=record.formula, low=low, high=high, kinks=kinks)
    figure, axes = _captioned_axes(f"{record.name}:  ${_mathtext(record.tex)}$", caption)
    _curve(axes, record)
    for kink in record.kinks:
        axes.axvline(kink, color=_GREY, lw=0.8, ls=":")
    for bound in record.range:
        if np.isfinite(bound):
            axes.axhline(bound, color=_GREY, lw=0.8, ls="-.")
    axes.legend(axes.lines[:2], ["h(x)", say("figures.slope")], loc="best",
                prop={"family": family(), "size": 11})  # fmt: skip
    _labels(axes, "x", "")
    return figure


def _slope_text(record: Activation, at: float) -> str:
    """The slope of the record at a point, as text."""
    return f"{float(record.derivative(np.array([at]))[0]):g}"


def _curve(axes: Any, record: Activation) -> None:
    """The curve and its slope, with gaps where they jump."""
    x = np.linspace(
        min(-5.0, *(k - 2 for k in record.kinks), -5.0), max(5.0, *(k + 2 for k in record.kinks), 5.0), 2001
    )
    axes.plot(*_with_gaps(record, x, record(x)), color=_BLUE, lw=2.2)
    axes.plot(*_with_gaps(record, x, record.derivative(x)), color=_RED, lw=1.5, ls="--")
    axes.axhline(0, color="#cccccc", lw=0.8, zorder=0)
    axes.axvline(0, color="#cccccc", lw=0.8, zorder=0)


def _with_gaps(record: Activation, x: Any, y: Any) -> tuple[Any, Any]:
    """x and y with NaN inserted where the curve jumps, which it does at kinks only."""
    near = np.zeros(len(x) - 1, dtype=bool)
    for kink in record.kinks:
        near |= np.abs(x[1:] - kink) < 0.02
    at = np.flatnonzero(near & (np.abs(np.diff(y)) > 0.05)) + 1
    return np.insert(x, at, x[at]), np.insert(y, at, np.nan)


def _step(axes: Any, dash: bool = False) -> None:
    step = activations["step"]
    style = {"color": _GREY if dash else _BLUE, "lw": 1.6 if dash else 2.5, "ls": "--" if dash else "-"}
    for part in (_X[_X <= 0], _X[_X > 0]):
        axes.plot(part, step(part), label="step" if part[0] < 0 else None, **style)
    axes.plot(0, step(np.zeros(1))[0], "o", color=style["color"])
    axes.plot(0, 1, "o", mfc="white", mec=style["color"])


def _mathtext(tex: str) -> str:
    """The formula in the subset of TeX that Matplotlib reads."""
    plain = tex.replace(r"\tfrac", r"\frac").replace(r"\le ", r"\leq ")
    return re.sub(r"\\sqrt(\d)", r"\\sqrt{\1}", re.sub(r"\\frac(\d)(\d)", r"\\frac{\1}{\2}", plain))


def _bound_text(value: float) -> str:
    """An end of a range, as text."""
    return ("−∞" if value < 0 else "∞") if not np.isfinite(value) else f"{value:.4g}".replace("-", "−")


def _captioned_axes(title: str, caption: str) -> tuple[Figure, Any]:
    """A figure with a title, a caption and one pair of axes."""
    figure = _captioned_figure(7.2, 5.6, title, caption)
    axes = figure.add_axes((0.11, 0.24, 0.85, 0.66))
    axes.grid(color="#e6e6e6")
    return figure, axes


def _captioned_figure(width: float, height: float, title: str, caption: str) -> Figure:
    """An empty figure of width by height inches with a title above and a wrapped caption below."""
    figure = new_figure((width, height), dpi=150)
    figure.text(0.5, 1 - 0.25 / height, title, ha="center", va="center", fontsize=14, family=family())
    text = "\n".join(wrap_text(caption, int(width * 12)))
    figure.text(0.5, 0.12 / height, text, ha="center", va="bottom", fontsize=10.5, family=family(), linespacing=1.4)
    return figure


def _labels(axes: Any, x: str = "x", y: str = "y") -> None:
    axes.set_xlabel(x, fontsize=11)
    axes.set_ylabel(y, fontsize=11)
