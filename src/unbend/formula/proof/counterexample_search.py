"""A place where a formula is not linear: exact u, v, alpha, beta with f(alpha u + beta v) != alpha f(u) + beta f(v).

Doubles choose where to look; the counterexample itself is computed exactly or enclosed, so that it is a proof.
With alpha + beta = 1 it refutes *affine* too, for affine maps keep such combinations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from ..evaluate.intervals import UNDEFINED, Enclosures, differ
from ..language.tree import COMPARISONS, Binary, Call, Node, walk
from .counterexample import Counterexample, Point
from .sample_points import Places, rows

_TO_ONE = [(Fraction(1, 2), Fraction(1, 2)), (Fraction(2), Fraction(-1)), (Fraction(1, 3), Fraction(2, 3))]
_FREE = [(Fraction(1), Fraction(1)), (Fraction(2), Fraction(3)), (Fraction(1), Fraction(-2))]
_MOST = 3_000  # trials
_BATCHES = (24, 100, 400, _MOST)  # of trials looked at together
_DEFINITE = 12  # exact attempts in one batch
_PURSE = 60_000  # units of work for all exact attempts of one search, shared among the names
_AT_LEAST = 3  # exact attempts, whatever they cost
_SWITCHES = 12  # kinks and jumps looked at
_SWITCHED = 6  # places they are looked for around
_ASIDE = 12  # other names that are set to reach them


class Trial(NamedTuple):
    """alpha, beta, u and v, with the other names as at a place, some of them moved."""

    alpha: Fraction
    beta: Fraction
    u: Point
    v: Point
    place: int
    moves: Point

    @property
    def points(self) -> tuple[Point, Point, Point]:
        """u, v and alpha*u + beta*v."""
        return self.u, self.v, {n: self.alpha * self.u[n] + self.beta * self.v[n] for n in self.u}


class Search:
    """Looks for counterexamples to one formula."""

    def __init__(self, tree: Node, names: Sequence[str], seed: int = 0) -> None:
        self.names = list(names)
        self.seed = seed
        size = sum(1 for _ in walk(tree))
        self.count = max(24, min(360, 30_000 // (size + 1)))
        self.purse = _PURSE // max(1, len(self.names) // 4)
        self.places = Places([tree], names, self.count, seed)
        bends = islice((n for n in walk(tree) if _bends(n)), _SWITCHES)
        self.switches = Places([_difference(n) for n in bends], names, min(_SWITCHED, self.count), seed)

    @cached_property
    def defined(self) -> bool:
        """Whether a place with a real value turned up."""
        return bool(np.isfinite(self.places.doubles).any()) or any(
            self.places.exact(i, {})[0] is not UNDEFINED for i in range(min(20, self.count))
        )

    def find(self, subject: Sequence[str], *, affine: bool, patient: bool = False) -> Counterexample | None:
        """A counterexample to affinity in ``subject`` (``affine=True``), or to linearity alone.

        ``patient`` makes the exact comparison where doubles see no difference.
        """
        trials = islice(self._trials(subject, _TO_ONE if affine else _FREE), _MOST)
        purse, count = self.purse, 0
        for size in _BATCHES:
            tried = list(islice(trials, size))
            for t in self._spread(tried) if patient else self._promising(tried):
                purse -= 3 * self.places.work(t.place, {**t.u, **t.moves})
                if purse < 0 and count >= _AT_LEAST:
                    return None
                count += 1
                found = self._confirm(t)
                if found is not None:
                    return found
        return None

    def _spread(self, tried: list[Trial]) -> list[Trial]:
        """Some of the trials, those first where doubles see a value at all."""
        some = tried[:: max(1, len(tried) // (2 * _DEFINITE))]
        return sorted(some, key=lambda t: not np.isfinite(self.places.doubles[t.place]))[:_DEFINITE]

    def _promising(self, tried: list[Trial]) -> list[Trial]:
        """The trials in which doubles see a difference, the clear ones first."""
        gap = self._gaps(tried) if tried else []
        clear = [i for i in range(len(tried)) if gap[i] > 1e-4]
        faint = sorted((i for i in range(len(tried)) if 1e-13 < gap[i] <= 1e-4), key=lambda i: -gap[i])
        return [tried[i] for i in (clear + faint)[:_DEFINITE]]

    def _trials(self, subject: Sequence[str], weights: Sequence[tuple[Fraction, Fraction]]) -> Iterator[Trial]:
        points = self.places.points
        for i, row in enumerate(rows(len(subject), self.count, 2, self.seed)):
            alpha, beta = weights[i % len(weights)]
            u, v = {n: points[i][n] for n in subject}, dict(zip(subject, row, strict=True))
            if u != v or not subject:
                yield Trial(alpha, beta, u, v, i, {})
        yield from self._near_defined(subject, weights)
        yield from self._at_switches(subject, weights)

    def _near_defined(self, subject: Sequence[str], weights: Any) -> Iterator[Trial]:
        """Pairs close together where the formula is defined, for domains that random pairs miss."""
        for i in np.flatnonzero(np.isfinite(self.places.doubles))[:40].tolist():
            u = {n: self.places.points[i][n] for n in subject}
            v = {n: value * Fraction(11, 10) + Fraction(1, 7) for n, value in u.items()}
            for alpha, beta in weights:
                yield Trial(alpha, beta, u, v, i, {})

    def _at_switches(self, subject: Sequence[str], weights: Any) -> Iterator[Trial]:
        """Trials that put a point exactly on a kink or a jump: the zero of what decides the side, along one name."""
        near = self.switches.tape.names
        along = [n for n in subject if n in near]
        along += [n for n in self.names if n in near and n not in subject][:_ASIDE]
        for i, row in enumerate(rows(len(subject), len(self.switches.points), 4, self.seed)):
            start = dict(zip(subject, row, strict=True))
            for name in along:
                for zero in self._zeros(i, start, name):
                    for k, (alpha, beta) in enumerate(weights):
                        if name in start:
                            step = (1 + abs(zero)) * Fraction(1 + k, 2)
                            v = {**start, name: zero + step}
                            yield Trial(alpha, beta, {**start, name: zero}, v, i, {})
                            yield Trial(alpha, beta, {**start, name: zero - step}, v, i, {})
                        else:
                            yield Trial(alpha, beta, start, {n: v + 1 for n, v in start.items()}, i, {name: zero})

    def _zeros(self, place: int, start: Point, name: str) -> Iterator[Fraction]:
        """Where each switch is 0 along the name, as if it were straight in it."""
        lower, upper = (self.switches.exact(place, {**start, name: Fraction(k)}) for k in (0, 1))
        for a, b in zip(lower, upper, strict=True):
            if isinstance(a, Fraction) and isinstance(b, Fraction) and a != b:
                yield -a / (b - a)

    def _gaps(self, tried: list[Trial]) -> Any:
        """How far the two sides are apart, relative to their size; NaN where something is undefined."""
        moved = [(t.place, {**t.moves, **point}) for t in tried for point in t.points]
        values = self.places.moved_doubles(moved).reshape(-1, 3)
        alpha, beta = np.array([float(t.alpha) for t in tried]), np.array([float(t.beta) for t in tried])
        with np.errstate(all="ignore"):
            one, two, left = alpha * values[:, 0], beta * values[:, 1], values[:, 2]
            size = np.abs(left) + np.abs(one) + np.abs(two)
            gap = np.abs(left - one - two) / size
        return np.where(size == 0, 0.0, gap)

    def _confirm(self, t: Trial) -> Counterexample | None:
        one, two, left = (self.places.exact(t.place, {**t.moves, **point})[0] for point in t.points)
        exact = Enclosures()
        right = exact.apply("+", [exact.apply("*", [t.alpha, one]), exact.apply("*", [t.beta, two])])
        if left is UNDEFINED or right is UNDEFINED or not differ(left, right):
            return None
        others = {n: v for n, v in {**self.places.points[t.place], **t.moves}.items() if n not in t.u}
        return Counterexample(t.alpha, t.beta, t.u, t.v, others, _plain(left), _plain(right))


def _plain(value: Any) -> Fraction | float:
    return value if isinstance(value, Fraction) else float(value.mid.a)


def _bends(node: Node) -> bool:
    return (isinstance(node, Binary) and node.operator in COMPARISONS) or (
        isinstance(node, Call) and node.function in ("abs", "sign", "max", "min", "where")
    )


def _difference(node: Node) -> Node:
    """What changes sign where the node changes sides."""
    match node:
        case Call("max" | "min", (a, b)) | Binary(_, a, b):
            return Binary("-", a, b)
        case Call(_, arguments):
            return arguments[0]
    raise TypeError(node)
