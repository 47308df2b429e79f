"""The page *Verdict*: fields, arguments of the fit, and what its result is shown and exported as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ..data.file_reader import shipped_sets
from ..report.html import paragraph
from ..widgets.fields import Button, Choice, Field, Number, TextLine
from ..words import say
from .table_input import PREVIEW_COLUMNS, InputTable
from .verdict_job import BUDGETS

FILES = ("report.html", "model.safetensors", "result.json")


def fields() -> list[Field]:
    """What the reader can set."""
    sets = tuple((name, name) for name in shipped_sets())
    tasks = tuple((task, say(f"lab_pages.task_{task}")) for task in ("auto", "regression", "classification"))
    return [
        Choice("set", "concrete", say("lab_pages.shipped"), sets),
        TextLine("target", "", say("lab_pages.target"), 200),
        Choice("task", "auto", say("lab_pages.task"), tasks),
        TextLine("formula", "", say("lab_pages.own_formula"), 300),
        Number("budget", 20, say("lab_pages.budget"), low=BUDGETS[0], high=BUDGETS[-1], step=1, marks=BUDGETS),
        Number("seed", 0, say("lab.seed"), low=0, high=99, step=1),
        Button("fit", 0, say("lab_pages.fit_it")),
    ]


def fields_for(table: InputTable, fields: Sequence[Field], requested: str) -> tuple[list[Field], str, str]:
    """(fields with the table's columns as targets, target column, error where ``requested`` is not among them)."""
    options = tuple((c, c) for c in table.columns)
    target = Choice("target", table.columns[-1], say("lab_pages.target"), options)
    shown = [target if field.name == "target" else field for field in fields if field.name != "set"]
    if not requested or requested in table.columns:
        return shown, requested or target.default, ""
    known = ", ".join(table.columns[:PREVIEW_COLUMNS])
    return shown, target.default, say("lab_pages.no_such_target", got=requested[:60], known=known)


def fit_arguments(table: InputTable, values: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of ``verdict_job.fit_job``."""
    return {
        "path": table.path,
        "name": table.name,
        "target": values["target"],
        "task": None if values["task"] == "auto" else values["task"],
        "formula": values["formula"].strip() or None,
        "budget": values["budget"],
        "seed": values["seed"],
    }


def export_file(result: Mapping[str, Any], name: str) -> bytes:
    """One of ``FILES`` from the job's result."""
    texts: dict[str, str] = {"report.html": result["report"], "result.json": result["json"]}
    return bytes.fromhex(result["model"]) if name.startswith("model") else texts[name].encode()


def verdict_html(result: Mapping[str, Any]) -> str:
    """Headline and explanation of the verdict as HTML."""
    return f"<h2>{escape(result['headline'])}</h2>{paragraph(result['explanation'])}"


def report_frame(result: Mapping[str, Any]) -> str:
    """The report in a sandboxed iframe: its own script runs there, without access to the lab's origin."""
    title = escape(report_title(result))
    document = escape(result["report"], quote=True)
    return f'<iframe class="lab-report" title="{title}" sandbox="allow-scripts" srcdoc="{document}"></iframe>'


def report_title(result: Mapping[str, Any]) -> str:
    """The report's heading: of which table and column it is."""
    return say("lab_pages.report_of", of=result["of"])


def python(table: InputTable, values: Mapping[str, Any]) -> str:
    """Python code for the fit."""
    arguments = fit_arguments(table, values)
    optional = {name: arguments[name] for name in ("task", "formula") if arguments[name] is not None}
    optional |= {"budget": arguments["budget"], "seed": arguments["seed"]}
    keywords = "".join(f", {name}={value!r}" for name, value in optional.items())
    return (
        f"import unbend as ub\n\nresult = ub.fit({table.name!r}, {arguments['target']!r}{keywords})\n"
        "print(result)\nresult.report('report.html')\nresult.save('model.safetensors')\n"
    )
