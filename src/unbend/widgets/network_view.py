"""An interactive network diagram with live weights; hover or focus a neuron for its formula."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np
import traitlets

from ..arrays import Array
from ..figures.diagram import heading, short
from ..figures.layout import RADIUS, arrange
from ..network import Network
from ..network.neuron_formula import value_names
from ..words import say
from .view import View

DIGITS = 4  # of every number in a formula


class NetworkView(View, module="network_view"):
    """An interactive network diagram.

    Colour and dash show a weight's sign, width its size, as in ``unbend.diagram``. The formula of the neuron that is
    hovered or focused is shown below the diagram.

    Parameters
    ----------
    net : Network
        The network to show.
    x : array_like of shape (inputs,), optional
        A row for which every formula is evaluated.
    numbers : bool, default True
        Write every weight on its arrow and every bias below its neuron. Where there are many arrows, the weights appear
        with the selected neuron alone.
    most : int, default 16
        Of a layer with more neurons, some are left out of the diagram.

    Attributes
    ----------
    chosen : list of int
        Trait: (layer, neuron) of the selected neuron, from 0; empty without one.
    symbols, formula : str
        Traits: the selected neuron's formula in symbols, and with numbers.
    labels : list of str
        Trait: names of the inputs.
    columns, arrows, bottom, radius : list, list, float, float
        Traits: layout of the diagram.
    weights : bytes
        Trait: float32, of each layer W (inputs, outputs), then b.
    maps : bytes
        Trait: uint8, (neurons drawn, grid, grid), 128 is 0; drawn inside the neurons.

    Examples
    --------
    >>> import unbend as ub
    >>> view = ub.widgets.NetworkView(ub.Network([ub.Dense(2, 3, "relu"), ub.Dense(3, 1)], seed=0))
    >>> view.chosen = [0, 1]
    >>> view.symbols
    'h2 = relu(x1*w12 + x2*w22 + b2)'
    """

    columns: traitlets.List[Any] = traitlets.List().tag(sync=True)
    arrows: traitlets.List[Any] = traitlets.List().tag(sync=True)
    bottom = traitlets.Float(0.0).tag(sync=True)
    radius = traitlets.Float(RADIUS).tag(sync=True)
    numbers = traitlets.Bool(True).tag(sync=True)
    weights = traitlets.Bytes(b"").tag(sync=True)  # float32: of each layer W (inputs, outputs), then b
    maps = traitlets.Bytes(b"").tag(sync=True)  # uint8, (neurons drawn, grid, grid), 128 is 0
    grid = traitlets.Int(0).tag(sync=True)
    values: traitlets.List[Any] = traitlets.List().tag(sync=True)
    labels: traitlets.List[str] = traitlets.List().tag(sync=True)  # of the inputs
    chosen: traitlets.List[Any] = traitlets.List().tag(sync=True)
    symbols = traitlets.Unicode("").tag(sync=True)
    formula = traitlets.Unicode("").tag(sync=True)
    texts: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)

    def __init__(self, net: Network, x: Any = None, *, numbers: bool = True, most: int = 16) -> None:
        self._most = most
        self._set_network(net, x)
        super().__init__(
            numbers=numbers,
            texts={key: say(f"lab.network_{key}") for key in ("diagram", "bias", "input", "choose", "plus", "minus")},
            **self._structure(numbers),
            **self._numbers(),
        )

    def show(self, net: Network, x: Any = None, maps: Array | None = None) -> None:
        """Show another network.

        Parameters
        ----------
        net : Network
        x : array_like of shape (inputs,), optional
            A row for which every formula is evaluated.
        maps : ndarray of shape (neurons, g, g), optional
            Values of every neuron on a grid, inputs first, drawn inside the neurons.
        """
        before = self.net
        self._set_network(net, x)
        state = {} if _same_layers(before, net) else {**self._structure(self.numbers), "maps": b"", "grid": 0}
        if not _same_layers(before, net) and self.chosen and not self._is_neuron(self.chosen):
            self.chosen = []
        state |= self._numbers()
        if maps is not None:
            state |= {"maps": _shades(maps[self._drawn]), "grid": maps.shape[1]}
        with self.hold_sync():
            for name, value in state.items():
                setattr(self, name, value)

    def _set_network(self, net: Network, x: Any) -> None:
        self.net, self._row = net, None if x is None else net.rows(x)[0]

    def _structure(self, numbers: bool) -> dict[str, Any]:
        """Columns and arrows; stores the indices of the drawn neurons, counted through all columns."""
        net = self.net
        sizes = [net.inputs, *(layer.outputs for layer in net.layers)]
        layout = arrange(sizes, self._most, 92.0 if numbers else 86.0)
        starts = [0, *accumulate(sizes)]
        self._drawn = [starts[k] + i for k, rows in enumerate(layout.shown) for i in rows if i is not None]
        columns = []
        for k, (rows, centres) in enumerate(zip(layout.shown, layout.centres, strict=True)):
            neuron_names = value_names(net.layers, k)
            columns.append({
                "heading": heading(net, k),
                "curve": [] if k == 0 else _curve(net, k),
                "neurons": [{"index": i, "name": "" if i is None else neuron_names[i], "x": p[0], "y": p[1]}
                            for i, p in zip(rows, centres, strict=True)],
                "size": sizes[k],
            })  # fmt: skip
        return {"columns": columns, "arrows": [list(arrow) for arrow in layout.arrows], "bottom": layout.bottom}

    def _numbers(self) -> dict[str, Any]:
        flat = [np.concatenate([W.ravel(), b]) for W, b in self.net.arrays]
        state: dict[str, Any] = {"weights": np.concatenate(flat).astype("<f4").tobytes(), **self._formula()}
        if self._row is not None:
            trace = self.net.trace(self._row)
            state["values"] = [[short(float(v)) for v in column[0]] for column in (trace.x, *trace.h)]
        return state

    def _formula(self) -> dict[str, str]:
        if len(self.chosen) != 2:
            return {"symbols": "", "formula": ""}
        layer, neuron = self.chosen
        with_numbers = self.net.formula(layer, neuron, numbers=True, x=self._row, digits=DIGITS)
        return {"symbols": self.net.formula(layer, neuron), "formula": with_numbers}

    def _is_neuron(self, chosen: Any) -> bool:
        two_integers = len(chosen) == 2 and all(isinstance(v, int) and not isinstance(v, bool) for v in chosen)
        if not two_integers or not 0 <= chosen[0] < len(self.net.layers):
            return False
        return bool(0 <= chosen[1] < self.net.layers[chosen[0]].outputs)

    @traitlets.validate("chosen")
    def _validate_chosen(self, proposal: Any) -> Any:
        return proposal["value"] if self._is_neuron(proposal["value"]) else []

    @traitlets.observe("chosen")
    def _update_formula(self, change: Any) -> None:
        with self.hold_sync():
            for name, value in self._formula().items():
                setattr(self, name, value)


def _same_layers(a: Network, b: Network) -> bool:
    """Whether two networks have the same description."""
    return [layer.dense for layer in a.layers] == [layer.dense for layer in b.layers]


def _curve(net: Network, k: int) -> list[list[float]]:
    """Points of the activation's curve between -3 and 3, scaled to the square from -1 to 1."""
    x = np.linspace(-3.0, 3.0, 61)
    y = net.layers[k - 1].activation(x)
    middle, half = (y.min() + y.max()) / 2, (y.max() - y.min()) / 2 or 1.0
    return [[float(a / 3), float((b - middle) / half)] for a, b in zip(x, y, strict=True)]


def _shades(maps: Array) -> bytes:
    """Maps as uint8, each scaled by its largest absolute value: 128 is 0, 1 and 255 are the extremes."""
    size = np.abs(maps).max(axis=(1, 2), keepdims=True)
    shades = 128 + 127 * maps / np.where(size > 0, size, 1)
    return bytes(np.nan_to_num(shades, nan=128).astype(np.uint8).tobytes())
