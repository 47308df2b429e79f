"""The smallest change of the straight model that gets most of the gain, written as a formula to copy."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ...arrays import Array
from ...data import Problem
from ...solve.named_functions import column_identifiers
from ..scores import row_losses
from .answer import Step, Suggestion
from .fits import Fits, Task
from .search import Found
from .shapes import Shape, beyond
from .shares import share
from .terms import Input, Term, of_one, of_two

LEAST_STEP = 0.05  # of the network's gain: a further term must bring that much
MOST = 0.9  # of what can be had: with that, enough is had
MOST_STEPS = 6
PLAINER = 0.03  # of the gain that a plainer term may cost
PENALTY = 1e-9
MOST_SOURCES = 8  # curves and pairs, the strongest, that terms are made of
MOST_COLUMNS = 40  # of the straight part that are written


def suggest(
    found: Found,
    shapes: Sequence[Shape],
    problem: Problem,
    rows: Array,
    order: Sequence[str],
    gain: float,
    ratio: float,
) -> Suggestion | None:
    """Terms added one after another, each the one that takes most off the held-out losses, until most is had.

    ``rows``: the rows of the problem that were looked at; ``order``: its columns, those that weigh most in the straight
    model first. None where no simple term brings ``LEAST_STEP``.
    """
    names = column_identifiers(problem.table.column_names)
    terms: list[Term] = []
    steps: list[Step] = []
    fits = found.start
    reachable = min(float((found.start.losses - found.end.losses).mean()), gain)
    while len(steps) < MOST_STEPS:
        best = _best(fits, _candidates(found, shapes, names, fits), gain)
        if best is None:
            break
        fits, term = best
        terms.append(term)
        taken = found.start.losses - fits.losses
        steps.append(Step(term.text, *share(taken, gain, ratio)))
        if taken.mean() >= MOST * reachable:
            break
    if not steps:
        return None
    written, left_out = _columns(problem, order)
    text = _text(problem, names, written, terms)
    if problem.classes:
        reached, interval = steps[-1].share, steps[-1].interval
    else:
        alone = _alone(found.start.task, problem, rows, written, terms)
        reached, interval = share(found.start.losses - alone, gain, ratio)
    of = problem.classes[1] if len(problem.classes) == 2 else None
    return Suggestion(text, tuple(steps), reached, interval, left_out, of)


def _candidates(found: Found, shapes: Sequence[Shape], names: dict[str, str], fits: Fits) -> list[Term]:
    by_name = {s.name: Input(names[s.name], s.values) for s in shapes if s.values.ndim == 1}
    rest = fits.rest[:, int(np.abs(fits.rest).mean(axis=0).argmax())]
    keys = [key for key, _ in sorted(found.terms, key=lambda term: -term[1].mean())][:MOST_SOURCES]
    alone = dict.fromkeys(name for key in keys for name in key if name in by_name)
    terms = [term for name in alone for term in of_one(by_name[name], rest)]
    for key in keys:
        if len(key) == 2 and all(name in by_name for name in key):
            terms += of_two(by_name[key[0]], by_name[key[1]], rest)
    return [t for t in terms if np.isfinite(t.values).all() and np.ptp(t.values) > 0]


def _best(fits: Fits, terms: list[Term], gain: float) -> tuple[Fits, Term] | None:
    """The plainest of the terms that bring nearly the most, put in; None where that is too little."""
    for _ in range(2):  # then once more among points nearby
        if not terms:
            return None
        columns = [beyond(t.values[:, None], t.inputs) for t in terms]
        brought = (fits.losses - fits.tried([(c, PENALTY) for c in columns])).mean(axis=1)
        near = [j for j in np.argsort(-brought, kind="stable") if brought[j] >= brought.max() - PLAINER * gain]
        at = min(near, key=lambda j: terms[j].rank)  # the first, so the best, of the plainest
        term, column, finer = terms[at], columns[at], terms[at].finer
        if finer is None:
            break
        terms = [term, *(t for t in finer() if t.rank == term.rank and _kind(t) == _kind(term))]
    grown = fits.grown([(column, PENALTY)])
    return (grown, term) if (fits.losses - grown.losses).mean() >= LEAST_STEP * gain else None


def _kind(term: Term) -> str:
    return term.text.partition("(")[0]


def _columns(problem: Problem, order: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The inputs that a formula can hold, in the table's order, and those that it has no place for."""
    numeric = {c.name for c in problem.inputs if c.kind in ("number", "boolean") and _is_number(problem, c.name)}
    kept = set([n for n in order if n in numeric][:MOST_COLUMNS])
    inputs = [c.name for c in problem.inputs]
    return [n for n in inputs if n in kept], tuple(n for n in inputs if n not in kept)


def _is_number(problem: Problem, name: str) -> bool:
    import pyarrow.types as pt

    kind = problem.table[name].type
    return bool(pt.is_floating(kind) or pt.is_integer(kind) or pt.is_boolean(kind))


def _text(problem: Problem, names: dict[str, str], written: list[str], terms: Sequence[Term]) -> str:
    taken = set(names.values())
    letter = next(a for a in ("b", "c", "w", "beta", "coef_") if not any(re.fullmatch(rf"{a}\d+", n) for n in taken))
    parts = [*(names[n] for n in written), *(t.text for t in terms)]
    right = " + ".join([f"{letter}0", *(f"{letter}{i}*{_factor(part)}" for i, part in enumerate(parts, 1))])
    return right if problem.classes else f"{names[problem.target]} = {right}"


def _factor(text: str) -> str:
    """1/x after a * is read as it is meant, (b*1)/x; nothing else needs brackets."""
    return f"({text})" if text.startswith("1/") else text


def _alone(task: Task, problem: Problem, rows: Array, written: list[str], terms: Sequence[Term]) -> Array:
    """(folds,) held-out losses of the formula by itself, as `formula_side.held_out` judges it: least squares on rows
    without gaps, the mean where there is one."""  # fmt: skip
    columns = {c.name: c for c in problem.inputs}
    straight = [problem.arrays.values(columns[name])[rows] for name in written]
    whole = np.ones(len(rows), dtype=bool) if not straight else np.isfinite(np.column_stack(straight)).all(axis=1)
    design = np.column_stack([np.ones(len(rows)), *straight, *(t.values for t in terms)])
    losses = np.empty(len(task.folds))
    for k, (train, test) in enumerate(task.folds):
        learn, known = train[whole[train]], whole[test]
        a = design[learn]
        centre, size = a.mean(axis=0), a.std(axis=0)
        centre[0], size = 0.0, np.where(size > 0, size, 1.0)
        w = np.linalg.lstsq((a - centre) / size, task.y[learn], rcond=None)[0]
        output = np.full(len(test), task.y[train].mean())
        output[known] = ((design[test[known]] - centre) / size) @ w
        losses[k] = row_losses(output[:, None], task.y[test], task.classes).mean()
    return losses
