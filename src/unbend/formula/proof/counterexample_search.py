"""The search for counterexamples: exact u, v, alpha, beta with f(alpha u + beta v) != alpha f(u) + beta f(v).

Doubles filter the candidates; the counterexample itself is computed exactly or enclosed by intervals, so it is a proof.
With alpha + beta = 1 it refutes *affine* too, for affine maps preserve such combinations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from ..evaluate.interval_arithmetic import UNDEFINED, Intervals
from ..evaluate.intervals import differ
from ..evaluate.kinks import switching_expression
from ..language.tree import Call, Node, walk
from .counterexample import Counterexample, Point
from .sample_points import SamplePoints, sample_rows
from .univariate import interpolate, rational_roots

_AFFINE_WEIGHTS = [(Fraction(1, 2), Fraction(1, 2)), (Fraction(2), Fraction(-1)), (Fraction(1, 3), Fraction(2, 3))]
_LINEAR_WEIGHTS = [(Fraction(1), Fraction(1)), (Fraction(2), Fraction(3)), (Fraction(1), Fraction(-2))]
_MAX_TRIALS = 3_000  # trials
_BATCHES = (24, 100, 400, _MAX_TRIALS)  # of trials that are filtered in one array operation
_MAX_EXACT = 12  # exact comparisons in one batch
_EXACT_BUDGET = 60_000  # units of work for all exact comparisons of one search; less where many names are judged
_MIN_EXACT = 3  # exact comparisons, whatever they cost
_MAX_SWITCHES = 12  # kinks and jumps that trials are placed on
_SWITCH_SAMPLES = 6  # sample points that each of them is located from
_PLACES = tuple(Fraction(k) for k in (0, 1, -1, 2, -2, 3))  # where a switching expression is evaluated
_MAX_OTHER_NAMES = 12  # names outside the subject that are changed to reach them


class Trial(NamedTuple):
    """alpha, beta, u and v; the other names are as at sample point ``sample``, apart from ``changes``."""

    alpha: Fraction
    beta: Fraction
    u: Point
    v: Point
    sample: int
    changes: Point
    on_switch: bool = False  # the first of the trials at one kink or jump

    @property
    def points(self) -> tuple[Point, Point, Point]:
        """u, v and alpha*u + beta*v."""
        return self.u, self.v, {n: self.alpha * self.u[n] + self.beta * self.v[n] for n in self.u}


class CounterexampleSearch:
    """Searches for counterexamples to the linearity of one formula."""

    def __init__(self, tree: Node, names: Sequence[str], seed: int = 0) -> None:
        self.names = list(names)
        self.seed = seed
        size = sum(1 for _ in walk(tree))
        self.count = max(24, min(360, 30_000 // (size + 1)))
        self.budget = _EXACT_BUDGET // max(1, len(self.names) // 4)
        self.samples = SamplePoints([tree], names, self.count, seed)
        switches = islice((s for n in walk(tree) if (s := _switch(n)) is not None), _MAX_SWITCHES)
        self.switches = SamplePoints(list(switches), names, min(_SWITCH_SAMPLES, self.count), seed)

    @cached_property
    def defined(self) -> bool:
        """Whether a sample point with a real value was found."""
        return bool(np.isfinite(self.samples.float_values).any()) or any(
            self.samples.exact_values(i, {})[0] is not UNDEFINED for i in range(min(20, self.count))
        )

    def find(self, subject: Sequence[str], *, affine: bool, prefilter: bool = True) -> Counterexample | None:
        """A counterexample to affinity in ``subject`` (``affine=True``), or to linearity alone.

        Without ``prefilter``, exact comparisons are made even where doubles show no difference.
        """
        trials = islice(self._trials(subject, _AFFINE_WEIGHTS if affine else _LINEAR_WEIGHTS), _MAX_TRIALS)
        budget, count = self.budget, 0
        for size in _BATCHES:
            batch = list(islice(trials, size))
            for t in self._promising(batch) if prefilter else self._spread(batch):
                budget -= 3 * self.samples.exact_cost(t.sample, {**t.u, **t.changes})
                if budget < 0 and count >= _MIN_EXACT:
                    return None
                count += 1
                counterexample = self._confirm(t)
                if counterexample is not None:
                    return counterexample
        return None

    def _spread(self, batch: list[Trial]) -> list[Trial]:
        """Some of the trials: on kinks and jumps, and evenly spread; first those with a finite value in doubles."""
        switches = [t for t in batch if t.on_switch][:_MAX_EXACT]
        some = batch[:: max(1, len(batch) // (2 * _MAX_EXACT))]
        some = sorted(some, key=lambda t: not np.isfinite(self.samples.float_values[t.sample]))[:_MAX_EXACT]
        return [*some, *switches]

    def _promising(self, batch: list[Trial]) -> list[Trial]:
        """The trials whose two sides differ in doubles, clear differences first."""
        gap = self._gaps(batch) if batch else []
        clear = [i for i in range(len(batch)) if gap[i] > 1e-4]
        faint = sorted((i for i in range(len(batch)) if 1e-13 < gap[i] <= 1e-4), key=lambda i: -gap[i])
        return [batch[i] for i in (clear + faint)[:_MAX_EXACT]]

    def _trials(self, subject: Sequence[str], weights: Sequence[tuple[Fraction, Fraction]]) -> Iterator[Trial]:
        points = self.samples.points
        for i, row in enumerate(sample_rows(len(subject), self.count, 2, self.seed)):
            alpha, beta = weights[i % len(weights)]
            u, v = {n: points[i][n] for n in subject}, dict(zip(subject, row, strict=True))
            if u != v or not subject:
                yield Trial(alpha, beta, u=u, v=v, sample=i, changes={})
        yield from self._near_defined(subject, weights)
        yield from self._at_switches(subject, weights)

    def _near_defined(self, subject: Sequence[str], weights: Any) -> Iterator[Trial]:
        """Nearby pairs of points where the formula is defined, for domains that random pairs miss."""
        for i in np.flatnonzero(np.isfinite(self.samples.float_values))[:40].tolist():
            u = {n: self.samples.points[i][n] for n in subject}
            v = {n: value * Fraction(11, 10) + Fraction(1, 7) for n, value in u.items()}
            for alpha, beta in weights:
                yield Trial(alpha, beta, u=u, v=v, sample=i, changes={})

    def _at_switches(self, subject: Sequence[str], weights: Any) -> Iterator[Trial]:
        """Trials with a point exactly on a kink or a jump: the zero of the switching expression along one name."""
        near = self.switches.tape.names
        along = [n for n in subject if n in near]
        along += [n for n in self.names if n in near and n not in subject][:_MAX_OTHER_NAMES]
        for i, row in enumerate(sample_rows(len(subject), len(self.switches.points), 4, self.seed)):
            start = dict(zip(subject, row, strict=True))
            for name in along:
                for zero in self._zeros(i, start, name):
                    yield from _around_switch(i, start, name, zero, weights)

    def _zeros(self, index: int, start: Point, name: str) -> Iterator[Fraction]:
        """The rational zeros of each switching expression along the name, from a polynomial through some points.

        A polynomial of the lowest degree that one more point confirms; else the line through the values at 0 and 1.
        """
        values = [self.switches.exact_values(index, {**start, name: x}) for x in _PLACES[:2]]
        curved: set[int] = set()
        for i, (a, b) in enumerate(zip(*values, strict=True)):
            if isinstance(a, Fraction) and isinstance(b, Fraction):
                if a != b:
                    yield -a / (b - a)
                curved.add(i)
        if not curved or index > 0:
            return
        values += [self.switches.exact_values(index, {**start, name: x}) for x in _PLACES[2:]]
        for i in sorted(curved):
            points = [(x, row[i]) for x, row in zip(_PLACES, values, strict=True)]
            if all(isinstance(y, Fraction) for _, y in points):
                polynomial = interpolate(points)
                if 2 < len(polynomial) < len(points):
                    yield from rational_roots(polynomial)

    def _gaps(self, trials: list[Trial]) -> Any:
        """The differences of the two sides relative to their size; NaN where something is undefined."""
        changed = [(t.sample, {**t.changes, **point}) for t in trials for point in t.points]
        values = self.samples.float_values_at(changed).reshape(-1, 3)
        alpha, beta = np.array([float(t.alpha) for t in trials]), np.array([float(t.beta) for t in trials])
        with np.errstate(all="ignore"):
            one, two, left = alpha * values[:, 0], beta * values[:, 1], values[:, 2]
            size = np.abs(left) + np.abs(one) + np.abs(two)
            gap = np.abs(left - one - two) / size
        return np.where(size == 0, 0.0, gap)

    def _confirm(self, t: Trial) -> Counterexample | None:
        """The counterexample, if exact values or disjoint intervals prove that the two sides differ."""
        f_u, f_v, left = (self.samples.exact_values(t.sample, {**t.changes, **point})[0] for point in t.points)
        exact = Intervals()
        right = exact.apply("+", [exact.apply("*", [t.alpha, f_u]), exact.apply("*", [t.beta, f_v])])
        if left is UNDEFINED or right is UNDEFINED or not differ(left, right):
            return None
        return Counterexample(
            alpha=t.alpha,
            beta=t.beta,
            u=t.u,
            v=t.v,
            others={n: v for n, v in {**self.samples.points[t.sample], **t.changes}.items() if n not in t.u},
            left=_as_number(left),
            right=_as_number(right),
        )


def _around_switch(
    sample: int, start: Point, name: str, zero: Fraction, weights: Sequence[tuple[Fraction, Fraction]]
) -> Iterator[Trial]:
    """Trials with u on the switch or before it and v behind it; or with another name set onto the switch."""
    for k, (alpha, beta) in enumerate(weights):
        if name in start:
            step = (1 + abs(zero)) * Fraction(1 + k, 2)
            v = {**start, name: zero + step}
            for value in (zero, zero - step):
                u = {**start, name: value}
                yield Trial(alpha, beta, u=u, v=v, sample=sample, changes={}, on_switch=k == 0 and value == zero)
        else:
            v = {n: x + 1 for n, x in start.items()}
            yield Trial(alpha, beta, u=start, v=v, sample=sample, changes={name: zero}, on_switch=k == 0)


def _as_number(value: Any) -> Fraction | float:
    return value if isinstance(value, Fraction) else float(value.mid.a)


def _switch(node: Node) -> Node | None:
    """The expression whose sign selects the piece of the node; None for a smooth operation."""
    match node:
        case Call("where", (condition, _, _)):
            return condition
    return switching_expression(node)
