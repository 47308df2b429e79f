"""`suggest_formula`: the smallest change of the linear model that reaches most of the gain, as a formula to copy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from ...arrays import Array
from ...data import Problem
from ...solve.linear_model.log_loss import minimise_log_loss
from ...solve.named_functions import column_identifiers
from ..scores import row_losses
from .attribution import FormulaStep, Suggestion, gain_share
from .candidate_terms import Input, Term, terms_of_one, terms_of_two
from .column_basis import ColumnBasis, without_linear_part
from .fold_fits import FoldFits, Task
from .forward_selection import Selection

LEAST_STEP = 0.05  # of the network's gain: a further term must bring that much
SUFFICIENT = 0.9  # of what can be reached: no more terms are added then
MAX_STEPS = 6
SIMPLER = 0.03  # of the gain that a simpler term may cost
SINE = 0.10  # of the gain by which a sine must beat every other term where the relation is monotone
BINS, MONOTONE = 12, 0.9  # of a column's values, to tell whether it is; the fraction of the way in one direction
PENALTY = 1e-9
MAX_SOURCES = 8  # curves and pairs, the strongest, that terms are made of
MAX_COLUMNS = 40  # of the linear part that are written


def suggest_formula(
    selection: Selection,
    bases: Sequence[ColumnBasis],
    problem: Problem,
    *,
    rows: Array,
    order: Sequence[str],
    gain: float,
    ratio: float,
) -> Suggestion | None:
    """Terms added one after another, each the one that reduces the held-out losses most, until most is reached.

    Terms are made of the columns that a formula can contain, numbers and booleans. For a monotone relation, and for
    products, a sine is taken only where it reduces the losses by ``SINE`` of the gain more than every other term does
    (its argument spans half a period or more by construction): such relations get a power, a logarithm, a hinge.
    A sine reads as periodic, and extrapolates so.

    ``rows``: the rows of the problem that were used; ``order``: its columns, those with the largest standardised linear
    coefficients first. None where no simple term contributes ``LEAST_STEP``.
    """
    names = column_identifiers(problem.table.column_names)
    terms: list[Term] = []
    steps: list[FormulaStep] = []
    fits = selection.start
    reachable = min(float((selection.start.losses - selection.end.losses).mean()), gain)
    while len(steps) < MAX_STEPS:
        best = _best(fits, _candidates(selection, bases, problem, names, fits), gain)
        if best is None:
            break
        fits, term = best
        terms.append(term)
        reduction = selection.start.losses - fits.losses
        steps.append(FormulaStep(term.text, *gain_share(reduction, gain, ratio)))
        if reduction.mean() >= SUFFICIENT * reachable:
            break
    if not steps:
        return None
    written, left_out = _columns(problem, order, _used(names, terms))
    text, coefficients = _text(problem, names, written, terms)
    design, complete = _design(problem, rows, written, terms)
    if problem.classes:
        reached, interval = steps[-1].share, steps[-1].interval
    else:
        losses = _formula_losses(selection.start.task, design, complete)
        reached, interval = gain_share(selection.start.losses - losses, gain, ratio)
    of = problem.classes[1] if len(problem.classes) == 2 else None
    fitted = _coefficients(selection.start.task, design, complete)
    return Suggestion(
        text=text,
        steps=tuple(steps),
        share=reached,
        interval=interval,
        left_out=left_out,
        of=of,
        values={} if fitted is None else dict(zip(coefficients, fitted.tolist(), strict=True)),
    )


def _candidates(
    selection: Selection, bases: Sequence[ColumnBasis], problem: Problem, names: dict[str, str], fits: FoldFits
) -> list[Term]:
    usable = _numeric(problem)
    by_name = {b.name: Input(names[b.name], b.values) for b in bases if b.values.ndim == 1 and b.name in usable}
    residuals = fits.residuals[:, int(np.abs(fits.residuals).mean(axis=0).argmax())]
    keys = [key for key, _ in sorted(selection.terms, key=lambda term: -term[1].mean())][:MAX_SOURCES]
    single = dict.fromkeys(name for key in keys for name in key if name in by_name)
    terms = [term for name in single for term in terms_of_one(by_name[name], residuals)]
    for key in keys:
        if len(key) == 2 and all(name in by_name for name in key):
            terms += terms_of_two(by_name[key[0]], by_name[key[1]], residuals)
    return [t for t in terms if np.isfinite(t.values).all() and np.ptp(t.values) > 0]


def _best(fits: FoldFits, terms: list[Term], gain: float) -> tuple[FoldFits, Term] | None:
    """The simplest of the terms that reduce the losses nearly most, added; None where that is too little."""
    for _ in range(2):  # the second time among points nearby
        if not terms:
            return None
        columns = _without_linear_parts(terms)
        reductions = (fits.losses - fits.trial_losses([(c, PENALTY) for c in columns])).mean(axis=1)
        reductions = _without_needless_sines(fits, terms, reductions, gain)
        least = reductions.max() - SIMPLER * gain
        good = [j for j in np.argsort(-reductions, kind="stable") if reductions[j] >= least]
        at = min(good, key=lambda j: terms[j].complexity)  # the first, so the best, of the simplest
        term, column, nearby = terms[at], columns[at], terms[at].nearby
        if nearby is None:
            break
        terms = [term, *(t for t in nearby() if t.complexity == term.complexity and _kind(t) == _kind(term))]
    extended = fits.with_blocks([(column, PENALTY)])
    return (extended, term) if (fits.losses - extended.losses).mean() >= LEAST_STEP * gain else None


def _without_linear_parts(terms: Sequence[Term]) -> list[Array]:
    """Each term's values (n, 1) without what is linear in its inputs, together for terms of the same inputs."""
    columns: list[Array] = []
    for _, group in groupby(terms, key=lambda term: id(term.inputs)):
        alike = list(group)
        found = without_linear_part(np.column_stack([term.values for term in alike]), alike[0].inputs)
        columns += np.split(found, len(alike), axis=1)
    return columns


