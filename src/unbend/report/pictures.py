"""The report's pictures, as SVG elements for the page."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Array
from ..file_access import write_file
from ..words import say
from .number_text import number, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..train.history import History
    from ..verdict.effects import Effect
    from ..verdict.network_model import NetworkModel

LINEAR, NETWORK, GREY = "#1f77b4", "#d95f02", "#777777"  # dashes differ too, for printing in grey
LINEAR_SHADES, NETWORK_SHADES = ("#5f9fd0", "#2f7ab8", "#0d4a7a"), ("#e5893a", "#c95a02", "#7a3000")
MAX_POINTS, FEW_POINTS = 2_000, 300
LABEL_SIZE = 10.0  # points, of the labels of ticks


def figure(columns: int = 1, rows: int = 1, width: float = 8.0, height: float = 3.4) -> tuple[Figure, Any]:
    """A figure with its axes (rows, columns), in the report's style."""
    from matplotlib.figure import Figure

    fig = Figure(figsize=(width, height), layout="constrained")
    axes = fig.subplots(rows, columns, squeeze=False)
    for ax in axes.flat:
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(alpha=0.25, linewidth=0.6)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(_tick_labels())
        ax.xaxis.set_major_locator(_spaced_ticks())
    return fig, axes


def _tick(value: float, grouped: bool) -> str:
    """A tick's label: large numbers in full, not as multiples of a power of ten above the axis."""
    text = f"{value:,.10g}" if grouped else f"{value:.6g}"
    return text.replace("-", "\N{MINUS SIGN}")


def _grouped(ticks: Any) -> bool:
    """Whether the thousands of an axis are set off by commas; those of years are not."""
    return max(map(abs, ticks), default=0) >= 1e4


def _tick_labels() -> Any:
    """The labels of an axis, all in one form."""
    from matplotlib.ticker import Formatter

    class Labels(Formatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return _tick(x, _grouped([x]))

        def format_ticks(self, values: Any) -> list[str]:
            return [_tick(x, _grouped(values)) for x in values]

    return Labels()


def _spaced_ticks() -> Any:
    """A locator for the horizontal axis: as many ticks as their labels leave room for."""
    from matplotlib.ticker import MaxNLocator

    class Spaced(MaxNLocator):
        def tick_values(self, vmin: float, vmax: float) -> Any:
            axis: Any = self.axis
            room = axis.axes.bbox.width * 72 / axis.figure.dpi / LABEL_SIZE  # in heights of the labels
            for most in range(8, 1, -1):
                self.set_params(nbins=most)
                ticks: Any = super().tick_values(vmin, vmax)
                labels = [_tick(tick, _grouped(ticks)) for tick in ticks if vmin <= tick <= vmax]
                if len(labels) * (0.6 * max(map(len, labels), default=0) + 1) <= room:
                    break
            return ticks

    return Spaced(steps=[1, 2, 2.5, 5, 10])


def _logarithmic(ax: Any) -> None:
    """A logarithmic vertical axis with numbers as labels: as formulas, powers of ten take long to draw."""
    from matplotlib.ticker import LogFormatter

    class Labels(LogFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return _tick(x, _grouped([x])) if super().__call__(x, pos) else ""

    ax.set_yscale("log")
    ax.yaxis.set_major_formatter(Labels())
    ax.yaxis.set_minor_formatter(Labels(minor_thresholds=(1, 0.4)))


_drawn: ContextVar[list[tuple[str, Figure]] | None] = ContextVar("drawn", default=None)


@contextmanager
def collect_figures() -> Iterator[list[tuple[str, Figure]]]:
    """The (title, figure) of every picture drawn inside, in order."""
    drawn: list[tuple[str, Figure]] = []
    token = _drawn.set(drawn)
    try:
        yield drawn
    finally:
        _drawn.reset(token)


def write_figures(drawn: Sequence[tuple[str, Figure]], folder: Path) -> list[Path]:
    """Write each picture as SVG and as PNG, numbered and named after its title."""
    import matplotlib as mpl
    from matplotlib.text import Text

    from ..figures.fonts import family

    written = []
    for i, (title, fig) in enumerate(drawn, 1):
        name = f"{i:02d}-{re.sub(r'[^0-9A-Za-z가-힣]+', '-', title).lower()[:40].strip('-')}"
        for text in fig.findobj(Text):
            text.set_fontfamily(family())
        for ending in ("svg", "png"):
            buffer = io.BytesIO()
            with warnings.catch_warnings(), mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "unbend"}):
                warnings.filterwarnings("ignore", message="Glyph")
                metadata = {"Date": None, "Creator": None} if ending == "svg" else {"Software": None}
                fig.savefig(buffer, format=ending, dpi=200, metadata=metadata)
            written.append(write_file(folder / f"{name}.{ending}", buffer.getvalue()))
    return written


