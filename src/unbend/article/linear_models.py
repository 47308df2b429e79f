"""A15 to A22: systems of equations, regression, what "linear" means, linear and nonlinear models."""

from __future__ import annotations

import numpy as np

from ..figures.curves import regression_data
from ..formula import Judgement
from ..linearity import linearity
from ..network import Dense, Network
from ..solve import Formula
from ..words import say
from .part import Outcome, part, show


@part("A15")
def system_of_equations() -> Outcome:
    data = {"x1": [1, 2, 3, 4], "x2": [0, 1, 0, 1], "x3": [2, 1, 1, 0], "y": [1, 2, 3, 5]}
    system = Formula("y = a*x1 + b*x2 + c*x3").system(data)
    product = system.product([1, 2, 3])
    by_hand = [1 * p + 2 * q + 3 * r for p, q, r in zip(data["x1"], data["x2"], data["x3"], strict=True)]
    lines = [
        *show("system = ub.Formula('y = a*x1 + b*x2 + c*x3').system(data)", system.text(4)),
        *show("system.product([1, 2, 3])", product),
        *show("system.tex()", system.tex(4)),
    ]
    return Outcome(system.A.shape == (4, 3) and list(product) == by_hand, {"shape": system.A.shape}, tuple(lines))


@part("A16")
def regression() -> Outcome:
    x, y = regression_data()
    fit = Formula("y = a*x + b").fit({"x": x, "y": y})
    check = np.polyfit(x, y, 1)
    gap = max(abs(fit.values["a"] - check[0]), abs(fit.values["b"] - check[1]))
    lines = [
        *show("fit = ub.Formula('y = a*x + b').fit({'x': x, 'y': y})", fit),
        *show("fit.values", fit.values),
        *show("fit.standard_errors", fit.standard_errors),
        *show("numpy.polyfit(x, y, 1)", check),
    ]
    values = {k: f"{fit.values[k]:.3f} ± {fit.standard_errors[k]:.3f}" for k in ("a", "b")}
    return Outcome(gap < 1e-10, values, tuple(lines))


@part("A17")
def what_linear_means() -> Outcome:
    f = Formula("y = a*x**2 + b*x + c", variables=["x"])
    jointly, by_x = f.linearity.of("a", "b", "c"), f.linearity.of("x")
    lines = [line for name in ("a", "b", "c", "x") for line in show(f"f.linearity.of({name!r})", f.linearity.of(name))]
    lines = [
        ">>> f = ub.Formula('y = a*x**2 + b*x + c', variables=['x'])",
        *lines,
        *show("f.linearity.of('a', 'b', 'c').verdict", jointly.verdict),
    ]
    ok = jointly.verdict == "linear" and by_x.verdict == "nonlinear"
    return Outcome(ok, {"parameters": verdict_text(jointly), "x": verdict_text(by_x)}, tuple(lines))


@part("A18")
def design_matrix() -> Outcome:
    f = Formula("y = a*x**2 + b*x + c", variables=["x"])
    x = np.arange(-3.0, 4.0)
    data = {"x": x, "y": 2 * x**2 - 3 * x + 5}
    system, fit = f.system(data), f.fit(data)
    lines = [
        *show("f.design.texts", f.design.texts),
        *show("f.system(data)", system.text(3)),
        *show("f.fit(data).values", fit.values),
    ]
    ok = f.design.texts == ("x**2", "x", "1") and np.allclose([fit.values[n] for n in "abc"], [2, -3, 5], atol=1e-12)
    return Outcome(bool(ok), {n: f"{fit.values[n]:g}" for n in "abc"}, tuple(lines))


@part("A19")
def linear_network() -> Outcome:
    linear_net = Network([Dense(3, 4), Dense(4, 1)], seed=0)
    judged = linearity(linear_net)
    biased = linearity(Network.from_arrays([(np.ones((3, 1)), np.ones(1))]))
    lines = [
        *show("ub.linearity(ub.Network([ub.Dense(3, 4), ub.Dense(4, 1)]))", judged),
        *show("ub.linearity(ub.Network.from_arrays([(ones((3, 1)), ones(1))]))", biased),
    ]
    ok = judged.verdict == "linear" and biased.verdict == "affine" and judged.evidence == "proved"
    return Outcome(ok, {"without": verdict_text(judged), "with_bias": verdict_text(biased)}, tuple(lines))


@part("A20")
def basis_terms() -> Outcome:
    texts = ["y = x1 + x2 + x3", "y = w1*x1 + w2*x2 + w3*x3", "y = w1*x1**2 + w2*log(x2) + w3*sin(x3)"]
    judgements = []
    lines = []
    for text in texts:
        f = Formula(text)
        subject = ("x1", "x2", "x3") if not f.parameters else f.parameters
        judgements.append(f.linearity.of(*subject))
        lines += show(f"ub.Formula({text!r}).linearity.of{subject!r}", judgements[-1])
    return Outcome(all(j.verdict == "linear" for j in judgements), {"count": len(judgements)}, tuple(lines))


@part("A21")
def nonlinear_model() -> Outcome:
    f = Formula("z = 1/(1 + exp(-(w1*x1 + w2*x2)))")
    judged = f.linearity.of("w1", "w2")
    net = Network([Dense(2, 1, "sigmoid")], seed=0)
    of_network = linearity(net)
    lines = [
        *show("ub.Formula('z = 1/(1 + exp(-(w1*x1 + w2*x2)))').linearity.of('w1', 'w2')", judged),
        *show("counterexample", judged.counterexample),
        *show("net.bends", net.bends),
        *show("ub.linearity(net)", of_network),
    ]
    ok = judged.verdict == of_network.verdict == "nonlinear" and net.bends == (0,)
    return Outcome(ok, {"layer": 1, "function": net.layers[0].activation.name}, tuple(lines))


@part("A22")
def values_pass_through() -> Outcome:
    net = Network([Dense(2, 4, "relu"), Dense(4, 3), Dense(3, 1, "sigmoid")], seed=0)
    bends = [layer.bends for layer in net.layers]
    trace = net.trace([[1.0, -1.0]])
    same = [bool(np.array_equal(z, h)) for z, h in zip(trace.z, trace.h, strict=True)]
    lines = [
        *show("net", net),
        *show("[layer.bends for layer in net.layers]", bends),
        *show("net.bends", net.bends),
    ]
    for i, (z, h) in enumerate(zip(trace.z, trace.h, strict=True)):
        lines += show(f"trace.z[{i}], trace.h[{i}]", f"{np.round(z, 3)}, {np.round(h, 3)}")
    return Outcome(bends == [True, False, True] and same == [False, True, False], {"bends": net.bends}, tuple(lines))


def verdict_text(judged: Judgement) -> str:
    """The verdict in the language in use."""
    return say(f"formula.verdict_{judged.verdict}")