def _without_needless_sines(fits: FoldFits, terms: Sequence[Term], reductions: Array, gain: float) -> Array:
    """The reductions, -inf for sines of a monotone relation, or of two columns, that do not beat every other term by
    ``SINE`` of the gain."""  # fmt: skip
    sine = np.array([_kind(term) == "sin" for term in terms])
    others = float(reductions[~sine].max(initial=0.0))
    monotone: dict[str, bool] = {}
    allowed = reductions.copy()
    for j in np.flatnonzero(sine & (reductions < others + SINE * gain)):
        term = terms[int(j)]
        argument = re.sub(r"^sin\([\d.e+-]+\*| [+-] [\d.]+\)$|\)$", "", term.text)
        if argument not in monotone:
            monotone[argument] = term.inputs.shape[1] > 1 or _is_monotone(fits, term.inputs[:, 0])
        if monotone[argument]:
            allowed[j] = -np.inf
    return allowed


def _is_monotone(fits: FoldFits, v: Array) -> bool:
    """Whether the target goes one way with column v (n,), in nine tenths of its way at least: the linear model's
    share of the column plus the mean residual, in ``BINS`` bins of as many rows."""  # fmt: skip
    output = int(np.abs(fits.residuals).mean(axis=0).argmax())
    scaled = (v - v.mean()) / (v.std() or 1.0)
    fit = fits.design.T @ scaled / len(v)
    sizes = np.sqrt((fits.design**2).mean(axis=0))
    at = int(np.abs(fit / np.where(sizes > 0, sizes, np.inf)).argmax())
    own = abs(fit[at]) > (1 - 1e-9) * sizes[at]  # the design has this very column
    slope = float(np.mean([w[at, output] for w in fits.weights])) * fits.design[:, at] if own else np.zeros(len(v))
    order = np.argsort(v, kind="stable")
    curve = (slope + fits.residuals[:, output] / fits.task.curvature)[order]
    steps = np.diff([part.mean() for part in np.array_split(curve, BINS)])
    way = float(np.abs(steps).sum())
    return max(float(steps[steps > 0].sum()), -float(steps[steps < 0].sum())) >= MONOTONE * way


def _kind(term: Term) -> str:
    return term.text.partition("(")[0]


def _numeric(problem: Problem) -> set[str]:
    """The inputs that a formula can contain."""
    return {c.name for c in problem.inputs if c.kind in ("number", "boolean") and _is_number(problem, c.name)}


def _used(names: dict[str, str], terms: Sequence[Term]) -> set[str]:
    """The columns in the terms."""
    identifiers = {word for term in terms for word in re.findall(r"[^\W\d]\w*", term.text)}
    return {column for column, identifier in names.items() if identifier in identifiers}


