"""`select_terms`: forward selection of curves, then pairs, the strongest first, each tested on held-out rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...arrays import Array
from ..decide import corrected_interval
from .column_basis import ColumnBasis, interaction
from .fold_fits import Block, FoldFits
from .screening import screen_curves, screen_pairs

LEAST_SHARE = 0.03  # of the network's gain: terms that contribute less are not reported
LEVEL = 0.5  # confidence level of the held-out share being above 0; significance is tested by the screening
PENALTIES = (1e-4, 1e-2, 0.1)  # of a curve's or pair's columns: from nearly none to smooth
MAX_TRIED = 40  # of those that passed the screening
MAX_TERMS = 20
CANDIDATES = 3  # that are fitted in full before a round ends without a selection

Key = tuple[str, ...]  # one column, or two


@dataclass(frozen=True, eq=False)
class Selection:
    """The selected terms in order, each with its reduction of the held-out losses (folds,); the first and last fits.

    ``not_selected``: the same for the curves of the other columns, each alone added at the end; ``cut``: time ran out.
    """

    terms: tuple[tuple[Key, Array], ...]
    not_selected: dict[str, Array]
    start: FoldFits
    end: FoldFits
    cut: bool = False


def select_terms(
    bases: Sequence[ColumnBasis],
    start: FoldFits,
    *,
    gain: float,
    ratio: float,
    rng: np.random.Generator,
    out_of_time: Callable[[], bool] = lambda: False,
) -> Selection:
    """Extend the linear model ``start`` by curves and pairs with ``LEAST_SHARE`` of the network's ``gain`` or more.

    A term is selected when it is significant in the screening and reduces the held-out losses enough. Pairs follow when
    no such curve remains, so that a pair contributes only what neither column can alone. ``ratio``: test rows
    / training rows of a fold; ``out_of_time`` ends the search early.
    """
    selection = Selection(terms=(), not_selected={}, start=start, end=start)
    while len(selection.terms) < MAX_TERMS:
        if out_of_time():
            selection = replace(selection, cut=True)
            break
        extended = _with_best(selection, _curves(bases, selection), gain, ratio)
        if extended is None:
            extended = _with_best(selection, _pairs(bases, selection, rng), gain, ratio)
        if extended is None:
            break
        selection = extended
    curves = {key[0] for key, _ in selection.terms if len(key) == 1}
    others = [basis for basis in bases if basis.curve.shape[1] and basis.name not in curves][:MAX_TRIED]
    trials = selection.end.trial_losses([(basis.curve, max(PENALTIES)) for basis in others])
    reductions = selection.end.losses - trials
    return replace(selection, not_selected={b.name: row for b, row in zip(others, reductions, strict=True)})


def _curves(bases: Sequence[ColumnBasis], selection: Selection) -> list[tuple[Key, Array]]:
    selected = {key for key, _ in selection.terms}
    passed = screen_curves([b for b in bases if (b.name,) not in selected], selection.end.residuals)
    by_name = {b.name: b for b in bases}
    return [((name,), by_name[name].curve) for name in sorted(passed, key=lambda n: -passed[n])[:MAX_TRIED]]


def _pairs(bases: Sequence[ColumnBasis], selection: Selection, rng: np.random.Generator) -> list[tuple[Key, Array]]:
    selected = {key for key, _ in selection.terms}
    passed = screen_pairs(bases, selection.end.residuals, rng)
    ordered = sorted(passed, key=lambda pair: -passed[pair])
    pairs = [(bases[i], bases[j]) for i, j in ordered if (bases[i].name, bases[j].name) not in selected]
    return [((a.name, b.name), interaction(a, b)) for a, b in pairs[:MAX_TRIED]]


def _with_best(
    selection: Selection, candidates: list[tuple[Key, Array]], gain: float, ratio: float
) -> Selection | None:
    """The selection with the best candidate; None if none reduces the held-out losses enough."""
    blocks: list[Block] = [(columns, penalty) for _, columns in candidates for penalty in PENALTIES]
    if not blocks:
        return None
    reductions = (selection.end.losses - selection.end.trial_losses(blocks)).mean(axis=1)
    for at in np.argsort(-reductions, kind="stable")[: len(PENALTIES) * CANDIDATES]:
        if reductions[at] <= 0:
            return None
        end = selection.end.with_blocks([blocks[at]])
        reduction = selection.end.losses - end.losses
        if reduction.mean() >= LEAST_SHARE * gain and corrected_interval(reduction, ratio, LEVEL)[0] > 0:
            key = candidates[at // len(PENALTIES)][0]
            return replace(selection, terms=(*selection.terms, (key, reduction)), end=end)
    return None
