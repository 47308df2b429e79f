"""The public face as an editor sees it: checked by pyright in strict mode, never run."""

from __future__ import annotations

from typing import assert_type

import numpy as np

import unbend as ub

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

net = ub.Network([ub.Dense(2, 4, "sigmoid"), ub.Dense(4, 3)], seed=0)
x = np.zeros((5, 2))
W, b = net.layers[0].W, net.layers[0].b
again = ub.Network.from_arrays([(W, b)], activations=["relu"], dtype="float64")
answer = net(x)
trace = net.trace(x)
text: str = net.formula(layer=0, neuron=0)
bends: tuple[int, ...] = net.bends
numbers = {name: array.shape for name, array in net.parameters.items()}

trained, history = ub.train(
    net, x, np.zeros(5, dtype=np.int64), loss="cross_entropy", optimizer="sgd", learning_rate=0.1, batch_size=100,
    epochs=1, validation=None, seed=0, checkpoint="folder", resume=True,
)  # fmt: skip
assert_type(trained, ub.Network)
losses: list[float] = history.train_loss
best: int = history.best_epoch
place = ub.save(net, "model.safetensors")
loaded: ub.Network | ub.Model = ub.load(place)
check = ub.check_gradient(net, x, x)

merged = ub.collapse(net)
here = ub.local_map(net, [0.3, -0.2])
distance = float(here.distance)
A, c = here.A, here.c
pieces = ub.regions(net, box=[[-1, 1], [-1, 1]], plane=None)
count: int = pieces.count
proved: bool = pieces.proved
low_high = ub.output_range(net, [[-1, 1], [-1, 1]])
difference = ub.max_difference(net, net, [[-1, 1], [-1, 1]])
small = ub.shrink(net, box=[[-1, 1], [-1, 1]])

f = ub.Formula("y = b1*(1 - exp(-b2*x))")
verdict: str = f.linearity.of("b1").verdict
fit = f.fit({"x": x[:, 0], "y": x[:, 1]}, start=None, sigma=None, bounds=None, seed=0)
values: dict[str, float] = fit.values
errors: dict[str, float] = fit.standard_errors
numbers_of_fit: tuple[float, float, float] = (fit.rss, fit.residual_sd, fit.r2)
of_network = ub.linearity(net)

axioms = ub.check_axioms(ub.spaces["positive reals"])
verdict_5: str = axioms["V5"].verdict
plane = ub.Space(dimension=2, add="(u1 + v1, u2 + v2)", scale="(a*u1, a*u2)", member="u1 >= 0", field="real")
rank: int = ub.rank([[1, 2], [2, 4]])
inside: bool = bool(ub.in_span([1, 2], [[1, 0], [0, 1]]))

result = ub.fit("concrete", target="strength", model="auto", budget=60, seed=0, checkpoint="folder", resume=True)
word: str = result.verdict
gain: float = result.gain
interval: tuple[float, float] = result.interval
score: float = result.linear.score
predicted = result.predict("concrete")
report = result.report("report.html")
for batch in ub.minibatches(x, 100):
    print(batch)
ub.set_language("ko")
try:
    ub.load("absent")
except ub.BadInput as error:
    print(error.key)
