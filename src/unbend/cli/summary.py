"""What ``unbend fit`` prints at the end: the verdict, the numbers of both models, where things were written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..report.sentences import (
    advice,
    explanation,
    formula_gain,
    headline,
    number,
    percent,
    second_witness,
    side_numbers,
)
from ..report.where import lines as where_lines
from ..verdict.result import Result
from ..words import say

_COLOURS = {
    "bends_pay": "dark_orange",
    "straight_is_enough": "blue",
    "nothing_to_learn": "yellow",
    "cannot_tell": "yellow",
}


def summary(result: Result, kept: Path | None, report: Path) -> None:
    """Print the result to stdout and the notes on the data to stderr."""
    talk = Console(stderr=True, highlight=False)
    for sentence in result.said():
        talk.print(f"· {escape(sentence)}")
    out = Console(highlight=False)
    out.print()
    out.print(f"[bold {_COLOURS[result.verdict]}]{escape(headline(result))}[/]")
    out.print(escape(explanation(result)))
    out.print()
    out.print(_table(result))
    low, high = result.interval
    out.print(say("cli.gain", gain=percent(result.gain), low=percent(low), high=percent(high)))
    if result.formula:
        out.print(f"{escape(say('report.formula'))}: {escape(result.formula.text)}", soft_wrap=True)
        fitted = ", ".join(f"{name} = {number(value)}" for name, value in result.formula.fit.values.items())
        out.print(f"  {escape(fitted)}\n  {formula_gain(result.formula)}", soft_wrap=True)
    if (second := second_witness(result)) is not None:
        out.print(escape(second))
    for line in where_lines(result):
        out.print(escape(line), soft_wrap=True)
    out.print(advice(result))
    out.print()
    if kept is not None:
        out.print(say("cli.model_at", path=kept), soft_wrap=True)
    out.print(say("cli.report_at", path=report), soft_wrap=True)


def _table(result: Result) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    constant = result.comparison.mean("constant")
    base = (
        f"RMSE {number(float(np.sqrt(constant)))}"
        if result.task == "regression"
        else say("report.constant_loss", loss=number(constant))
    )
    table.add_row(say("report.constant"), base)
    for name, side, chosen in (("straight", result.linear, "linear"), ("network", result.network, "network")):
        style = "bold" if result.chosen == chosen else ""
        table.add_row(say(f"report.{name}"), side_numbers(side), style=style)
    if result.formula:
        table.add_row(say("report.formula"), f"RMSE {number(result.formula.rmse)} · R² {result.formula.score:.3f}")
    return table
