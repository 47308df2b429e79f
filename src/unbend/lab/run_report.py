"""The playground as it stands, on paper: scores, surface, losses, diagram, every neuron's formula, settings."""

from __future__ import annotations

import base64
import io
from html import escape

from ..figures import diagram
from ..report.html import table
from ..words import say
from .session import Session


def parts(session: Session) -> list[str]:
    """What the page shows, as HTML without scripts. Raises ``BadInput`` where there is no network yet."""
    net = session.net
    formulas = "".join(f"<p><code>{escape(net.formula(k, j, numbers=True))}</code></p>"
                       for k, layer in enumerate(net.layers) for j in range(layer.outputs))  # fmt: skip
    return [
        f"<p>{escape(session.runner.message)}</p>" + table(session.runner.heads, session.runner.scores),
        f'<img alt="{escape(say("lab.surface_label"))}" src="data:image/png;base64,{_picture(session)}">',
        diagram(net).svg(),
        f"<h2>{escape(say('lab_playground.formulas'))}</h2>{formulas}",
        f"<h2>{escape(say('lab_playground.settings'))}</h2>"
        + table((say("lab_playground.setting"), say("lab_pages.value")), session.settings()),
    ]


def _picture(session: Session) -> str:
    """Surface and losses as a PNG, in base64."""
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from ..figures.fonts import family

    figure = Figure(figsize=(11, 4.6), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    view = session.views.surface
    side = view.side
    shades = np.frombuffer(view.grid, "<f4").reshape(side, side)
    points = np.frombuffer(view.points, "<f4").reshape(-1, 4)
    ends = [v for pair in view.box for v in pair]
    left.imshow(shades, extent=ends, origin="lower", aspect="auto", cmap="PuOr_r", vmin=-view.size, vmax=view.size)
    left.scatter(points[:, 0], points[:, 1], c=points[:, 2], s=10, cmap="PuOr_r", edgecolors="#1d2329", linewidths=0.5)
    left.set_xlabel(view.names[0], family=family())
    left.set_ylabel(view.names[-1] if len(view.names) > 1 else "", family=family())
    for line in session.views.curve.lines:
        right.plot(line["x"], line["y"], label=line["name"], ls="--" if line["look"] == "second" else "-")
    right.legend(prop={"family": family()})
    right.set_xlabel(say("lab_playground.epoch"), family=family())
    file = io.BytesIO()
    figure.savefig(file)
    return base64.b64encode(file.getvalue()).decode()
