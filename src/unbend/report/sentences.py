"""The verdict in words: what the terminal prints and the report begins with."""

from __future__ import annotations

from ..verdict.decide import ENOUGH
from ..verdict.formula_side import FormulaSide
from ..verdict.result import Result, Side
from ..verdict.witness import LEVEL
from ..words import say

_URGENT = {
    "data.equals_target", "verdict.leak_number", "verdict.leak_class", "verdict.leak_gaps", "verdict.grouped",
    "verdict.timed", "verdict.copies", "verdict.kinship", "verdict.drift",
}  # fmt: skip


def headline(result: Result) -> str:
    """The verdict as a few words."""
    return say(f"report.{result.verdict}")


def explanation(result: Result) -> str:
    """What the verdict means for this table, in one or two sentences."""
    low, high = result.interval
    loss = say("report.squared_error" if result.task == "regression" else "report.log_loss")
    needed = result.decision.rows_needed
    values = {
        "loss": loss,
        "gain": percent(abs(result.gain)),
        "low": percent(low),
        "high": percent(high),
        "enough": percent(ENOUGH),
        "target": result.problem.target,
        "rows": f"{result.problem.rows:,}",
        "needed": f"{needed:,}" if needed else "",
        "budget": f"{result.comparison.budget_needed:,}" if result.comparison.out_of_time else "",
    }
    key = f"report.{result.verdict}_because"
    if result.verdict == "cannot_tell" and result.comparison.out_of_time:
        key += "_time"
    elif result.verdict == "cannot_tell":
        key += "_unknown" if needed is None else "" if result.decision.learned else "_nothing_yet"
    if result.verdict == "straight_is_enough" and result.linear.score > 1 - 1e-9:
        key += "_exact"
    return say(key, **values)


def urgent(result: Result) -> list[str]:
    """What the verdict must not be read without: columns that give the target away, rows that hang together."""
    return [note.text() for note in result.notes if note.key in _URGENT]


def advice(result: Result) -> str:
    """What to do with it: which model was kept."""
    return say(f"report.kept_{result.chosen}")


def second_witness(result: Result) -> str | None:
    """What the second witness says, and how it stands to the verdict; None where there is none."""
    found = result.witness
    if found is None:
        return None
    if result.verdict == "bends_pay":
        key = "agrees_bend" if found.bends else "blind"
    elif result.verdict == "cannot_tell":
        key = "hints" if found.bends else "no_hint"
    else:
        key = "sees_more" if found.bends else "agrees_straight"
    term = ""
    if found.terms is not None and found.terms < LEVEL and found.strongest is not None:
        first, second = found.strongest
        name = f"{first}²" if first == second else f"{first} × {second}"
        term = say("verdict.witness_term", term=name)
    p = "p < 0.001" if found.p_value < 0.001 else f"p = {found.p_value:.2g}"
    test = say("verdict.witness_reset" if found.test == "RESET" else "verdict.witness_link")
    return say(f"verdict.witness_{key}", test=test, p=p, term=term)


def side_numbers(side: Side) -> str:
    """The held-out numbers of one model on one line."""
    if side.rmse is not None:
        return f"RMSE {number(side.rmse)} · R² {side.score:.3f}"
    return say("report.class_numbers", log_loss=number(side.log_loss or 0.0), accuracy=percent(side.accuracy or 0.0))


def formula_gain(side: FormulaSide) -> str:
    """What a user's formula takes off the errors of the other two."""
    (low, high), (network_low, network_high) = side.interval, side.of_network
    return say(
        "report.formula_gain",
        gain=percent(side.gain),
        low=percent(low),
        high=percent(high),
        network_low=percent(network_low),
        network_high=percent(network_high),
    )


def percent(share: float) -> str:
    """0.123 as 12 %; "−∞" where there is no bound."""
    if share == float("-inf"):
        return "−∞"
    text = f"{100 * share:.3g}" if abs(share) < 9.995 else f"{100 * share:,.0f}"
    return f"{text}\N{NO-BREAK SPACE}%".replace("-", "−")


def number(value: float) -> str:
    """Four significant digits."""
    return f"{value:,.4g}" if abs(value) < 1e6 else f"{value:.3e}"
