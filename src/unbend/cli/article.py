"""``unbend article [PART]``: every part of the article, run; one in full; the slips beside their corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .. import json_text
from ..words import say
from .verbosity import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from ..article import PartResult


def article(
    part: Annotated[str | None, typer.Argument(help=say("article.cli_part"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("article.cli_json"))] = False,
) -> int:
    from ..article import names, run

    single = part is not None and part.lower() != "slips"
    names_to_run = [part] if part is not None and single else [n for n in names() if part is None or n.startswith("E")]
    if json:
        rows = [run(name) for name in names_to_run]
        answers = [row.to_dict() for row in rows]
        print(json_text.dumps(answers[0] if single else answers))
        return 0 if all(row.ok for row in rows) else 1
    from rich.console import Console

    out = Console(highlight=False)
    rows_shown: list[PartResult] = []
    for name in names_to_run:
        row = run(name)
        _show(out, row, full=part is not None)
        rows_shown.append(row)
    return _summarize(rows_shown)


def _show(out: Console, row: PartResult, full: bool) -> None:
    from rich.markup import escape

    sign = "[green]✓[/]" if row.ok else "[red]✗[/]"
    if row.slip is None:
        out.print(f"{sign} [bold]{row.id}[/]  {escape(row.claim)}", soft_wrap=True)
    else:
        out.print(f"{sign} [bold]{row.id}[/]  {say('article.written')}: [red]{escape(row.slip)}[/]", soft_wrap=True)
        out.print(f"       {say('article.holds')}: [green]{escape(row.claim)}[/]", soft_wrap=True)
    out.print(f"       [dim]{escape(row.result)}[/]", soft_wrap=True)
    if full:
        for line in row.outcome.lines:
            out.print("    " + escape(line), soft_wrap=True)
        out.print()


def _summarize(rows: Sequence[PartResult]) -> int:
    """Print how many parts hold, to stderr; the exit code."""
    held = sum(row.ok for row in rows)
    if len(rows) > 1:
        tell(say("article.all_hold", count=held, total=len(rows)))
    return 0 if held == len(rows) else 1
