"""Curves first, then pairs, the strongest of each first: every one must show in held-out rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...arrays import Array
from ..decide import corrected_interval
from .fits import Block, Fits
from .screen import curves_seen, pairs_seen
from .shapes import Shape, product

LEAST_SHARE = 0.03  # of the network's gain: less is not worth a name
HINT = 0.5  # level at which the held-out share must lie above 0; that it is no luck, the first look has tested
PENALTIES = (1e-4, 1e-2, 0.1)  # of a curve's or pair's columns: from nearly free to held smooth
MOST_TRIED = 40  # of those that the first look let through
MOST_TERMS = 20
CLOSE = 3  # candidates that are fitted in full before a round is given up

Key = tuple[str, ...]  # one column, or two
Trial = tuple[Key, float, Block]  # whose it is, what one step of it brings, its columns


@dataclass(frozen=True, eq=False)
class Found:
    """What was put in, in that order: each with what it took off the held-out losses (folds,); and the fits at the end.

    ``single``: the same of the curves of columns that were not put in, each alone at the end; ``cut``: time ran out.
    """

    terms: tuple[tuple[Key, Array], ...]
    single: dict[str, Array]
    start: Fits
    end: Fits
    cut: bool = False


def search(
    shapes: Sequence[Shape],
    start: Fits,
    gain: float,
    ratio: float,
    rng: np.random.Generator,
    late: Callable[[], bool] = lambda: False,
) -> Found:
    """Grow the straight ``start`` by curves and pairs, each worth ``LEAST_SHARE`` of ``gain`` (the network's) or more.

    A term counts when the first look shows that it is no luck, and the held-out losses that it is worth it. Pairs come
    when no curve is left that does, so that a pair brings only what neither column can alone. ``ratio``: test rows /
    training rows of a fold; ``late`` ends the search early.
    """
    found = Found((), {}, start, start)
    while len(found.terms) < MOST_TERMS:
        if late():
            found = replace(found, cut=True)
            break
        more = _round(found, _curves(shapes, found), gain, ratio)
        if more is None:
            more = _round(found, _pairs(shapes, found, rng), gain, ratio)
        if more is None:
            break
        found = more
    put_in = {key[0] for key, _ in found.terms if len(key) == 1}
    rest = [s for s in shapes if s.curve.shape[1] and s.name not in put_in][:MOST_TRIED]
    taken = found.end.losses - found.end.tried([(s.curve, max(PENALTIES)) for s in rest])
    return replace(found, single={s.name: row for s, row in zip(rest, taken, strict=True)})


def _curves(shapes: Sequence[Shape], found: Found) -> list[tuple[Key, Array]]:
    taken = {key for key, _ in found.terms}
    seen = curves_seen([s for s in shapes if (s.name,) not in taken], found.end.rest)
    by_name = {s.name: s for s in shapes}
    return [((name,), by_name[name].curve) for name in sorted(seen, key=lambda n: -seen[n])[:MOST_TRIED]]


def _pairs(shapes: Sequence[Shape], found: Found, rng: np.random.Generator) -> list[tuple[Key, Array]]:
    taken = {key for key, _ in found.terms}
    seen = pairs_seen(shapes, found.end.rest, rng)
    ordered = [(i, j) for i, j in sorted(seen, key=lambda p: -seen[p])
               if (shapes[i].name, shapes[j].name) not in taken]  # fmt: skip
    return [((shapes[i].name, shapes[j].name), product(shapes[i], shapes[j])) for i, j in ordered[:MOST_TRIED]]


def _round(found: Found, candidates: list[tuple[Key, Array]], gain: float, ratio: float) -> Found | None:
    """The best candidate put in, if any is worth it."""
    blocks: list[Block] = [(columns, penalty) for _, columns in candidates for penalty in PENALTIES]
    if not blocks:
        return None
    brought = (found.end.losses - found.end.tried(blocks)).mean(axis=1)
    for at in np.argsort(-brought, kind="stable")[: len(PENALTIES) * CLOSE]:
        if brought[at] <= 0:
            return None
        end = found.end.grown([blocks[at]])
        taken = found.end.losses - end.losses
        if taken.mean() >= LEAST_SHARE * gain and corrected_interval(taken, ratio, HINT)[0] > 0:
            return replace(found, terms=(*found.terms, (candidates[at // len(PENALTIES)][0], taken)), end=end)
    return None
