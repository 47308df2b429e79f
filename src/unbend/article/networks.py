"""A01 to A07: the network as a function, its picture, its formulas, its shapes, minibatches, layers that collapse."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from ..errors import ShapeError
from ..network import Dense, Network
from .part import Outcome, part, show


@part("A01")
def learns_then_infers() -> Outcome:
    from ..network import load, save
    from ..train import train

    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (200, 2))
    y = x[:, :1] * x[:, 1:]
    net = Network([Dense(2, 8, "tanh"), Dense(8, 1)], seed=0)
    trained, _ = train(net, x, y, epochs=40, learning_rate=0.01, seed=0)
    before, after = (float(np.mean((n(x) - y) ** 2)) for n in (net, trained))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        save(trained, path)
        again = load(path)
    same = bool(np.array_equal(again(x), trained(x)))
    lines = [
        *show("net = ub.Network([ub.Dense(2, 8, 'tanh'), ub.Dense(8, 1)], seed=0)", net),
        ">>> trained, history = ub.train(net, x, y, epochs=40, learning_rate=0.01)",
        *show("mean((net(x) - y)**2), mean((trained(x) - y)**2)", f"{before:.4f}, {after:.4f}"),
        *show("ub.save(trained, path); array_equal(ub.load(path)(x), trained(x))", same),
    ]
    return Outcome(same and after < before / 10, {"before": f"{before:.3f}", "after": f"{after:.5f}"}, tuple(lines))


@part("A02")
def picture() -> Outcome:
    from ..figures.diagram import diagram
    from ..figures.model_diagrams import article_network

    net = article_network()
    drawing = diagram(net).svg()
    arrows, biases = drawing.count("<polygon"), drawing.count(">b = ")
    lines = [
        ">>> ub.diagram(net).save('network.svg')",
        *show("net", net),
        *show("count of arrows, biases", f"{arrows}, {biases}"),
        *_numbers(net),
    ]
    return Outcome(arrows == 2 * 4 + 4 * 3 and biases == 4 + 3, {"arrows": arrows, "biases": biases}, tuple(lines))


@part("A03")
def neuron_formula() -> Outcome:
    from ..figures.model_diagrams import article_network
    from ..solve import Formula

    net = article_network()
    x = [1.0, 2.0]
    symbols, numbers = net.formula(0, 0), net.formula(0, 0, numbers=True)
    value = float(net.trace(x).h[0][0, 0])
    read_back = float(Formula(numbers, variables=["x1", "x2"])(x1=1.0, x2=2.0))
    lines = [
        *show("net.formula(layer=0, neuron=0)", symbols),
        *show("net.formula(layer=0, neuron=0, numbers=True)", numbers),
        *show("net.formula(0, 0, numbers=True, x=[1, 2])", net.formula(0, 0, numbers=True, x=x)),
        *show("net.formula(layer=1, neuron=2)", net.formula(1, 2)),
    ]
    return Outcome(abs(value - read_back) < 1e-12, {"formula": symbols, "value": f"{value:.6f}"}, tuple(lines))


@part("A04")
def fully_connected() -> Outcome:
    net = Network([Dense(2, 4)], seed=0)
    W, b = net.arrays[0]
    h = net([[1.0, 2.0]])
    same = bool(np.allclose(h, np.array([[1.0, 2.0]], np.float32) @ W + b))
    try:
        net([[1.0, 2.0, 3.0]])
        refused = ""
    except ShapeError as error:
        refused = str(error)
    lines = [
        *show("net = ub.Network([ub.Dense(2, 4)]); W, b = net.arrays[0]; W.shape, b.shape", f"{W.shape}, {b.shape}"),
        *show("net([[1, 2]]).shape", h.shape),
        *show("net([[1, 2, 3]])", refused),
    ]
    return Outcome(same and h.shape == (1, 4) and bool(refused), {"shape": h.shape}, tuple(lines))


@part("A05")
def numpy_run() -> Outcome:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((10, 2))
    W1, b1, W2, b2 = (rng.standard_normal(shape) for shape in ((2, 4), 4, (4, 3), 3))
    net = Network.from_arrays([(W1, b1), (W2, b2)], activations=["sigmoid", "identity"])
    trace = net.trace(x)
    z = np.matmul(x, W1) + b1
    by_numpy = np.matmul(1 / (1 + np.exp(-z)), W2) + b2
    gap = float(np.abs(trace.output - by_numpy).max())
    lines = [
        ">>> net = ub.Network.from_arrays([(W1, b1), (W2, b2)], activations=['sigmoid', 'identity'])",
        ">>> trace = net.trace(x)",
    ]
    for code, array in (
        ("trace.x", trace.x),
        ("trace.z[0]", trace.z[0]),
        ("trace.h[0]", trace.h[0]),
        ("trace.output", trace.output),
    ):
        lines += show(f"{code}   # {array.shape}", np.array2string(array, precision=4, suppress_small=True))
    lines += show("abs(trace.output - numpy).max()", f"{gap:.1e}")
    return Outcome(gap <= 1e-14, {"shape": trace.output.shape, "gap": f"{gap:.1e}"}, tuple(lines))


@part("A06")
def minibatches() -> Outcome:
    from ..train import train

    rows, size = 1_000_000, 100
    drawn = np.random.default_rng(0).permutation(rows)[:size]
    distinct = len(set(drawn.tolist()))
    rng = np.random.default_rng(1)
    x = rng.standard_normal((10_000, 2))
    y = x @ np.array([[2.0], [-1.0]]) + 0.5
    _, history = train(Network([Dense(2, 1)]), x, y, optimizer="sgd", batch_size=size, epochs=2, seed=0)
    losses = [float(v) for v in history.train_loss]
    again = train(Network([Dense(2, 1)]), x, y, optimizer="sgd", batch_size=size, epochs=2, seed=0)[1]
    lines = [
        *show("rng.permutation(1_000_000)[:100]", np.array2string(drawn[:10], separator=", ")[:-1] + ", …]"),
        *show("len(set(batch))", distinct),
        *show(
            "ub.train(net, x, y, optimizer='sgd', batch_size=100, epochs=2, seed=0)[1].train_loss",
            [f"{v:.2e}" for v in losses],
        ),
    ]
    ok = distinct == size and losses[1] < losses[0] and list(again.train_loss) == list(history.train_loss)
    return Outcome(ok, {"distinct": distinct, "rows": f"{rows:,}"}, tuple(lines))


@part("A07")
def linear_layers_collapse() -> Outcome:
    from ..geometry.collapse import collapse
    from ..solve import Formula

    one = (np.array([[1.0]]), np.array([0.0]))
    net = Network.from_arrays([one] * 3, activations=["3*x"] * 3)
    merged = collapse(net)
    slope = float(merged([[1.0]])[0, 0])
    symbols = Formula("c*(c*(c*x))", variables=["x"]).linearity.of("x")
    affine = collapse(Network.from_arrays([one] * 3, activations=["2*x + 5"] * 3))
    at = [float(v) for v in affine([[0.0], [1.0]])[:, 0]]
    wide = Network([Dense(3, 50), Dense(50, 50), Dense(50, 2)], seed=0, dtype="float64")
    small = collapse(wide)
    x = np.random.default_rng(0).standard_normal((20, 3))
    gap = float(np.abs(wide(x) - small(x)).max())
    lines = [
        *show("net = ub.Network.from_arrays([([[1.]], [0.])]*3, activations=['3*x']*3); net.bends", net.bends),
        *show("ub.collapse(net)", merged),
        *show("ub.collapse(net)([[1.0]])", f"{slope:g}   # 3**3"),
        *show("ub.Formula('c*(c*(c*x))', variables=['x']).linearity.of('x').coefficient", symbols.coefficient),
        *show("h(x) = 2*x + 5: h(h(h(0))), h(h(h(1)))", f"{at[0]:g}, {at[1]:g}   # b(a² + a + 1), a³ + b(a² + a + 1)"),
        *show("ub.collapse(three layers 3-50-50-2)", small),
        *show("largest difference", f"{gap:.1e}"),
    ]
    ok = slope == 27 and at == [35.0, 43.0] and gap < 1e-12 and len(small.layers) == 1 and not net.bends
    return Outcome(ok, {"gap": f"{gap:.0e}"}, tuple(lines))


def _numbers(net: Network) -> list[str]:
    return [
        line
        for i, (W, b) in enumerate(net.arrays)
        for code, array in ((f"W{i + 1}", W), (f"b{i + 1}", b))
        for line in show(code, np.array2string(array, precision=3))
    ]
