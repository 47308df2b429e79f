"""The verdict in sentences: what the terminal prints and the report begins with."""

from __future__ import annotations

import numpy as np

from ..verdict.decide import EQUIVALENCE_MARGIN
from ..verdict.formula_model import FormulaModel
from ..verdict.own_test import OwnTest
from ..verdict.result import Result
from ..verdict.scored_model import ScoredModel
from ..verdict.specification_test import LEVEL
from ..verdict.tree_scores import TreeScores
from ..words import language, say
from .number_text import number, p_value, percent

_CAVEATS = {
    "data.equals_target", "verdict.leak_number", "verdict.leak_class", "verdict.leak_gaps", "verdict.grouped",
    "verdict.timed", "verdict.copies", "verdict.text_copies", "verdict.uneven", "verdict.group_hint",
    "data.row_number_trend",
    "data.far_values", "data.far_target", "verdict.kinship", "verdict.drift",
    "verdict.steps_cut", "verdict.final_cut", "verdict.screened",
}  # fmt: skip


def headline(result: Result) -> str:
    """The verdict in a few words."""
    return say(f"report.{result.verdict}")


def explanation(result: Result, *, option: bool = True) -> str:
    """What the verdict means for this table, in one or two sentences; ``option``: name the command line's option."""
    low, high = result.interval
    loss = say("report.squared_error" if result.task == "regression" else "report.log_loss")
    needed = result.decision.rows_needed
    space = "" if language() == "ko" else " "  # before a bracket
    values = {
        "loss": loss,
        "gain": percent(abs(result.gain)),
        "low": percent(low),
        "high": percent(high),
        "enough": percent(EQUIVALENCE_MARGIN),
        "target": result.problem.target,
        "rows": f"{result.problem.rows:,}",
        "needed": f"{needed:,}" if needed else "",
        "budget": f"{result.decision.budget_needed or 0:,}",
        "option": f"{space}(--budget {result.decision.budget_needed or 0})" if option else "",
        "straight_option": f"{space}(--model linear)" if option else "",
        "folds": len(result.comparison.losses),
        "better": percent(max(result.linear.score, result.network.score)),
        "units": _units(result),
        "planned": result.comparison.folds,
        "trained": percent(float(f"{result.comparison.trained:.2g}")),
    }
    key = f"report.{result.verdict}_because"
    if result.decision.cut:
        key += "_untrained" if result.comparison.is_cut else "_time"
    elif result.verdict == "cannot_tell":
        key += "_unknown" if needed is None else "" if result.decision.learned else "_nothing_yet"
        if key.endswith("_nothing_yet") and max(result.linear.score, result.network.score) > 0:
            key = "report.cannot_tell_because_not_shown"
    if result.verdict == "straight_is_enough" and result.linear.score > 1 - 1e-9:
        key += "_exact"
    elif result.verdict == "straight_is_enough" and result.gain == 0 and result.interval == (0, 0):
        key += "_unbent"
    for note in result.notes:
        if note.key == "verdict.missed_bend":
            return say("report.cannot_tell_because_missed_bend", **note.values)
        if note.key == "verdict.missed_pair":
            return say("report.cannot_tell_because_missed_pair", **note.values)
    if any(note.key == "verdict.text_straight_gain" for note in result.notes):
        key = "report.text_straight_gain"
    few = next((note for note in result.notes if note.key == "verdict.text_few"), None)
    if few is not None and not result.decision.cut:
        return say("report.cannot_tell_because_few_texts", **few.values)
    if key in ("report.cannot_tell_because", "report.cannot_tell_because_unknown") and result.request.model == "auto":
        return say(key, **values) + " " + say(f"report.until_then_{result.chosen}", **values)
    return say(key, **values)


def _units(result: Result) -> str:
    """What there are few of: groups where whole groups were held out, else rows."""
    groups = [note.values["count"] for note in result.notes if note.key == "verdict.grouped"]
    return (
        say("report.units_groups", count=groups[0]) if groups else say("report.units_rows", count=result.problem.rows)
    )


def caveats(result: Result) -> list[str]:
    """The notes that belong beside the verdict: target leakage, rows that are not independent, work that was cut."""
    return [as_sentence(note.text()) for note in result.notes if note.key in _CAVEATS]


def as_sentence(text: str) -> str:
    """A note as a sentence: a capital where it begins with a word of ours, a full stop where it ends without one."""
    begins = text[:1].upper() + text[1:] if text[:1].islower() else text
    return begins if begins.rstrip("\"'”’)")[-1:] in (".", "!", "?", "…", ":") else begins + "."


def judged_rows(result: Result) -> int:
    """The number of rows that were held out at least once, so that both models were evaluated on them."""
    return int(np.sum(~np.isnan(result.comparison.outputs["network"][:, 0])))


def rare_class(result: Result) -> str | None:
    """What the scores of a rare class are; None where there is none."""
    linear, network = result.linear.class_scores, result.network.class_scores
    if linear is None or network is None or not network.rare:
        return None
    chosen = linear if result.chosen == "linear" else network
    return say(
        "report.rare_class" if chosen.at_half.recall else "report.rare_class_none",
        positive=network.positive,
        share=percent(network.share),
        linear=number(linear.average_precision),
        network=number(network.average_precision),
        chance=number(network.share),
        recall=percent(chosen.at_half.recall),
        precision=percent(chosen.at_half.precision),
    )


