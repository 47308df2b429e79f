"""The question *linear?* asked of anything: a formula, a network, or a Python function that can only be tested."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from .arrays import Array
from .errors import BadInput
from .formula.proof.counterexample import Counterexample
from .formula.proof.judgement import Judgement, Linearity, Verdict
from .geometry import collapse
from .network import Network
from .solve import Formula
from .words import say

_TOLERANCE = 1e-9  # relative to the sizes met; a float32 network gets 1e-4
_TRIALS = 200


def linearity(subject: Any, inputs: int | None = None, trials: int = _TRIALS, seed: int = 0) -> Any:
    """Whether a formula, a network or a function is linear.

    A ``Formula`` or a text gives its ``Linearity`` (proofs and exact counterexamples). A ``Network`` gives a
    ``Judgement``: *proved* affine or linear where no layer bends, else tested. A Python function gives a
    ``Judgement`` that is *tested* ``trials`` times, or *refuted* by a counterexample; never proved. The function
    takes one number, several numbers, or (with ``inputs``) one array of that length.

    Raises ``BadInput`` for anything else.
    """
    if isinstance(subject, str):
        subject = Formula(subject)
    if isinstance(subject, Formula):
        found: Linearity = subject.linearity
        return found
    if isinstance(subject, Network):
        return _network(subject, trials, seed)
    if callable(subject):
        function, count, names = _callable(subject, inputs)
        return _test(function, count, names, trials, seed, _TOLERANCE)
    raise BadInput("formula.no_subject", got=type(subject).__name__)


def _network(net: Network, trials: int, seed: int) -> Judgement:
    names = tuple(f"x{i + 1}" for i in range(net.inputs))

    def function(u: Array) -> Array:
        row: Array = np.asarray(net(u[None, :]), dtype=float)[0]
        return row

    tolerance = 1e-9 if net.layers[0].W.dtype == np.float64 else 1e-4
    if not net.bends:
        A, c = _affine_map(net)
        coefficients = {n: np.array2string(A[i], separator=", ", threshold=6) for i, n in enumerate(names)}
        key = "formula.network_affine" if np.any(c) else "formula.network_linear"
        return Judgement(names, "affine" if np.any(c) else "linear", "proved", say(key, layers=len(net.layers)),
                         coefficients, np.array2string(c, separator=", ", threshold=6))  # fmt: skip
    judged = _test(function, net.inputs, names, trials, seed, tolerance)
    if judged.verdict != "nonlinear":
        return judged
    first = net.bends[0]
    layer = net.layers[first]
    place = say("formula.network_bends", layers=", ".join(str(i + 1) for i in net.bends), layer=first + 1,
                neurons=layer.W.shape[1], function=layer.activation.name)  # fmt: skip
    return Judgement(names, "nonlinear", "refuted", place, counterexample=judged.counterexample, trials=judged.trials)


def _affine_map(net: Network) -> tuple[Array, Array]:
    """A (inputs, outputs) and c of net(x) = x A + c, for a network without bends, in doubles."""
    pairs = [(layer.W.astype(float), layer.b.astype(float)) for layer in net.layers]
    only = collapse(Network.from_arrays(pairs, [layer.activation for layer in net.layers])).layers[0]
    slope, intercept = only.activation.affine or (1.0, 0.0)
    return only.W * slope, only.b * slope + intercept


def _callable(
    function: Callable[..., Any], inputs: int | None
) -> tuple[Callable[[Array], Array], int, tuple[str, ...]]:
    if inputs is not None:
        return (lambda u: _flat(function(u)), inputs, tuple(f"x{i + 1}" for i in range(inputs)))
    try:
        parameters = [
            p.name for p in inspect.signature(function).parameters.values()
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty
        ]  # fmt: skip
    except (TypeError, ValueError):  # a built-in without a signature
        parameters = ["x"]
    if not parameters:
        raise BadInput("formula.no_arguments")
    return (lambda u: _flat(function(*u.tolist()))), len(parameters), tuple(parameters)


def _flat(value: Any) -> Array:
    return np.atleast_1d(np.asarray(value, dtype=float)).ravel()


def _test(
    function: Callable[[Array], Array], count: int, names: tuple[str, ...], trials: int, seed: int, tolerance: float
) -> Judgement:
    """f(alpha u + beta v) against alpha f(u) + beta f(v), with alpha + beta = 1 first (affine), then at random."""
    random = np.random.default_rng(seed)
    worst: Counterexample | None = None
    tested = 0
    for trial in range(trials):
        size = 10.0 ** random.integers(-2, 4)
        u, v = (np.round(random.uniform(-1, 1, count) * size, 3) for _ in range(2))
        alpha = float(np.round(random.uniform(-2, 2), 2))
        affine = trial % 2 == 0
        beta = 1 - alpha if affine else float(np.round(random.uniform(-2, 2), 2))
        with np.errstate(all="ignore"):
            try:
                left, one, two = function(alpha * u + beta * v), alpha * function(u), beta * function(v)
            except (ArithmeticError, ValueError):  # math.log(-1) and the like: no value here
                continue
        if not (np.isfinite(left).all() and np.isfinite(one).all() and np.isfinite(two).all()):
            continue
        tested += 1
        scale = np.max(np.abs(left)) + np.max(np.abs(one)) + np.max(np.abs(two))
        gap = np.abs(left - one - two)
        if np.max(gap) <= tolerance * scale + 1e-300:
            continue
        at = int(np.argmax(gap))
        found = Counterexample(alpha, beta, dict(zip(names, u.tolist(), strict=True)),
                               dict(zip(names, v.tolist(), strict=True)), {}, float(left[at]),
                               float(one[at] + two[at]))  # fmt: skip
        if affine:
            return Judgement(names, "nonlinear", "refuted", say("formula.tested_nonlinear", trials=tested),
                             counterexample=found, trials=tested)  # fmt: skip
        worst = worst or found
    if not tested:
        return Judgement(names, "undecided", "open", say("formula.never_defined"))
    verdict: Verdict = "linear" if worst is None else "affine"
    return Judgement(names, verdict, "tested", say(f"formula.tested_{verdict}", trials=tested),
                     counterexample=worst, trials=tested)  # fmt: skip