def svg(fig: Figure, title: str) -> str:
    """The figure as an <svg> element that scales with the page; its text stays text, in the reader's own fonts."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    if (drawn := _drawn.get()) is not None:
        drawn.append((title, fig))

    buffer = io.StringIO()
    with warnings.catch_warnings(), mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "unbend"}):
        warnings.filterwarnings("ignore", message="Glyph")  # Hangul is measured without its font, then drawn with it
        # unlike ``savefig``, which draws everything twice
        canvas: Any = FigureCanvasSVG(fig)
        canvas.print_svg(buffer, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r"font: ([^;\"]*?)'[^\"]*?sans-serif", r"font: \1sans-serif", text)
    return text.replace("<svg", f'<svg role="img" aria-label="{_attribute(title)}"', 1)


def small(picture: str, width: float = 30.0) -> str:
    """The picture, not wider than its text reads well; ``width`` in heights of the page's text."""
    return f'<div style="max-width: {width:g}rem">{picture}</div>'


def predicted_against_actual(y: Array, outputs: Sequence[tuple[str, Array]], target: str) -> list[str]:
    """Held-out predictions of each model over the actual values, a picture for each, on the same axes."""
    some = np.random.default_rng(0).permutation(len(y))[:MAX_POINTS]
    values = np.concatenate([y[some], *(o[some] for _, o in outputs)])
    # a few extreme predictions must not compress all the others into a corner
    low, high = np.quantile(values, [0.002, 0.998])
    low, high = min(low, y.min()), max(high, y.max())
    pad = 0.04 * (high - low)
    limits, name_of_target = (low - pad, high + pad), short_label(target, 30)
    drawn = []
    for (name, output), colour, marker in zip(outputs, (LINEAR, NETWORK), "os", strict=False):
        fig, axes = figure(1, 1, 4.2, 4.2)
        ax = axes.flat[0]
        ax.plot([low, high], [low, high], color=GREY, linewidth=1, zorder=1)
        size, alpha = (3, 0.45) if len(some) > FEW_POINTS else (5, 0.75)
        ax.plot(y[some], output[some], marker, color=colour, markersize=size, alpha=alpha, markeredgewidth=0)
        ax.set(title=name, xlabel=say("report.actual", target=name_of_target), xlim=limits,
               ylabel=say("report.predicted", target=name_of_target), ylim=limits, box_aspect=1)  # fmt: skip
        drawn.append(svg(fig, f"{say('report.predicted_title')}: {name}"))
    return drawn


