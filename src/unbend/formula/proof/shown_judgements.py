"""Which judgements on a formula a report shows: those on single names, and the joint ones that add information."""

from __future__ import annotations

from .judgement import Judgement
from .linearity import Linearity

MAX_SINGLE = 50  # judgements on single names that are shown


def single_judgements(linearity: Linearity) -> tuple[list[Judgement], tuple[str, ...]]:
    """The judgements on the first 50 single names, and the further names, covered by the joint judgements alone."""
    names = (*linearity.variable_names, *linearity.parameter_names)
    return [linearity.of(name) for name in names[:MAX_SINGLE]], names[MAX_SINGLE:]


def joint_judgements(linearity: Linearity) -> list[tuple[str, Judgement]]:
    """The joint judgements that add to the single ones, each with "variables", "parameters" or "everything"."""
    joint: list[tuple[str, Judgement]] = []
    for key, judgement in (("variables", linearity.variables), ("parameters", linearity.parameters)):
        if judgement is not None and len(judgement.subject) > 1:
            joint.append((key, judgement))
    everything = linearity.everything
    if everything is not None and linearity.variable_names and linearity.parameter_names:
        joint.append(("everything", everything))
    return joint
