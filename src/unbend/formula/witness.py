"""A place where a formula is not linear: exact u, v, alpha, beta with f(alpha u + beta v) != alpha f(u) + beta f(v).

Doubles choose where to look; the counterexample itself is computed exactly or enclosed, so that it is a proof.
With alpha + beta = 1 it refutes *affine* too, for affine maps keep such combinations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache, cached_property
from itertools import islice
from typing import Any

import numpy as np

from .counterexample import Counterexample, Point
from .enclosure import UNDEFINED, Enclosures, differ
from .floats import Floats
from .tape import Tape
from .tree import COMPARISONS, Binary, Call, Node, walk

_SMALL = [Fraction(n) for n in (1, 2, 3, -1, 0, -2, 4, 5)] + [Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2)]
_TO_ONE = [(Fraction(1, 2), Fraction(1, 2)), (Fraction(2), Fraction(-1)), (Fraction(1, 3), Fraction(2, 3))]
_FREE = [(Fraction(1), Fraction(1)), (Fraction(2), Fraction(3)), (Fraction(1), Fraction(-2))]
_FIRST = 24  # trials looked at before all the others are made
_DEFINITE = 12  # exact attempts on the most promising places


class Search:
    """Looks for counterexamples to one formula."""

    def __init__(self, tree: Node, names: Sequence[str], seed: int = 0) -> None:
        self.tape: Tape[Any] = Tape([tree])
        self.names = list(names)
        self.tree = tree
        self.seed = seed
        bends = [n for n in walk(tree) if _bends(n)][:12]
        self.switches: Tape[Any] = Tape([_difference(n) for n in bends])
        self.count = max(24, min(360, 30_000 // (len(self.tape.steps) + 1)))

    @cached_property
    def defined(self) -> bool:
        """Whether a place with a real value turned up."""
        places = [dict(zip(self.names, row, strict=True)) for row in self._rows(len(self.names), self.count)]
        return bool(np.isfinite(self._doubles(places)).any()) or (
            bool(places) and any(self._exact(p) is not UNDEFINED for p in places[:20])
        )

    def find(self, subject: Sequence[str], *, affine: bool, patient: bool = False) -> Counterexample | None:
        """A counterexample to affinity in ``subject`` (``affine=True``), or to linearity alone.

        ``patient`` tries the exact comparison also where doubles saw no difference.
        """
        trials = self._trials(subject, _TO_ONE if affine else _FREE)
        for tried in (list(islice(trials, _FIRST)), list(trials)):
            found = self._best(tried, patient) if tried else None
            if found is not None:
                return found
        return None

    def _best(self, tried: list[Any], patient: bool) -> Counterexample | None:
        """The counterexample among these trials that doubles promise most of."""
        gap = self._gaps(tried)
        clear = [i for i in range(len(tried)) if gap[i] > 1e-4]
        faint = sorted((i for i in range(len(tried)) if 1e-13 < gap[i] <= 1e-4), key=lambda i: -gap[i])
        order = (clear + faint)[:_DEFINITE]
        if patient:
            order += list(range(0, len(tried), max(1, len(tried) // 25)))
        for i in order:
            found = self._confirm(*tried[i])
            if found is not None:
                return found
        return None

    def _trials(self, subject: Sequence[str], weights: Sequence[tuple[Fraction, Fraction]]) -> Iterator[Any]:
        others = [n for n in self.names if n not in subject]
        count = self.count
        rest = self._rows(len(others), count)
        first, second = self._rows(len(subject), count, 1), self._rows(len(subject), count, 2)
        for i in range(count):
            alpha, beta = weights[i % len(weights)]
            u, v = dict(zip(subject, first[i], strict=True)), dict(zip(subject, second[i], strict=True))
            if u != v or alpha + beta != 1:
                yield alpha, beta, u, v, dict(zip(others, rest[i], strict=True))
        yield from self._near_defined(subject, others, weights)
        yield from self._at_switches(subject, others, weights)

    def _near_defined(self, subject: Sequence[str], others: Sequence[str], weights: Any) -> Iterator[Any]:
        """Pairs close together where the formula is defined, for domains that random pairs miss."""
        rows = self._rows(len(self.names), self.count, 5)
        places = [dict(zip(self.names, row, strict=True)) for row in rows]
        for i in np.flatnonzero(np.isfinite(self._doubles(places)))[:40]:
            u = {n: places[i][n] for n in subject}
            v = {n: value * Fraction(11, 10) + Fraction(1, 7) for n, value in u.items()}
            for alpha, beta in weights:
                yield alpha, beta, u, v, {n: places[i][n] for n in others}

    def _at_switches(self, subject: Sequence[str], others: Sequence[str], weights: Any) -> Iterator[Any]:
        """Trials that put a point exactly on a kink or a jump: the zero of what decides the side, along one name."""
        if not self.switches.results:
            return
        rest, base = self._rows(len(others), 6, 3), self._rows(len(subject), 6, 4)
        for i in range(6):
            fixed, start = dict(zip(others, rest[i], strict=True)), dict(zip(subject, base[i], strict=True))
            for name in subject:
                lower, upper = {**fixed, **start, name: Fraction(0)}, {**fixed, **start, name: Fraction(1)}
                for zero in self._zeros(lower, upper):
                    for k, (alpha, beta) in enumerate(weights):
                        step = (1 + abs(zero)) * Fraction(1 + k, 2)
                        u, v = {**start, name: zero}, {**start, name: zero + step}
                        yield alpha, beta, u, v, fixed
                        yield alpha, beta, {**start, name: zero - step}, v, fixed

            for name in others:
                lower, upper = {**fixed, **start, name: Fraction(0)}, {**fixed, **start, name: Fraction(1)}
                for zero in self._zeros(lower, upper):
                    for alpha, beta in weights:
                        yield alpha, beta, start, {n: v + 1 for n, v in start.items()}, {**fixed, name: zero}

    def _zeros(self, lower: Point, upper: Point) -> Iterator[Fraction]:
        """Where each switch is 0 along the name in which the two places differ by 1, as if it were straight in it."""
        exact = Enclosures()
        for a, b in zip(self.switches.run(lower, exact), self.switches.run(upper, exact), strict=True):
            if isinstance(a, Fraction) and isinstance(b, Fraction) and a != b:
                yield -a / (b - a)

    def _rows(self, width: int, count: int, stream: int = 0) -> list[list[Fraction]]:
        return _rows(width, count, stream, self.seed)

    def _doubles(self, places: list[Point]) -> Any:
        columns = {n: np.array([float(p[n]) for p in places]) for n in self.names}
        with np.errstate(all="ignore"):
            return self.tape.run(columns, Floats())[0] + np.zeros(len(places))

    def _gaps(self, tried: list[Any]) -> Any:
        """How far the two sides are apart, relative to their size; NaN where something is undefined."""
        places = [{**o, **p} for a, b, u, v, o in tried for p in (u, v, {n: a * u[n] + b * v[n] for n in u})]
        values = self._doubles(places).reshape(-1, 3)
        alpha, beta = (np.array([float(t[k]) for t in tried]) for k in (0, 1))
        one, two, left = alpha * values[:, 0], beta * values[:, 1], values[:, 2]
        with np.errstate(all="ignore"):
            size = np.abs(left) + np.abs(one) + np.abs(two)
            gap = np.abs(left - one - two) / size
        return np.where(size == 0, 0.0, gap)

    def _exact(self, place: Point) -> Any:
        return self.tape.run(place, Enclosures())[0]

    def _confirm(self, alpha: Fraction, beta: Fraction, u: Point, v: Point, others: Point) -> Counterexample | None:
        between = {n: alpha * u[n] + beta * v[n] for n in u}
        left, one, two = (self._exact({**others, **p}) for p in (between, u, v))
        exact = Enclosures()
        right = exact.apply("+", [exact.apply("*", [alpha, one]), exact.apply("*", [beta, two])])
        if left is UNDEFINED or right is UNDEFINED or not differ(left, right):
            return None
        return Counterexample(alpha, beta, u, v, others, _plain(left), _plain(right))


@cache
def _rows(width: int, count: int, stream: int, seed: int) -> list[list[Fraction]]:
    """Places to try: small numbers first, then random fractions of every size."""
    random = np.random.default_rng([seed, stream, width])
    rows: list[list[Fraction]] = []
    for i in range(count):
        if i < count // 2:
            few = _SMALL[: 4 + i // 20] if i < count // 3 else _SMALL
            rows.append([few[k] for k in random.integers(0, len(few), width)])
        else:
            size = int(random.integers(-9, 10)) if i % 2 else int(random.integers(-1, 3))
            parts = random.integers(-9999, 10_000, width)
            rows.append([Fraction(int(n), 1000) * Fraction(10) ** size for n in parts])
    return rows


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