def learning_curves(training: NetworkModel, unit: str) -> str:
    """Every network's training loss and each kind's held-out loss, with the epoch whose weights were used."""
    fig, axes = figure(1, 1, 5.0, 3.0)
    ax = axes.flat[0]
    for curve in training.curves:
        epochs = training.epochs * np.arange(1, len(curve.train) + 1)
        ax.plot(epochs, curve.train, "--", color=GREY, linewidth=0.8)
        held_out = curve.held_out.mean(axis=1)
        kind = say("report.curved_networks" if curve.encoded else "report.plain_networks")
        several = len(training.curves) > 1
        label = say("report.validation_loss", kind=kind) if several else say("report.validation_loss_alone")
        ax.plot(epochs, held_out, ":" if curve.encoded else "-", color=NETWORK, linewidth=1.6, label=label)
        ax.plot(epochs[curve.best], held_out[curve.best], "o", color="black", markersize=4)
    ax.plot([], [], "--", color=GREY, linewidth=0.8, label=say("report.train_loss"))
    ax.plot([], [], "o", color="black", markersize=4, label=say("report.kept_weights"))
    if min(curve.held_out.min() for curve in training.curves) > 0:
        _logarithmic(ax)
    ax.set(xlabel=say("report.epoch"), ylabel=say("report.loss_unit", unit=unit))
    fig.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=9)
    return small(svg(fig, say("report.curves_title")), 40.0)


def training_history(history: History) -> str:
    """The losses of a training by epoch, with the epoch whose weights the network has."""
    fig, axes = figure(1, 1, 5.0, 3.0)
    ax = axes.flat[0]
    epochs = np.arange(history.epochs)
    ax.plot(epochs, history.train_loss, "--", color=GREY, linewidth=1, label=say("report.train_loss"))
    losses = history.validation_loss or history.train_loss
    if history.validation_loss:
        ax.plot(epochs, losses, "-", color=NETWORK, linewidth=1.6, label=say("report.validation"))
    ax.plot(history.best_epoch, losses[history.best_epoch], "o", color="black", markersize=4,
            label=say("report.kept_weights"))  # fmt: skip
    if min(*history.train_loss, *losses) > 0:
        _logarithmic(ax)
    ax.set(xlabel=say("report.epoch"), ylabel=say("report.loss_unit", unit=history.unit))
    fig.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=9)
    return small(svg(fig, say("report.curves_title")), 40.0)


def effects(of: Sequence[Effect], target: str, limits: tuple[float, float]) -> list[str]:
    """Each column's effect in both models, on the vertical axis that all columns share.

    Numbers have labels of one height below the axis: their pictures share the layout of the first, which is half of
    the time that drawing takes.
    """
    drawn: list[str] = []
    layout: Any = None
    for e in of:
        fig, axes = figure(1, 1, 3.9, 2.7)
        is_number = e.kind == "number"
        draw_effect(axes.flat[0], e, target, limits)
        fig.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=8)
        if is_number:
            if layout is None:
                layout = _layout(fig)
            fig.set_layout_engine("none")
            axes.flat[0].set_position(layout)
        drawn.append(svg(fig, e.column))
    return drawn


