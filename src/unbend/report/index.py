"""The index of several targets' reports: one HTML page with a table of verdicts that link to them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from urllib.parse import quote

from ..verdict.result import Result
from ..words import language, say
from .html import paragraph, scrolling_table, section
from .number_text import interval, percent
from .sentences import headline, model_scores

HEAD = ("target", "verdict", "gain", "straight", "network")


def index_page(results: Mapping[str, Result], links: Mapping[str, str]) -> str:
    """The page as text; ``links`` {target: address of its report}."""
    title = say("report.index_title", count=len(results))
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    body = section(title, index_table(results, links), paragraph(say("report.index_note"), "note"))
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · unbend</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n"
        '</main>\n<script type="application/json" id="unbend-data">{}</script>\n</body>\n</html>\n'
    )


def index_table(results: Mapping[str, Result], links: Mapping[str, str] | None = None) -> str:
    """A row for each target, with its link where there is one."""
    rows = []
    for target, result in results.items():
        name = escape(target)
        if links is not None:
            name = f'<a href="{quote(links[target])}">{name}</a>'
        cells = (headline(result), gain_text(result), model_scores(result.linear), model_scores(result.network))
        rows.append(f"<tr><th scope=row>{name}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>")
    head = "".join(f"<th scope=col>{escape(say(f'report.{key}'))}</th>" for key in HEAD)
    return scrolling_table(f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>")


def gain_text(result: Result) -> str:
    """The gain with its interval."""
    if not result.decision.is_known:
        return say("report.unknown")
    return f"{percent(result.gain)} {interval(*result.interval)}"
