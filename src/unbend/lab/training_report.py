"""`sections`: a training run as static HTML: scores, surface, learning curves, diagram, neuron formulas, settings."""

from __future__ import annotations

import base64
import io
from html import escape

from ..figures.diagram import MINUS, PLUS, diagram
from ..report.html import table
from ..words import say
from .session import Session

_CLASSES = (MINUS, PLUS, "#1a7a42", "#7a3fa0", "#967000", "#46505a", "#be286e", "#007d82")  # as in the view


def sections(session: Session) -> list[str]:
    """The page's content as HTML without scripts. Raises ``BadInput`` where there is no network yet."""
    net = session.net
    formulas = "".join(f"<p><code>{escape(net.formula(k, j, numbers=True))}</code></p>"
                       for k, layer in enumerate(net.layers) for j in range(layer.outputs))  # fmt: skip
    return [
        f"<p>{escape(session.runner.message)}</p>" + table(session.runner.heads, session.runner.scores),
        f'<img alt="{escape(say("lab.surface_label"))}" src="data:image/png;base64,{_png(session)}">',
        diagram(net).svg(),
        f"<h2>{escape(say('lab_playground.formulas'))}</h2>{formulas}",
        f"<h2>{escape(say('lab_playground.settings'))}</h2>"
        + table((say("lab_playground.setting"), say("lab_pages.value")), session.settings_table()),
    ]


def _png(session: Session) -> str:
    """Surface and learning curves as a base64-encoded PNG."""
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.colors import LinearSegmentedColormap, ListedColormap
    from matplotlib.figure import Figure

    from ..figures.fonts import family

    figure = Figure(figsize=(11, 4.6), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    view = session.views.surface
    side = view.side
    shades = np.frombuffer(view.grid, "<f4").reshape(side, side)
    if view.squash:
        shades = np.tanh(shades / 2)
    points = np.frombuffer(view.points, "<f4").reshape(-1, 4)
    ends = [v for pair in view.box for v in pair]
    multiclass = len(view.classes) > 2
    colours = (
        ListedColormap(_CLASSES) if multiclass else LinearSegmentedColormap.from_list("sides", [MINUS, "white", PLUS])
    )
    low, high = (-0.5, len(_CLASSES) - 0.5) if multiclass else (-view.size, view.size)
    levels = (
        2 * points[:, 2] - 1 if len(view.classes) == 2 else points[:, 2] % len(_CLASSES) if multiclass else points[:, 2]
    )
    left.imshow(
        shades % len(_CLASSES) if multiclass else shades,
        extent=ends,
        origin="lower",
        aspect="auto",
        cmap=colours,
        vmin=low,
        vmax=high,
        alpha=0.6,
    )
    left.scatter(points[:, 0], points[:, 1], c=levels, s=12, cmap=colours, vmin=low, vmax=high, edgecolors="#1d2329",
                 linewidths=0.5)  # fmt: skip
    left.set_xlabel(view.names[0], family=family())
    left.set_ylabel(view.names[-1] if len(view.names) > 1 else "", family=family())
    for line in session.views.curve.lines:
        right.plot(line["x"], line["y"], label=line["name"], ls="--" if line["look"] == "second" else "-")
    right.legend(prop={"family": family()})
    right.set_xlabel(say("lab_playground.epoch"), family=family())
    file = io.BytesIO()
    figure.savefig(file)
    return base64.b64encode(file.getvalue()).decode()