def _layout(fig: Figure) -> Any:
    """The place of a figure's axes, with room for half a label at the end of the horizontal one."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        fig.get_layout_engine().execute(fig)  # type: ignore[union-attr]
    place: Any = fig.axes[0].get_position()
    place.x1 = min(place.x1, 0.94)
    return place


def draw_effect(ax: Any, e: Effect, target: str, limits: tuple[float, float]) -> None:
    """One column's effect in both models, on a Matplotlib axes."""
    labels = isinstance(e.values[0], str) and e.kind != "date"
    x = _positions(e)
    for curve, colour, style, marker, name, above in (
        (e.linear, LINEAR, "--", "o", say("report.straight"), 3),  # the dashes are seen where both are the same
        (e.network, NETWORK, "-", "s", say("report.network"), 2),
    ):
        ax.plot(
            x, curve, marker if labels else style, color=colour, linewidth=1.8, markersize=5, label=name, zorder=above
        )
    if labels:
        step = max(1, len(x) // 8)
        ax.set_xticks(x[::step], [short_label(str(v)) for v in e.values[::step]], rotation=35, ha="right")
    if e.kind == "date":
        _label_dates(ax)
    ax.set(xlabel=short_label(e.column, 40), ylabel=_axis_label(e, target))
    ax.set_ylim(limits)


def conditional(curves: Sequence[Effect], other: str, target: str, limits: tuple[float, float]) -> list[str]:
    """One column's effect at a few values of another: a picture of the linear model, one of the network."""
    first = curves[0]
    labels = isinstance(first.values[0], str) and first.kind != "date"
    x = _positions(first)
    drawn = []
    for name, shades in (("straight", LINEAR_SHADES), ("network", NETWORK_SHADES)):
        fig, axes = figure(1, 1, 4.2, 3.4)
        ax = axes.flat[0]
        for e, shade, style in zip(curves, shades, (":", "--", "-"), strict=False):
            given = number(e.given) if isinstance(e.given, float) else str(e.given).removesuffix(" 00:00:00")
            curve = e.linear if name == "straight" else e.network
            ax.plot(x, curve, style, marker="o" if labels else "", color=shade, linewidth=2,
                    label=f"{short_label(other, 24)} = {short_label(given)}")  # fmt: skip
        if labels:
            ax.set_xticks(x, [short_label(str(v)) for v in first.values], rotation=35, ha="right")
        if first.kind == "date":
            _label_dates(ax)
        ax.set(title=say(f"report.{name}"), xlabel=short_label(first.column, 40), ylabel=_axis_label(first, target))
        ax.set_ylim(limits)
        ax.legend(frameon=False, fontsize=8)
        drawn.append(svg(fig, f"{first.column}, {other}: {say(f'report.{name}')}"))
    return drawn


def _axis_label(e: Effect, target: str) -> str:
    return say("report.probability_of", of=short_label(e.of)) if e.of else short_label(target, 24)


def gain_bar(gain: float, interval: tuple[float, float]) -> str:
    """The gain and its 95 % interval on a line with 0 marked; the axis is named below it."""
    fig, axes = figure(1, 1, 4.2, 0.65)
    ax = axes.flat[0]
    low, high = max(interval[0], -2.0), interval[1]
    ax.axvline(0, color="black", linewidth=1.2)
    ax.plot([100 * low, 100 * high], [0, 0], color=NETWORK, linewidth=5, solid_capstyle="butt", alpha=0.55)
    ax.plot(100 * max(gain, -2.0), 0, "D", color=NETWORK, markersize=8)
    limit = 100 * max(abs(low), abs(high), 0.15) * (1.1 if interval[0] >= -2.0 else 1.0)
    ax.set(xlim=(-limit if low < 0 else -0.08 * limit, limit), ylim=(-1, 1), yticks=[])
    ax.spines["left"].set_visible(False)
    if interval[0] < -2.0:  # the interval goes beyond the axis
        ax.annotate("", (-limit, 0), (-0.9 * limit, 0), arrowprops={"arrowstyle": "-|>", "color": NETWORK, "lw": 2})
        ax.annotate(percent(interval[0]), (-0.99 * limit, 0.35), fontsize=9, color=NETWORK)
    return small(svg(fig, say("report.gain_axis")))


def _positions(e: Effect) -> Any:
    """Where the values stand on the axis: numbers and dates as they are, labels one after another."""
    if e.kind == "date":
        return np.array(e.values, dtype="datetime64[us]")
    return np.arange(len(e.values)) if isinstance(e.values[0], str) else np.asarray(e.values)


def _label_dates(ax: Any) -> None:
    """Years, months or days in figures, as every language reads them."""
    from matplotlib import dates

    untyped: Any = dates
    locator = untyped.AutoDateLocator(minticks=3, maxticks=6)
    ax.xaxis.set_major_locator(locator)
    forms = ["%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M", "%S"]
    zeros = ["", "%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M"]
    offsets = ["", "", "%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%d"]
    formatter = untyped.ConciseDateFormatter(locator, formats=forms, zero_formats=zeros, offset_formats=offsets)
    ax.xaxis.set_major_formatter(formatter)


def short_label(text: str | None, most: int = 14) -> str:
    """Cut to ``most`` characters, with $ escaped, which would begin mathematics."""
    text = text or ""
    return (text if len(text) <= most else text[: most - 1] + "…").replace("$", r"\$")


def _attribute(text: str) -> str:
    from html import escape

    return escape(text, quote=True)
