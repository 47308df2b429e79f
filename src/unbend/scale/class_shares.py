"""`with_shares`: models of a sample in which rare classes are more frequent, corrected to the table's shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..arrays import Array
from ..verdict import Result, ScoredModel


def with_shares(result: Result, rows: Mapping[str, int]) -> Result:
    """The result with the probabilities of both models as of a table with so many ``rows`` of each class.

    Where rows were drawn by their class, only the classes' shares differ from the table's, so that the log odds are off
    by a constant each, which is known: Prentice & Pyke (1979), Biometrika 66; King & Zeng (2001), "Logistic regression
    in rare events data", eq. 7.
    """
    classes = result.problem.classes
    if not classes or not all(rows.get(label) for label in classes):
        return result
    drawn = np.bincount(result.problem.y, minlength=len(classes)).astype(np.float64)
    shift = np.log([rows[label] for label in classes]) - np.log(drawn)
    shift = shift[1:] - shift[:1] if len(classes) == 2 else shift - shift.mean()
    if not shift.any():
        return result
    return replace(result, linear=_shifted(result.linear, shift), network=_shifted(result.network, shift))


def _shifted(scored: ScoredModel, shift: Array) -> ScoredModel:
    """The model with this added to its network's outputs."""
    network = scored.model.network
    *others, (W, b) = network.arrays
    return replace(scored, model=replace(scored.model, network=network.with_arrays([*others, (W, b + shift)])))
