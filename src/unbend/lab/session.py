"""One reader's playground: a run, and the views that show it. Everything happens on the thread of the reader's page."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.reading import Reading
from ..errors import BadInput
from ..geometry import Regions, local_map, regions
from ..network import Network, softmax
from ..network.dense import Array
from ..widgets.network_view import NetworkView
from ..widgets.plot import Plot
from ..widgets.runner import Runner
from ..widgets.surface_view import SurfaceView
from ..words import say
from . import playground
from .run import Run, check_layers
from .state import Field

GRID, FINE = 24, 56  # points across a neuron's map, and across the surface
_LIVE = 0.03  # seconds that the pieces may take to be drawn anew in every picture


class Session:
    """``set_up`` with the fields' values; the rest is driven by the ``runner``'s buttons."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = fields
        self.run: Run | None = None
        self.values: dict[str, Any] = {}
        self._reading: Reading | None = None
        self._source: tuple[Any, ...] = ()
        self._kept: tuple[dict[str, Any], list[tuple[float, float]], list[Any]] | None = None
        self._pieces_cost = 0.0
        self.said = ""
        self.network = NetworkView(Network.from_arrays([(np.zeros((2, 1)), np.zeros(1))]), numbers=False)
        self.surface = SurfaceView(self.describe)
        self.curve = Plot(x_range=(0, 1), y_range=(0, 1), label=say("lab_playground.losses"), y_label="",
                          x_label=say("lab_playground.epoch"))  # fmt: skip
        self.runner = Runner(self.advance, self.act)

    def is_new(self, reading: Reading | None) -> bool:
        """Whether this table has not been seen yet."""
        new = reading is not None and reading is not self._reading
        self._reading = reading
        return new

    def set_up(
        self, values: dict[str, Any], reading: Reading | None = None, target: str = "", problem: str = ""
    ) -> None:
        """Take over the fields' values: the run goes on where only rate, batch, decay or patience changed.

        ``reading`` is an own table, ``target`` its column to be predicted, ``problem`` why a table could not be read.
        """
        source: tuple[Any, ...] = (
            id(reading) if values["data"] == "own" else 0,
            target if values["data"] == "own" else "",
            *(values[name] for name in (*playground.DATA, *playground.NETWORK, "optimizer")),
        )
        try:
            plan = playground.plan(values)
            if self.run is not None and source == self._source:
                if plan != self.run.plan:
                    self.run.learn_otherwise(plan)
            else:
                self.run = Run(playground.rows(values, reading, target), plan)
                self._begin()
            self.said = " ".join([problem, *self.run.sample.notes, check_layers(plan.layers)]).strip()
        except BadInput as error:
            self.run, self.said = None, (values["data"] == "own" and problem) or str(error)
        self.values, self._source = dict(values), source
        self.show()

    def _begin(self) -> None:
        assert self.run is not None
        sample = self.run.sample
        shown = sample.x[:, sample.axes]
        if len(sample.axes) == 1:
            shown = np.column_stack([shown, np.zeros(len(shown))])
        middle = 0.0 if sample.classes else float(sample.y[sample.learn].mean())
        held_out = np.isin(np.arange(len(sample.x)), sample.judge)
        some = np.random.default_rng(0).permutation(len(shown))[:1500]
        self.surface.frame(self._box(), [sample.names[i] for i in sample.axes], shown[some],
                           (sample.y - middle)[some], held_out[some], sample.classes)  # fmt: skip

    def advance(self, seconds: float) -> bool:
        """A slice of learning, drawn; whether there is more to do."""
        if self.run is None:
            return False
        self.run.advance(seconds)
        self.show(paused=False)
        return not self.run.stopped

    def act(self, name: str) -> None:
        """What a button asks for: an epoch, a new start, or to keep this run for comparison."""
        if self.run is None:
            return
        if name == "step":
            self.run.one_epoch()
        elif name == "reset":
            self.run = Run(self.run.sample, self.run.plan)
        elif name == "keep":
            self._kept = (dict(self.values), list(self.run.losses), self._scores())
        self.show()

    def show(self, paused: bool = True) -> None:
        """Draw the run as it is now; what it came to is said when it is paused, not all the time."""
        if self.run is None:
            self.runner.message, self.runner.heads, self.runner.scores = self.said, [], []
            return
        net = self.run.net
        self.network.show(net, maps=self._maps(net))
        self._show_surface(net)
        self._show_losses()
        came_to = self._came_to() if paused or self.run.stopped else say("lab_playground.learning")
        self.runner.message = " ".join(part for part in (came_to, self.run.stopped, self.said) if part)
        self.runner.heads = ["", say("lab_playground.training"), say("lab_playground.validation")]
        scores = self._scores()
        if self._kept is not None:
            kept_values, _, kept_scores = self._kept
            scores = [[say("lab_playground.kept", name=row[0]), *row[1:]] for row in kept_scores] + scores
            scores.append([say("lab_playground.changed"),
                           playground.differences(kept_values, self.values, self.fields), ""])  # fmt: skip
        self.runner.scores = scores

    def _box(self) -> Array:
        assert self.run is not None
        box = self.run.sample.box
        return box if len(box) == 2 else np.vstack([box, [-1.0, 1.0]])

    def _points(self, side: int) -> Array:
        """Rows of the network over the box: (side * side, features), the first axis fastest."""
        assert self.run is not None
        u, v = (np.linspace(low, high, side) for low, high in self._box())
        plane = np.column_stack([np.tile(u, side), np.repeat(v, side)])
        return self.run.sample.at(plane[:, : len(self.run.sample.axes)])

    def _maps(self, net: Network) -> Array:
        """(neurons, GRID, GRID): every neuron's value over the box, inputs first, drawn top to bottom."""
        trace = net.trace(self._points(GRID))
        x = trace.x - trace.x.mean(axis=0)
        maps = np.hstack([x, *trace.h]).T.reshape(-1, GRID, GRID)
        return maps[:, ::-1, :]

    def _show_surface(self, net: Network) -> None:
        assert self.run is not None
        sample = self.run.sample
        output = net(self._points(FINE))
        if len(sample.classes) > 2:
            values, size = output.argmax(axis=1).astype(float), 1.0
        elif sample.classes:
            values, size = np.tanh(output[:, 0] / 2), 1.0  # 2 p - 1: its sign is the answer
        else:
            middle = float(sample.y[sample.learn].mean())
            values, size = output[:, 0] - middle, float(np.abs(sample.y - middle).max()) or 1.0
        polygons, caption = self._pieces(net)
        self.surface.show(values.reshape(FINE, FINE), size, polygons, caption)

    def _pieces(self, net: Network) -> tuple[list[Array] | None, str]:
        """The exact pieces on the box, where they are asked for and quick enough, and what to say about them."""
        assert self.run is not None
        if not self.values.get("pieces"):
            return None, ""
        if len(self.run.sample.axes) < 2:
            return None, say("lab_playground.pieces_two")
        if self._pieces_cost > _LIVE and self.run.epoch % 20 and not self.run.stopped:
            return None, say("lab_playground.pieces_later")
        began = time.perf_counter()
        plane = None
        if net.inputs > 2:
            origin = self.run.sample.at(np.zeros((1, 2)))[0]
            plane = (origin, *(np.eye(net.inputs)[i] for i in self.run.sample.axes))
        try:
            found = regions(net, self._box(), plane)
        except BadInput as problem:
            return None, str(problem)
        assert isinstance(found, Regions)
        polygons = found.polygons
        self._pieces_cost = time.perf_counter() - began
        return polygons, say("lab_playground.pieces_found", count=f"{found.count:,}")

    def describe(self, u: float, v: float) -> str:
        """What the network answers at a point of the box, and the affine map it is there."""
        if self.run is None:
            return ""
        sample, net = self.run.sample, self.run.net
        row = sample.at(np.array([[u, v][: len(sample.axes)]]))[0]
        place = ", ".join(f"{sample.names[i]} = {row[i]:.3g}" for i in sample.axes)
        text = say("lab_playground.here", place=place, answer=self._answer(net(row)))
        here = local_map(net, row)
        if here.exact and not sample.classes:
            terms = " ".join(f"{a:+.4g}·{name}" for a, name in zip(here.A[0], sample.names, strict=True))
            text += " " + say("lab_playground.local", target=sample.target, map=f"{terms} {here.c[0]:+.4g}")
        return text

    def _answer(self, output: Array) -> str:
        assert self.run is not None
        sample = self.run.sample
        if not sample.classes:
            return f"{sample.target} = {output[0]:.4g}"
        p = 1 / (1 + np.exp(-output[0])) if len(output) == 1 else 0.0
        shares = np.array([1 - p, p]) if len(output) == 1 else softmax(output)
        best = int(shares.argmax())
        return f"{sample.target} = {sample.classes[best]} ({100 * shares[best]:.0f} %)"

    def _show_losses(self) -> None:
        assert self.run is not None
        lines = []
        kept = [] if self._kept is None else [(self._kept[1], say("lab_playground.kept_run"), ("soft", "soft"))]
        series = [*kept, (self.run.losses, "", ("main", "second"))]
        top, end = 1e-9, 1
        for losses, name, looks in series:
            at = np.unique(np.linspace(0, len(losses) - 1, 300).astype(int))
            both = np.array(losses)[at]
            top, end = max(top, float(both.max())), max(end, int(at[-1]))
            for k, side in enumerate((say("lab_playground.training"), say("lab_playground.validation"))):
                if name and k == 0:
                    continue  # of a kept run the validation alone: two lines more would be a tangle
                lines.append({"x": at, "y": both[:, k], "name": f"{name} {side}".strip(), "look": looks[k]})
        with self.curve.hold_sync():
            self.curve.x_range, self.curve.y_range = [0.0, float(end)], [0.0, min(1.05 * top, 1e300)]
            self.curve.y_label = self.unit
            self.curve.show(lines=lines)

    @property
    def unit(self) -> str:
        """What the losses are measured in."""
        assert self.run is not None
        sample = self.run.sample
        return say("lab_playground.nats") if sample.classes else say("lab_playground.rmse", target=sample.target)

    def _came_to(self) -> str:
        assert self.run is not None
        score = self.run.scores()[1]
        name = say("lab_playground.accuracy") if self.run.sample.classes else "R²"
        return say("lab_playground.came_to", epoch=self.run.epoch, unit=self.unit, loss=f"{self.run.losses[-1][1]:.4g}",
                   name=name, score=f"{score:.3f}")  # fmt: skip

    def _scores(self) -> list[list[str]]:
        assert self.run is not None
        train, valid = self.run.losses[-1]
        score = self.run.scores()
        name = say("lab_playground.accuracy") if self.run.sample.classes else "R²"
        rows = [[say("lab_playground.epoch"), str(self.run.epoch), ""], [self.unit, f"{train:.4g}", f"{valid:.4g}"],
                [name, f"{score[0]:.3g}", f"{score[1]:.3g}"]]  # fmt: skip
        if self.run.sample.classes and len(self.run.sample.classes) <= 6:
            table = self.run.confusion()
            for i, true in enumerate(self.run.sample.classes):
                counts = ", ".join(f"{c}: {n}" for c, n in zip(self.run.sample.classes, table[i], strict=True))
                rows.append([say("lab_playground.confusion", name=true), "", counts])
        return rows