def _columns(problem: Problem, order: Sequence[str], used: set[str]) -> tuple[list[str], tuple[str, ...]]:
    """The inputs that the formula contains, in the table's order, and the others; those in its terms are ``used``."""
    numeric = _numeric(problem)
    written = set([n for n in order if n in numeric][:MAX_COLUMNS]) | (used & numeric)
    inputs = [c.name for c in problem.inputs]
    return [n for n in inputs if n in written], tuple(n for n in inputs if n not in written)


def _is_number(problem: Problem, name: str) -> bool:
    import pyarrow.types as pt

    kind = problem.table[name].type
    return bool(pt.is_floating(kind) or pt.is_integer(kind) or pt.is_boolean(kind))


def _text(problem: Problem, names: dict[str, str], written: list[str], terms: Sequence[Term]) -> tuple[str, list[str]]:
    """The formula, and the names of its coefficients."""
    taken = set(names.values())
    letter = next(a for a in ("b", "c", "w", "beta", "coef_") if not any(re.fullmatch(rf"{a}\d+", n) for n in taken))
    parts = [*(names[n] for n in written), *(t.text for t in terms)]
    coefficients = [f"{letter}{i}" for i in range(len(parts) + 1)]
    right = " + ".join([coefficients[0], *(f"{b}*{_factor(p)}" for b, p in zip(coefficients[1:], parts, strict=True))])
    return (right if problem.classes else f"{names[problem.target]} = {right}"), coefficients


def _factor(text: str) -> str:
    """In brackets where the text begins with 1/, which b*1/x would read as (b*1)/x; nothing else needs them."""
    return f"({text})" if text.startswith("1/") else text


def _design(problem: Problem, rows: Array, written: list[str], terms: Sequence[Term]) -> tuple[Array, Array]:
    """(n, 1 + columns + terms) the formula's columns in these rows, and (n,) whether all its inputs are known."""
    columns = {c.name: c for c in problem.inputs}
    linear = [problem.arrays.values(columns[name])[rows] for name in written]
    complete = np.ones(len(rows), dtype=bool) if not linear else np.isfinite(np.column_stack(linear)).all(axis=1)
    return np.column_stack([np.ones(len(rows)), *linear, *(t.values for t in terms)]), complete


def _formula_losses(task: Task, design: Array, complete: Array) -> Array:
    """(folds,) held-out losses of the formula by itself, as `formula_model.held_out_outputs` predicts: least squares on
    complete rows, the mean for incomplete ones."""  # fmt: skip
    losses = np.empty(len(task.folds))
    for k, (train, test) in enumerate(task.folds):
        fitted, known = train[complete[train]], complete[test]
        a = design[fitted]
        centre, size = _centre_and_size(a)
        w = np.linalg.lstsq((a - centre) / size, task.y[fitted], rcond=None)[0]
        output = np.full(len(test), task.y[train].mean())
        output[known] = ((design[test[known]] - centre) / size) @ w
        losses[k] = row_losses(output[:, None], task.y[test], task.classes).mean()
    return losses


def _coefficients(task: Task, design: Array, complete: Array) -> Array | None:
    """(columns,) the formula's coefficients from all complete rows: least squares, or logistic regression for two
    classes; None for more classes, and where there are fewer complete rows than coefficients."""  # fmt: skip
    if task.classes > 2 or complete.sum() < design.shape[1]:
        return None
    a, y = design[complete], task.y[complete]
    centre, size = _centre_and_size(a)
    scaled = (a - centre) / size
    if task.classes == 0:
        w = np.linalg.lstsq(scaled, y, rcond=None)[0]
    else:
        start, penalties = np.zeros((scaled.shape[1], 1)), np.full((scaled.shape[1] - 1, 1), PENALTY)
        w = minimise_log_loss(scaled[:, 1:], y, penalties, start, 1e-6)[:, 0]
    raw: Array = w / size
    raw[0] -= float(np.sum(raw[1:] * centre[1:]))
    return raw


def _centre_and_size(a: Array) -> tuple[Array, Array]:
    """Mean and standard deviation of each column, 0 and 1 for the constant one."""
    centre, size = a.mean(axis=0), a.std(axis=0)
    centre[0], size = 0.0, np.where(size > 0, size, 1.0)
    return centre, size
