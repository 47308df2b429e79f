"""What a reader takes away from the playground: the network as Python, as a file, and the page as one HTML."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import BadInput
from ..figures import diagram
from ..network import Network, save
from ..words import say
from .session import Session
from .take_away import document


def makers(session: Session) -> dict[str, Callable[[], tuple[str, bytes]]]:
    """What the buttons say → what makes the file."""

    def net() -> Network:
        if session.run is None:
            raise BadInput("lab_playground.nothing_to_take")
        return session.run.net

    return {
        say("lab.take_python"): lambda: ("network.py", as_python(net()).encode()),
        say("lab.take_safetensors"): lambda: ("network.safetensors", as_file(net(), "network.safetensors")),
        say("lab.take_json"): lambda: ("network.json", as_file(net(), "network.json")),
        say("lab.take_html"): lambda: ("playground.html", as_html(session, net()).encode()),
    }


def as_python(net: Network) -> str:
    """A program that builds the network again, with every number of it."""
    layers = ",\n    ".join(f"({layer.W.tolist()}, {layer.b.tolist()})" for layer in net.layers)
    names = [layer.activation.name for layer in net.layers]
    return (
        "import unbend as ub\n\n"
        f"net = ub.Network.from_arrays([\n    {layers},\n], activations={names!r}, dtype={str(net.dtype)!r})\n"
        f"print(net([{', '.join(['0.5'] * net.inputs)}]))\n"
    )


def as_file(net: Network, name: str) -> bytes:
    """The model file that ``unbend.save`` writes under that name."""
    with TemporaryDirectory() as folder:
        return Path(save(net, Path(folder) / name)).read_bytes()


def as_html(session: Session, net: Network) -> str:
    """The page as it stands: settings, scores, diagram, surface, losses and every neuron's formula; without scripts."""
    title = say("lab.page_playground")
    rows = "".join(f"<tr><th>{escape(field.label)}</th><td>{escape(str(session.values[field.name]))}</td></tr>"
                   for field in session.fields if field.name in session.values)  # fmt: skip
    scores = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
                     for row in [session.runner.heads, *session.runner.scores])  # fmt: skip
    formulas = "".join(f"<p><code>{escape(net.formula(k, j, numbers=True))}</code></p>"
                       for k, layer in enumerate(net.layers) for j in range(layer.outputs))  # fmt: skip
    pictures = f'<img alt="{escape(say("lab.surface_label"))}" src="data:image/png;base64,{_picture(session)}">'
    return document(title, [
        f"<p>{escape(session.runner.message)}</p><table>{scores}</table>", pictures, diagram(net).svg(),
        f"<h2>{escape(say('lab_playground.formulas'))}</h2>{formulas}",
        f"<h2>{escape(say('lab_playground.settings'))}</h2><table>{rows}</table>",
    ], as_python(net))  # fmt: skip


def _picture(session: Session) -> str:
    """Surface and losses as a PNG, in base64."""
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from ..figures.fonts import family

    figure = Figure(figsize=(11, 4.6), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    view = session.surface
    side = view.side
    shades = np.frombuffer(view.grid, "<f4").reshape(side, side)
    points = np.frombuffer(view.points, "<f4").reshape(-1, 4)
    ends = [v for pair in view.box for v in pair]
    left.imshow(shades, extent=ends, origin="lower", aspect="auto", cmap="PuOr_r", vmin=-view.size, vmax=view.size)
    left.scatter(points[:, 0], points[:, 1], c=points[:, 2], s=10, cmap="PuOr_r", edgecolors="#1d2329", linewidths=0.5)
    left.set_xlabel(view.names[0], family=family())
    left.set_ylabel(view.names[-1] if len(view.names) > 1 else "", family=family())
    for line in session.curve.lines:
        right.plot(line["x"], line["y"], label=line["name"], ls="--" if line["look"] == "second" else "-")
    right.legend(prop={"family": family()})
    right.set_xlabel(say("lab_playground.epoch"), family=family())
    file = io.BytesIO()
    figure.savefig(file)
    return base64.b64encode(file.getvalue()).decode()
