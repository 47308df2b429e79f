"""The report's section on costs of wrong labels: the expected cost of both models, with and without the rule."""

from __future__ import annotations

from ..verdict.cost_rule import CostRule
from ..verdict.expected_cost import Interval
from ..verdict.result import Result
from ..words import say
from .html import paragraph, section, table
from .number_text import number
from .sentences import cost_sentence

MAX_CLASSES = 12


def costs(result: Result) -> str:
    """The section; "" where no costs were stated."""
    if not result.costs:
        return ""
    rows = []
    for word, name in (("straight", "linear"), ("network", "network")):
        found = result.costs[name]
        label = say(f"report.{word}")
        threshold = "–" if found.threshold is None else number(found.threshold)
        usual = "–" if found.threshold is None else "0.5"
        rows.append((label, say("report.cost_usual"), usual, _cost(found.usual, found.usual_interval)))
        rows.append(("", say("report.cost_chosen"), threshold, _cost(found.cost, found.cost_interval)))
    head = (say("report.model"), "", say("report.threshold"), say("report.cost_per_row"))
    rule = result.model.rule
    weights = result.request.class_weight is not None
    return section(
        say("report.cost_title"),
        paragraph(cost_sentence(result) or ""),
        table(head, rows, (2, 3)),
        *([] if rule is None else [_matrix(rule, result.problem.classes)]),
        paragraph(say("report.cost_note_weights" if weights else "report.cost_note"), "note"),
    )


def _cost(value: float, interval: Interval) -> str:
    return f"{number(value)} [{number(interval[0])},\N{NO-BREAK SPACE}{number(interval[1])}]"


def _matrix(rule: CostRule, classes: tuple[str, ...]) -> str:
    """The stated costs: actual classes in rows, predicted ones in columns."""
    shown = classes[:MAX_CLASSES]
    rows = [(name, *(number(c) for c in rule.costs[i, : len(shown)])) for i, name in enumerate(shown)]
    return table((say("report.confusion_corner"), *shown), rows, range(1, len(shown) + 1))
