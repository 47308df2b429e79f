"""A23 to A28: step, sigmoid, logistic regression, ReLU, all activations, and a project of the reader's own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from ..activations import activations as records
from .part import Outcome, part, show

_X = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])


@part("A23")
def step() -> Outcome:
    record = records["step"]
    values = record(_X)
    lines = [
        *show("x", _X),
        *show("ub.activations['step'](x)", values),
        *show("ub.activations['step'](3)", record(3)),
    ]
    return Outcome(list(values) == [0, 0, 0, 1, 1] and float(record(3)) == 1.0, {"at": "0"}, tuple(lines))


@part("A24")
def sigmoid() -> Outcome:
    record = records["sigmoid"]
    far = record(np.array([-1000.0, -700.0, 0.0, 700.0, 1000.0]))
    lines = [
        *show("ub.activations['sigmoid'](x)", record(_X)),
        *show("ub.activations['sigmoid']([-1000, -700, 0, 700, 1000])", far),
        *show("ub.activations['sigmoid'].derivative(x)", record.derivative(_X)),
    ]
    ok = bool(np.allclose(record(_X), 1 / (1 + np.exp(-_X)))) and np.isfinite(far).all() and far[0] == 0 and far[1] > 0
    return Outcome(bool(ok), {"value": f"{far[1]:.3e}"}, tuple(lines))


@part("A25")
def logistic_regression() -> Outcome:
    from ..network import Dense, Network
    from ..train import train

    rng = np.random.default_rng(0)
    x = rng.normal(0, 2, (400, 1))
    y = (rng.uniform(size=400) < records["sigmoid"](1.5 * x[:, 0] - 1)).astype(float)
    net, _ = train(
        Network([Dense(1, 1)], dtype="float64"), x, y, loss="logistic", epochs=60, learning_rate=0.02, seed=0
    )
    w, b = float(net.layers[0].W[0, 0]), float(net.layers[0].b[0])
    p = records["sigmoid"](net(x)[:, 0])
    logit = np.log(p / (1 - p))
    gap = float(np.abs(logit - net(x)[:, 0]).max())
    right = float(np.mean((p > 0.5) == (y == 1)))
    lines = [
        ">>> net, history = ub.train(ub.Network([ub.Dense(1, 1)]), x, y, loss='logistic')",
        *show("net.layers[0].W, net.layers[0].b   # 1.5, -1", f"{w:.3f}, {b:.3f}"),
        *show("mean((p > 0.5) == y)", f"{right:.3f}"),
        *show("abs(log(p/(1 - p)) - (x W + b)).max()", f"{gap:.1e}"),
    ]
    ok = abs(w - 1.5) < 0.5 and abs(b + 1) < 0.5 and gap < 1e-9
    return Outcome(ok, {"w": f"{w:.2f}", "b": f"{b:.2f}", "share": f"{100 * right:.0f} %"}, tuple(lines))


@part("A26")
def relu() -> Outcome:
    record = records["relu"]
    values, slope = record(_X), record.derivative(_X)
    lines = [
        *show("ub.activations['relu'](x)", values),
        *show("ub.activations['relu'].derivative(x)", slope),
    ]
    ok = list(values) == [0, 0, 0, 0.5, 2] and list(slope) == [0, 0, 0, 1, 1]
    return Outcome(ok, {"slope": f"{slope[2]:g}"}, tuple(lines))


@part("A27")
def all_activations() -> Outcome:
    from ..figures.curves import sigmoid_output

    drawn = len(sigmoid_output().axes)
    lines = [f"{n:<13} h(x) = {r.formula}" for n, r in records.items()]
    return Outcome(drawn == len(records), {"count": drawn}, (">>> list(ub.activations)", *lines))


@part("A28")
def ones_own_project() -> Outcome:
    from ..network import Dense, Network, load, save
    from ..solve import Formula
    from ..train import train

    rng = np.random.default_rng(0)
    x = rng.uniform(0.5, 3, (60, 1))
    y = 2.0 * np.exp(-0.7 * x) + rng.normal(0, 0.01, (60, 1))
    f = Formula("y = p*exp(-q*x)", variables=["x"])
    fit = f.fit({"x": x[:, 0], "y": y[:, 0]})
    net, _ = train(Network([Dense(1, 8, "tanh"), Dense(8, 1)], seed=0), x, y, epochs=30, scale=True, seed=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.safetensors"
        save(net, path)
        size = path.stat().st_size
        same = bool(np.array_equal(load(path)(x), net(x)))
    lines = [
        *show("f = ub.Formula('y = p*exp(-q*x)', variables=['x']); f.linearity.of('q')", f.linearity.of("q")),
        *show("f.fit(data).values   # 2, 0.7", fit.values),
        *show("net, history = ub.train(ub.Network([ub.Dense(1, 8, 'tanh'), ub.Dense(8, 1)]), x, y)", net),
        *show("ub.save(net, 'own.safetensors')   # bytes", size),
    ]
    ok = abs(fit.values["p"] - 2) < 0.1 and abs(fit.values["q"] - 0.7) < 0.05 and same
    return Outcome(ok, {"p": f"{fit.values['p']:.2f}", "q": f"{fit.values['q']:.2f}"}, tuple(lines))
