"""The output of ``unbend fit``: the verdict, the scores of both models, and the paths written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..report.index import gain_text
from ..report.number_text import number, percent
from ..report.sentences import (
    advice,
    as_sentence,
    constant_scores,
    cost_sentence,
    explanation,
    formula_gain,
    formula_scores,
    headline,
    model_scores,
    own_test_rows,
    own_test_sentence,
    rare_class,
    specification_test_sentence,
    tree_scores,
    trees_sentence,
)
from ..report.text_questions import lines as text_lines
from ..report.where import lines as where_lines
from ..verdict.own_test import OwnTest
from ..verdict.result import Result
from ..words import say
from .verbosity import tell
from .wrapping import wrap

_COLOURS = {
    "bends_pay": "dark_orange",
    "straight_is_enough": "blue",
    "nothing_to_learn": "yellow",
    "cannot_tell": "yellow",
}


def summary(result: Result, model_path: Path | None, report_path: Path) -> None:
    """Print the result to stdout and the notes on the data to stderr."""
    notes = Console(stderr=True, highlight=False)
    notes_on_test = [] if result.test is None else [note.text() for note in result.test.notes]
    for sentence in [*result.messages(), *notes_on_test]:
        tell(wrap(f"· {as_sentence(sentence)}", notes.width))
    out = Console(highlight=False)

    def print_text(text: str) -> None:
        out.print(escape(wrap(text, out.width)), soft_wrap=True)

    out.print()
    out.print(f"[bold {_COLOURS[result.verdict]}]{escape(headline(result))}[/]")
    print_text(explanation(result))
    for line in text_lines(result):
        print_text(line)
    out.print()
    out.print(_table(result))
    low, high = result.interval
    if result.decision.is_known:
        print_text(say("cli.gain", gain=percent(result.gain), low=percent(low), high=percent(high)))
    else:
        print_text(say("report.gain_unknown"))
    if result.formula:
        out.print(f"{escape(say('report.formula'))}: {escape(result.formula.text)}", soft_wrap=True)
        fitted = ", ".join(f"{name} = {number(value)}" for name, value in result.formula.fit.values.items())
        out.print(f"  {escape(fitted)}\n  {formula_gain(result.formula)}", soft_wrap=True)
    if (rare := rare_class(result)) is not None:
        print_text(rare)
    if (test := specification_test_sentence(result)) is not None:
        print_text(test)
    for line in where_lines(result):
        if line.startswith(" "):  # a formula: one line, to be copied
            out.print(escape(line), soft_wrap=True)
        else:
            print_text(line)
    if (cost := cost_sentence(result)) is not None:
        print_text(cost)
    if result.test is not None:
        _own_test(out, result.test)
        print_text(own_test_sentence(result) or "")
    print_text(advice(result))
    if (trees := trees_sentence(result)) is not None:
        print_text(trees)
    out.print()
    if model_path is not None:
        out.print(say("cli.model_at", path=model_path), soft_wrap=True)
    out.print(say("cli.report_at", path=report_path), soft_wrap=True)


def index_summary(results: Mapping[str, Result], index_path: Path) -> None:
    """Print the verdicts of several targets and the path of their index."""
    out = Console(highlight=False)
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for target, result in results.items():
        colour = _COLOURS[result.verdict]
        table.add_row(escape(target), f"[{colour}]{escape(headline(result))}[/]", gain_text(result))
    out.print()
    out.print(table)
    out.print(say("cli.index_at", path=index_path), soft_wrap=True)


def _own_test(out: Console, test: OwnTest) -> None:
    """The scores on the user's own test set as a table with a title."""
    out.print(escape(say("report.test_title")))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for row in own_test_rows(test):
        table.add_row(*row)
    out.print(table)


def _table(result: Result) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_row(say("report.constant"), constant_scores(result))
    for name, model, chosen in (("straight", result.linear, "linear"), ("network", result.network, "network")):
        style = "bold" if result.chosen == chosen else ""
        table.add_row(say(f"report.{name}"), model_scores(model), style=style)
    if result.formula:
        table.add_row(say("report.formula"), formula_scores(result.formula))
    if result.trees:
        table.add_row(say("report.trees"), tree_scores(result.trees))
    return table
