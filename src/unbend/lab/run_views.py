"""The pictures of a run: every neuron's map, the surface with its pieces, the losses."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import BadInput
from ..geometry import Regions, local_map, regions
from ..network import Network
from ..widgets.network_view import NetworkView
from ..widgets.plot import Plot
from ..widgets.surface_view import SurfaceView
from ..words import say
from .run import Run
from .run_words import answer, unit

GRID, FINE = 24, 56  # points across a neuron's map, and across the surface
_LIVE = 0.03  # seconds that the pieces may take to be drawn anew in every picture
_SHOWN_POINTS, _SHOWN_EPOCHS = 1500, 300
_FIRST_EPOCHS = 10.0  # the least the axis of the losses shows

Losses = Sequence[tuple[float, float]]


class Views:
    """``network``, ``surface`` and ``curve``, which show the run that was ``framed`` last."""

    def __init__(self) -> None:
        self.run: Run | None = None
        self._pieces_cost = 0.0
        self.network = NetworkView(Network.from_arrays([(np.zeros((2, 1)), np.zeros(1))]), numbers=False)
        self.surface = SurfaceView(self.describe)
        self.curve = Plot(x_range=(0, _FIRST_EPOCHS), y_range=(0, 1), label=say("lab_playground.losses"), y_label="",
                          x_label=say("lab_playground.epoch"))  # fmt: skip

    @property
    def by_name(self) -> dict[str, Any]:
        """The three, in the order in which they are read."""
        return {"surface": self.surface, "curve": self.curve, "net": self.network}

    def frame(self, run: Run) -> None:
        """Show this run's rows from now on."""
        sample = run.sample
        self.run, self._pieces_cost = run, 0.0
        shown = sample.x[:, sample.axes]
        if len(sample.axes) == 1:
            shown = np.column_stack([shown, np.zeros(len(shown))])
        middle = 0.0 if sample.classes else float(sample.y[sample.learn].mean())
        held_out = np.isin(np.arange(len(sample.x)), sample.judge)
        some = np.random.default_rng(0).permutation(len(shown))[:_SHOWN_POINTS]
        self.network.labels = list(sample.names)
        self.surface.frame(self._box(run), [sample.names[i] for i in sample.axes], shown[some],
                           (sample.y - middle)[some], held_out[some], sample.classes)  # fmt: skip

    def show(self, run: Run, pieces: bool, kept: Losses | None) -> None:
        """Draw the run as it is now, with its exact pieces where asked for, beside the losses of a kept run."""
        self.run = run
        net = run.net
        self.network.show(net, maps=self._maps(run, net))
        self._show_surface(run, net, pieces)
        self._show_losses(run, kept)

    def describe(self, u: float, v: float) -> str:
        """What the network answers at a point of the surface, and the affine map it is there."""
        if self.run is None:
            return ""
        sample, net = self.run.sample, self.run.net
        row = sample.at(np.array([[u, v][: len(sample.axes)]]))[0]
        place = ", ".join(f"{sample.names[i]} = {row[i]:.3g}" for i in sample.axes)
        text = say("lab_playground.here", place=place, answer=answer(sample, net(row)))
        here = local_map(net, row)
        if here.exact and not sample.classes:
            terms = " ".join(f"{a:+.4g}·{name}" for a, name in zip(here.A[0], sample.names, strict=True))
            text += " " + say("lab_playground.local", target=sample.target, map=f"{terms} {here.c[0]:+.4g}")
        return text

    def _box(self, run: Run) -> Array:
        box = run.sample.box
        return box if len(box) == 2 else np.vstack([box, [-1.0, 1.0]])

    def _points(self, run: Run, side: int) -> Array:
        """Rows of the network over the box: (side * side, features), the first axis fastest."""
        u, v = (np.linspace(low, high, side) for low, high in self._box(run))
        plane = np.column_stack([np.tile(u, side), np.repeat(v, side)])
        return run.sample.at(plane[:, : len(run.sample.axes)])

    def _maps(self, run: Run, net: Network) -> Array:
        """(neurons, GRID, GRID): every neuron's value over the box, inputs first, drawn top to bottom."""
        trace = net.trace(self._points(run, GRID))
        x = trace.x - trace.x.mean(axis=0)
        return np.hstack([x, *trace.h]).T.reshape(-1, GRID, GRID)[:, ::-1, :]

    def _show_surface(self, run: Run, net: Network, pieces: bool) -> None:
        sample = run.sample
        output = net(self._points(run, FINE))
        if len(sample.classes) > 2:
            values, size = output.argmax(axis=1).astype(float), 1.0
        elif sample.classes:
            values, size = np.tanh(output[:, 0] / 2), 1.0  # 2 p - 1: its sign is the answer
        else:
            middle = float(sample.y[sample.learn].mean())
            values, size = output[:, 0] - middle, float(np.abs(sample.y - middle).max()) or 1.0
        polygons, caption = self._pieces(run, net) if pieces else (None, "")
        self.surface.show(values.reshape(FINE, FINE), size, polygons, caption)

    def _pieces(self, run: Run, net: Network) -> tuple[list[Array] | None, str]:
        """The exact pieces on the box, where they are quick enough, and what to say about them."""
        if len(run.sample.axes) < 2:
            return None, say("lab_playground.pieces_two")
        if self._pieces_cost > _LIVE and run.epoch % 20 and not run.stopped:
            return None, say("lab_playground.pieces_later")
        began = time.perf_counter()
        plane = None
        if net.inputs > 2:
            origin = run.sample.at(np.zeros((1, 2)))[0]
            plane = (origin, *(np.eye(net.inputs)[i] for i in run.sample.axes))
        try:
            found = regions(net, self._box(run), plane)
        except BadInput as problem:
            return None, str(problem)
        assert isinstance(found, Regions)
        polygons = found.polygons
        self._pieces_cost = time.perf_counter() - began
        return polygons, say("lab_playground.pieces_found", count=f"{found.count:,}")

    def _show_losses(self, run: Run, kept: Losses | None) -> None:
        lines = []
        older = [] if kept is None else [(kept, say("lab_playground.kept_run"), ("soft", "soft"))]
        top, end = 1e-9, _FIRST_EPOCHS
        for losses, name, looks in [*older, (run.losses, "", ("main", "second"))]:
            at = np.unique(np.linspace(0, len(losses) - 1, _SHOWN_EPOCHS).astype(int))
            both = np.array(losses)[at]
            top, end = max(top, float(both.max())), max(end, float(at[-1]))
            for k, side in enumerate((say("lab_playground.training"), say("lab_playground.validation"))):
                if name and k == 0:
                    continue  # of a kept run the validation alone: two lines more would be a tangle
                lines.append({"x": at, "y": both[:, k], "name": f"{name} {side}".strip(), "look": looks[k]})
        with self.curve.hold_sync():
            self.curve.x_range, self.curve.y_range = [0.0, end], [0.0, min(1.05 * top, 1e300)]
            self.curve.y_label = unit(run.sample)
            self.curve.show(lines=lines)
