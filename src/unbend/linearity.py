"""`linearity`: whether a formula, a network or a Python function is linear: proved, refuted or tested."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .arrays import Array
from .errors import BadInput
from .formula.proof.counterexample import Counterexample
from .formula.proof.judgement import Judgement, Verdict
from .geometry import collapse
from .network import Network
from .solve import Formula
from .words import say

_TOLERANCE = 1e-9  # relative to the values met
_TOLERANCE_FLOAT32 = 1e-4
_TRIALS = 200

Evaluate = Callable[[Array], Array]  # (inputs,) -> (outputs,), in doubles


def linearity(subject: Any, inputs: int | None = None, trials: int = _TRIALS, seed: int = 0) -> Any:
    """Whether a formula, a network or a function is linear.

    Parameters
    ----------
    subject : Formula, str, Network or callable
        A callable takes one number, several numbers, or (with ``inputs``) one array of that length.
    inputs : int, optional
        The number of inputs of a callable that takes one array.
    trials : int, default 200
        The number of tests of f(alpha u + beta v) = alpha f(u) + beta f(v), where nothing can be proved.
    seed : int, default 0
        Of the random points of the tests.

    Returns
    -------
    Linearity or Judgement
        For a formula or a text its ``Linearity``: proofs and exact counterexamples, name by name. For a network a
        ``Judgement``: *proved* affine or linear where no layer bends, else refuted or tested. For a callable a
        ``Judgement`` that is *tested* ``trials`` times, or *refuted* by a counterexample; never proved.

    Raises
    ------
    BadInput
        For any other subject, and for a callable without arguments.

    Examples
    --------
    >>> import unbend as ub
    >>> ub.linearity("y = a*x + b").of("a", "b").verdict
    'linear'
    >>> ub.linearity(lambda x: 3*x + 1).verdict
    'affine'
    >>> ub.linearity(ub.Network([ub.Dense(2, 4, "relu"), ub.Dense(4, 1)])).verdict
    'nonlinear'
    """
    if isinstance(subject, str):
        subject = Formula(subject)
    if isinstance(subject, Formula):
        return subject.linearity
    if isinstance(subject, Network):
        return _judge_network(subject, trials, seed)
    if callable(subject):
        function, names = _as_array_function(subject, inputs)
        return _test(function, names, trials=trials, seed=seed, tolerance=_TOLERANCE)
    raise BadInput("formula.no_subject", got=type(subject).__name__)


def _judge_network(net: Network, trials: int, seed: int) -> Judgement:
    names = tuple(f"x{i + 1}" for i in range(net.inputs))
    if not net.bends:
        return _affine_network(net, names)

    def function(u: Array) -> Array:
        row: Array = np.asarray(net(u[None, :]), dtype=float)[0]
        return row

    tolerance = _TOLERANCE if net.layers[0].W.dtype == np.float64 else _TOLERANCE_FLOAT32
    tested = _test(function, names, trials=trials, seed=seed, tolerance=tolerance)
    if tested.verdict != "nonlinear":
        return tested
    first = net.bends[0]
    layer = net.layers[first]
    reason = say(
        "formula.network_bends",
        layers=", ".join(str(i + 1) for i in net.bends),
        layer=first + 1,
        neurons=layer.W.shape[1],
        function=layer.activation.name,
    )
    return Judgement(names, "nonlinear", "refuted", reason, counterexample=tested.counterexample, trials=tested.trials)


def _affine_network(net: Network, names: tuple[str, ...]) -> Judgement:
    """The judgement on a network of affine layers, by multiplying them out."""
    A, c = _affine_map(net)
    verdict: Verdict = "affine" if np.any(c) else "linear"
    return Judgement(
        names,
        verdict=verdict,
        evidence="proved",
        reason=say(f"formula.network_{verdict}", layers=len(net.layers)),
        coefficients={n: np.array2string(A[i], separator=", ", threshold=6) for i, n in enumerate(names)},
        constant=np.array2string(c, separator=", ", threshold=6),
    )


def _affine_map(net: Network) -> tuple[Array, Array]:
    """A (inputs, outputs) and c of net(x) = x A + c, for a network without bends, in doubles."""
    pairs = [(layer.W.astype(float), layer.b.astype(float)) for layer in net.layers]
    merged = collapse(Network.from_arrays(pairs, [layer.activation for layer in net.layers])).layers[0]
    slope, intercept = merged.activation.affine or (1.0, 0.0)
    return merged.W * slope, merged.b * slope + intercept


def _as_array_function(function: Callable[..., Any], inputs: int | None) -> tuple[Evaluate, tuple[str, ...]]:
    """The function of one array, and the names of its inputs."""
    if inputs is not None:
        return (lambda u: _flat(function(u))), tuple(f"x{i + 1}" for i in range(inputs))
    try:
        names = tuple(
            p.name
            for p in inspect.signature(function).parameters.values()
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty
        )
    except (TypeError, ValueError):  # a built-in without a signature
        names = ("x",)
    if not names:
        raise BadInput("formula.no_arguments")
    return (lambda u: _flat(function(*u.tolist()))), names


def _flat(value: Any) -> Array:
    return np.atleast_1d(np.asarray(value, dtype=float)).ravel()


class _Trial(NamedTuple):
    alpha: float
    beta: float
    u: Array
    v: Array


def _test(function: Evaluate, names: tuple[str, ...], *, trials: int, seed: int, tolerance: float) -> Judgement:
    """Random tests of f(alpha u + beta v) = alpha f(u) + beta f(v), every other one with alpha + beta = 1 (affine)."""
    random = np.random.default_rng(seed)
    not_linear: Counterexample | None = None
    tested = 0
    for i in range(trials):
        to_affinity = i % 2 == 0
        trial = _random_trial(random, len(names), to_affinity)
        sides = _two_sides(function, trial)
        if sides is None:
            continue
        tested += 1
        counterexample = _compare(names, trial, sides, tolerance)
        if counterexample is not None and to_affinity:
            reason = say("formula.tested_nonlinear", trials=tested)
            return Judgement(names, "nonlinear", "refuted", reason, counterexample=counterexample, trials=tested)
        not_linear = not_linear or counterexample
    if not tested:
        return Judgement(names, "undecided", "open", say("formula.never_defined"))
    verdict: Verdict = "linear" if not_linear is None else "affine"
    reason = say(f"formula.tested_{verdict}", trials=tested)
    return Judgement(names, verdict, "tested", reason, counterexample=not_linear, trials=tested)


def _random_trial(random: np.random.Generator, count: int, to_affinity: bool) -> _Trial:
    """Points of sizes from 0.01 to 1000 and weights with few digits, so that a counterexample is easy to read."""
    size = 10.0 ** random.integers(-2, 4)
    u, v = (np.round(random.uniform(-1, 1, count) * size, 3) for _ in range(2))
    alpha = float(np.round(random.uniform(-2, 2), 2))
    beta = 1 - alpha if to_affinity else float(np.round(random.uniform(-2, 2), 2))
    return _Trial(alpha, beta, u, v)


def _two_sides(function: Evaluate, trial: _Trial) -> tuple[Array, Array, Array] | None:
    """f(alpha u + beta v), alpha f(u) and beta f(v); None where one of them is undefined."""
    alpha, beta, u, v = trial
    with np.errstate(all="ignore"):
        try:
            values = function(alpha * u + beta * v), alpha * function(u), beta * function(v)
        except (ArithmeticError, ValueError):  # math.log(-1) and the like: no value here
            return None
    return values if all(np.isfinite(value).all() for value in values) else None


def _compare(
    names: tuple[str, ...], trial: _Trial, sides: tuple[Array, Array, Array], tolerance: float
) -> Counterexample | None:
    """The counterexample in the output that differs most, where the two sides differ beyond the tolerance."""
    left, first, second = sides
    scale = np.max(np.abs(left)) + np.max(np.abs(first)) + np.max(np.abs(second))
    gap = np.abs(left - first - second)
    if np.max(gap) <= tolerance * scale + 1e-300:
        return None
    worst = int(np.argmax(gap))
    return Counterexample(
        alpha=trial.alpha,
        beta=trial.beta,
        u=dict(zip(names, trial.u.tolist(), strict=True)),
        v=dict(zip(names, trial.v.tolist(), strict=True)),
        others={},
        left=float(left[worst]),
        right=float(first[worst] + second[worst]),
    )