def advice(result: Result) -> str:
    """Which model was chosen."""
    return say(f"report.kept_{result.chosen}")


def specification_test_sentence(result: Result) -> str | None:
    """The result of the specification test beside the verdict; None where there is none."""
    test = result.specification_test
    if test is None:
        return None
    if result.verdict == "bends_pay":
        key = "agrees_bend" if test.bends else "blind"
    elif result.verdict == "cannot_tell":
        key = ("hints_time" if result.decision.cut else "hints") if test.bends else "no_hint"
    else:
        key = "sees_more" if test.bends else "agrees_straight"
    term = ""
    if test.terms is not None and test.terms < LEVEL and test.strongest is not None:
        first, second = test.strongest
        name = f"{first}²" if first == second else f"{first} × {second}"
        term = say("verdict.witness_term", term=name)
    p = p_value(test.p_value, "p")
    name_of_test = say("verdict.witness_reset" if test.test == "RESET" else "verdict.witness_link")
    return say(f"verdict.witness_{key}", test=name_of_test, p=p, term=term)


def model_scores(model: ScoredModel) -> str:
    """The held-out scores of a model on one line."""
    if model.rmse is not None:
        return _regression_scores(model.rmse, model.score)
    text = _class_scores(model.log_loss or 0.0, model.accuracy or 0.0)
    return text if model.class_scores is None else f"{text} · AUC {model.class_scores.roc_auc:.3f}"


def _class_scores(log_loss: float, accuracy: float) -> str:
    return say("report.class_numbers", log_loss=number(log_loss), accuracy=percent(accuracy))


def constant_scores(result: Result) -> str:
    """The held-out scores of the constant on one line."""
    loss = result.comparison.mean("constant")
    if result.task == "regression":
        return _regression_scores(float(np.sqrt(loss)), 0.0)
    return say("report.constant_loss", loss=number(loss))


def formula_scores(model: FormulaModel) -> str:
    """The held-out scores of a user's formula on one line."""
    return _regression_scores(model.rmse, model.score)


def tree_scores(trees: TreeScores) -> str:
    """The held-out scores of boosted trees on one line."""
    if trees.rmse is not None:
        return _regression_scores(trees.rmse, trees.score)
    return _class_scores(trees.log_loss or 0.0, trees.accuracy or 0.0)


def trees_sentence(result: Result) -> str | None:
    """Whether boosted trees would do better than the selected model; None where they were not compared."""
    if result.trees is None:
        return None
    gain = result.trees.over(result.chosen)
    low, high = gain.interval
    return say(
        f"report.trees_{result.trees.answer(result.chosen)}",
        loss=say("report.squared_error" if result.task == "regression" else "report.log_loss"),
        model=say("report.the_straight_model" if result.chosen == "linear" else "report.the_network"),
        gain=percent(abs(gain.gain)),
        low=percent(low),
        high=percent(high),
    )


def own_test_sentence(result: Result) -> str | None:
    """The network's gain on the user's own test set beside that of the cross-validation; None where there is none."""
    test = result.test
    if test is None:
        return None
    low, high = test.gain.interval
    text = say(
        "report.test_gain" if test.gain.gain >= 0 else "report.test_loss",
        rows=say("report.units_rows", count=test.rows),
        loss=say("report.squared_error" if result.task == "regression" else "report.log_loss"),
        gain=percent(abs(test.gain.gain)),
        low=percent(low),
        high=percent(high),
    )
    agreement = test.agreement(result.interval)
    return text if agreement == "agrees" else f"{text} {say(f'report.test_{agreement}', gain=percent(result.gain))}"


def own_test_rows(test: OwnTest) -> list[tuple[str, str]]:
    """(model, scores) of the constant, the straight model and the network on the user's own test set."""
    loss = test.constant_loss
    numbers = test.linear.rmse is not None
    constant = f"RMSE {number(float(np.sqrt(loss)))}" if numbers else say("report.constant_loss", loss=number(loss))
    models = (("straight", test.linear), ("network", test.network))
    return [(say("report.constant"), constant), *((say(f"report.{key}"), model_scores(m)) for key, m in models)]


def cost_sentence(result: Result) -> str | None:
    """The expected cost of the selected model's labels beside the usual ones; None where no costs were stated."""
    found = result.costs.get(result.chosen)
    if found is None:
        return None
    low, high = found.saving_interval
    answer = "saves" if low > 0 else "costs" if high < 0 else "same" if found.saving == 0 else "unclear"
    text = say(
        f"report.cost_{answer}",
        cost=number(found.cost),
        usual=number(found.usual),
        saving=number(abs(found.saving)),
        low=number(low),
        high=number(high),
    )
    if found.threshold is None:
        return text
    return f"{say('report.cost_threshold', positive=found.positive, threshold=number(found.threshold))} {text}"


def _regression_scores(rmse: float, r2: float) -> str:
    rounded = f"{r2:.3f}" if round(r2, 3) else "0"
    return f"RMSE {number(rmse)} · R² {rounded}".replace("-", "−")


def formula_gain(model: FormulaModel) -> str:
    """The gain of a user's formula over the other two models."""
    (low, high), (network_low, network_high) = model.interval, model.interval_against_network
    return say(
        "report.formula_gain",
        gain=percent(model.gain),
        low=percent(low),
        high=percent(high),
        network_low=percent(network_low),
        network_high=percent(network_high),
    )
