"""`TrainingViews`: a map of every neuron, the output surface with its linear pieces, the learning curves of a run."""

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
from .charts import affine_text
from .training_run import TrainingRun
from .training_summary import loss_name, prediction_text

MAP_SIDE, SURFACE_SIDE = 24, 56  # grid points along one side
_LIVE_PIECES = 0.03  # seconds that the pieces may take to be recomputed for every update
_MAX_POINTS, _MAX_EPOCHS = 1500, 300
_SCATTER = 0.25  # of the points of a category around its place
_MIN_EPOCHS = 10.0  # length of the epoch axis at the start

Losses = Sequence[tuple[float, float]]
_NOTHING = Network.from_arrays([(np.zeros((2, 1)), np.zeros(1))])  # drawn where there is no run


class TrainingViews:
    """The widgets ``network``, ``surface`` and ``curve``, which show the run attached last."""

    def __init__(self) -> None:
        self.run: TrainingRun | None = None
        self._pieces_seconds = 0.0
        self.network = NetworkView(_NOTHING, numbers=False)
        self.surface = SurfaceView(self.describe)
        self.curve = Plot(
            x_range=(0, _MIN_EPOCHS),
            y_range=(0, 1),
            label=say("lab_playground.losses"),
            x_label=say("lab_playground.epoch"),
            y_label="",
        )

    @property
    def by_name(self) -> dict[str, Any]:
        """The three widgets in reading order."""
        return {"surface": self.surface, "curve": self.curve, "net": self.network}

    def attach(self, run: TrainingRun) -> None:
        """Show this run and its data set from now on."""
        dataset = run.dataset
        self.run, self._pieces_seconds = run, 0.0
        shown = np.zeros((len(dataset.x), 2))
        for k, axis in enumerate(dataset.axes):
            shown[:, k] = axis.coordinates(dataset.x)
            if axis.levels:  # so that the rows of one level are not all drawn at one point
                shown[:, k] += np.random.default_rng(k).uniform(-_SCATTER, _SCATTER, len(shown))
        centre = 0.0 if dataset.classes else float(dataset.y[dataset.train_rows].mean())
        held_out = np.isin(np.arange(len(dataset.x)), dataset.validation_rows)
        drawn = np.random.default_rng(0).permutation(len(shown))[:_MAX_POINTS]
        self.network.labels = list(dataset.names)
        self.surface.set_data(
            box=self._box(run),
            names=[axis.name for axis in dataset.axes],
            levels=[axis.levels for axis in dataset.axes],
            points=shown[drawn],
            values=(dataset.y - centre)[drawn],
            held_out=held_out[drawn],
            classes=dataset.classes,
        )

    def clear(self) -> None:
        """Show no run: never the picture of one data set under the name of another."""
        self.run = None
        self.surface.clear()
        self.curve.show(lines=[])
        self.network.labels = []
        self.network.show(_NOTHING)

    def show(self, run: TrainingRun, pieces: bool, comparison: Losses | None, paused: bool = True) -> None:
        """Draw the run as it is now, with its exact pieces if ``pieces``, and the losses of a comparison run.

        Unless ``paused``, pieces that take long are drawn every 20 epochs only.
        """
        self.run = run
        net = run.net
        self.network.show(net, maps=self._maps(run, net))
        self._show_surface(run, net, pieces, paused)
        self._show_losses(run, comparison)

    def describe(self, u: float, v: float) -> str:
        """The prediction at a point of the surface, and the affine map around it."""
        if self.run is None:
            return ""
        dataset, net = self.run.dataset, self.run.net
        row = dataset.at(np.array([[u, v][: len(dataset.axes)]]))[0]
        place = ", ".join(axis.text(at) for axis, at in zip(dataset.axes, (u, v), strict=False))
        text = say("lab_playground.here", place=place, answer=prediction_text(dataset, net(row)))
        local = local_map(net, row)
        if local.exact and not dataset.classes:
            around = affine_text(local.A[0], dataset.names, local.c[0])
            text += " " + say("lab_playground.local", target=dataset.target, map=around)
        return text

    def _box(self, run: TrainingRun) -> Array:
        box = run.dataset.box
        return box if len(box) == 2 else np.vstack([box, [-1.0, 1.0]])

    def _points(self, run: TrainingRun, side: int) -> Array:
        """Input rows on a grid over the box: (side * side, features), the first axis varies fastest."""
        u, v = (np.linspace(low, high, side) for low, high in self._box(run))
        plane = np.column_stack([np.tile(u, side), np.repeat(v, side)])
        return run.dataset.at(plane[:, : len(run.dataset.axes)])

    def _maps(self, run: TrainingRun, net: Network) -> Array:
        """(neurons, MAP_SIDE, MAP_SIDE): every neuron's value over the box, inputs first, rows from top to bottom."""
        trace = net.trace(self._points(run, MAP_SIDE))
        x = trace.x - trace.x.mean(axis=0)
        return np.hstack([x, *trace.h]).T.reshape(-1, MAP_SIDE, MAP_SIDE)[:, ::-1, :]

    def _show_surface(self, run: TrainingRun, net: Network, pieces: bool, paused: bool) -> None:
        dataset = run.dataset
        output = net(self._points(run, SURFACE_SIDE))
        if len(dataset.classes) > 2:
            values, size = output.argmax(axis=1).astype(float), 1.0
        elif dataset.classes:
            values, size = output[:, 0], 1.0  # log-odds: their sign is the answer
        else:
            centre = float(dataset.y[dataset.train_rows].mean())
            values, size = output[:, 0] - centre, float(np.abs(dataset.y - centre).max()) or 1.0
        polygons, caption = self._pieces(run, net, paused) if pieces else (None, "")
        self.surface.show(
            values.reshape(SURFACE_SIDE, SURFACE_SIDE), size, polygons, caption, squash=len(dataset.classes) == 2
        )

    def _pieces(self, run: TrainingRun, net: Network, paused: bool) -> tuple[list[Array] | None, str]:
        """(polygons of the exact pieces on the box, caption); None where they take too long or do not exist."""
        if len(run.dataset.axes) < 2 or any(axis.levels for axis in run.dataset.axes):
            return None, say("lab_playground.pieces_two")
        if self._pieces_seconds > _LIVE_PIECES and run.epoch % 20 and not (paused or run.stopped):
            return None, say("lab_playground.pieces_later")
        start = time.perf_counter()
        plane = None
        if net.inputs > 2:
            origin = run.dataset.at(np.zeros((1, 2)))[0]
            plane = (origin, *(np.eye(net.inputs)[axis.features[0]] for axis in run.dataset.axes))
        try:
            result = regions(net, self._box(run), plane)
        except BadInput as error:
            return None, str(error)
        assert isinstance(result, Regions)
        polygons = result.polygons
        self._pieces_seconds = time.perf_counter() - start
        return polygons, say("lab_playground.pieces_found", count=f"{result.count:,}")

    def _show_losses(self, run: TrainingRun, comparison: Losses | None) -> None:
        lines = []
        other = [] if comparison is None else [(comparison, say("lab_playground.comparison_run"), ("soft", "soft"))]
        top, end = 1e-9, _MIN_EPOCHS
        for losses, name, styles in [*other, (run.losses, "", ("main", "second"))]:
            epochs = np.unique(np.linspace(0, len(losses) - 1, _MAX_EPOCHS).astype(int))
            values = np.array(losses)[epochs]
            top, end = max(top, float(values.max())), max(end, float(epochs[-1]))
            for k, side in enumerate((say("lab_playground.training"), say("lab_playground.validation"))):
                if name and k == 0:
                    continue  # of the comparison run the validation loss alone, to keep the plot readable
                lines.append({"x": epochs, "y": values[:, k], "name": f"{name} {side}".strip(), "look": styles[k]})
        with self.curve.hold_sync():
            self.curve.x_range, self.curve.y_range = [0.0, end], [0.0, min(1.05 * top, 1e300)]
            self.curve.y_label = loss_name(run.dataset)
            self.curve.show(lines=lines)
