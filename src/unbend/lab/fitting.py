"""The page *Verdict*: a table is fitted apart, both ways, and the verdict comes back with its report."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import json_text
from ..data import read_table
from ..data.file_reader import shipped_sets
from ..report.html import paragraph, table
from ..words import say
from .apart import Apart, Tell
from .state import Action, Choice, Field, Line, Number

if TYPE_CHECKING:
    from ..widgets.table_drop import TableDrop

SHOWN_ROWS, SHOWN_COLUMNS = 5, 12
FILES = ("report.html", "model.safetensors", "result.json")
BUDGETS = (5, 10, 20, 30, 60, 120)


def fields() -> list[Field]:
    """What the reader can set."""
    sets = tuple((name, name) for name in shipped_sets())
    return [
        Choice("set", "concrete", say("lab_pages.shipped"), sets),
        Line("target", "", say("lab_pages.target"), 200),
        Choice("task", "auto", say("lab_pages.task"), tuple(
            (t, say(f"lab_pages.task_{t}")) for t in ("auto", "regression", "classification"))),
        Line("formula", "", say("lab_pages.own_formula"), 300),
        Number("budget", 20, say("lab_pages.budget"), BUDGETS[0], BUDGETS[-1], 1, BUDGETS),
        Number("seed", 0, say("lab.seed"), 0, 99, 1),
        Action("fit", 0, say("lab_pages.fit_it")),
    ]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Table:
    """A table to fit: where it lies, what it is called, its columns and how many rows it has."""

    place: str
    name: str
    columns: tuple[str, ...]
    rows: int
    preview: str


def shipped(name: str) -> Table:
    """A table that comes with the package."""
    return _opened(name, name)


def dropped(name: str, content: bytes) -> Table:
    """A table that the reader dropped or pasted. Raises ``BadInput``, one plain line, where it is none."""
    folder = tempfile.mkdtemp(prefix="unbend-")
    place = Path(folder) / _safe(name)
    try:
        place.write_bytes(content)
        table = _opened(str(place), place.name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(table, shutil.rmtree, folder, ignore_errors=True)  # the file goes with the table
    return table


def opened(drop: TableDrop, picked: str) -> Table:
    """What was dropped, else the shipped table that is picked. Raises ``BadInput`` where what was dropped is none."""
    raw = drop.raw()
    return dropped(drop.name, raw) if raw else shipped(picked)


def asking(fields: Sequence[Field], table: Table, asked: str) -> tuple[list[Field], str, str]:
    """The fields of a fit of this table, the column to be predicted, and why the one ``asked`` for is not taken."""
    options = tuple((c, c) for c in table.columns)
    target = Choice("target", table.columns[-1], say("lab_pages.target"), options)
    shown = [target if field.name == "target" else field for field in fields if field.name != "set"]
    if not asked or asked in table.columns:
        return shown, asked or target.default, ""
    known = ", ".join(table.columns[:SHOWN_COLUMNS])
    return shown, target.default, say("lab_pages.no_such_target", got=asked[:60], known=known)


def arguments(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the work apart is given."""
    task = None if values["task"] == "auto" else values["task"]
    formula = values["formula"].strip() or None
    given = {"place": table.place, "name": table.name, "target": values["target"], "task": task, "formula": formula}
    return {**given, "budget": values["budget"], "seed": values["seed"]}


def work(tell: Tell, place: str, name: str, target: str, task: str | None, formula: str | None, budget: float,
         seed: int) -> dict[str, Any]:  # fmt: skip
    """What is done apart: the fit, its report, its numbers and the model in a file beside the table."""
    from ..report import explanation, headline, page
    from ..verdict.fit import Step, fit

    def watch(step: Step) -> None:
        if step.name == "final":
            tell(step.share, say("cli.step_final"))
        else:
            tell(step.share, say("cli.step_compare", repeat=step.repeat + 1, fold=step.fold + 1, folds=step.folds))

    tell(0.0, say("cli.step_read"))
    result = replace(fit(place, target, task=task, formula=formula, budget=budget, seed=seed, watch=watch), source=name)
    tell(1.0, say("cli.writing"))
    with tempfile.TemporaryDirectory() as folder:
        model = result.save(Path(folder) / "model.safetensors").read_bytes().hex()
    good = {"straight_is_enough": "good", "bends_pay": "good"}.get(result.verdict, "plain")
    return {
        "verdict": result.verdict, "headline": headline(result), "kind": good, "explanation": explanation(result),
        "report": page(result), "json": json_text.dumps(result.to_json()), "model": model,
    }  # fmt: skip


def file(answer: Mapping[str, Any], name: str) -> bytes:
    """One of ``FILES``, made from what came out."""
    made: dict[str, str] = {"report.html": answer["report"], "result.json": answer["json"]}
    return bytes.fromhex(answer["model"]) if name.startswith("model") else made[name].encode()


def told(answer: Mapping[str, Any]) -> str:
    """The verdict as HTML."""
    return f"<h2>{escape(answer['headline'])}</h2>{paragraph(answer['explanation'])}"


def heading(table: Table) -> str:
    """The table's name and size."""
    return say("lab_pages.the_table", name=table.name, rows=f"{table.rows:,}", columns=len(table.columns))


def python(table: Table, values: Mapping[str, Any]) -> str:
    """The same in Python."""
    given = arguments(table, values)
    said = {k: given[k] for k in ("task", "formula") if given[k] is not None}
    extra = "".join(f", {k}={v!r}" for k, v in {**said, "budget": given["budget"], "seed": given["seed"]}.items())
    return (
        f"import unbend as ub\n\nresult = ub.fit({table.name!r}, {given['target']!r}{extra})\n"
        "print(result)\nresult.report('report.html')\nresult.save('model.safetensors')\n"
    )


def _opened(place: str, name: str) -> Table:
    read = read_table(place)
    names = read.column_names
    head = names[:SHOWN_COLUMNS]
    rows = [[_cell(read[n][i].as_py()) for n in head] for i in range(min(SHOWN_ROWS, read.num_rows))]
    return Table(place, name, tuple(names), read.num_rows, table(head, rows))


def _cell(value: Any) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)[:40]


def _safe(name: str) -> str:
    """A file name without folders, of letters, digits and a few signs."""
    kept = "".join(c if c.isalnum() or c in "-_. " else "_" for c in Path(name.replace("\\", "/")).name)[-80:]
    return kept.strip(". ") or "table.csv"


class Runs:
    """The fits that a page asks for, one at a time: a new one ends the one before."""

    def __init__(self) -> None:
        self._counted, self._stopped = 0, 0
        self.run: Apart | None = None
        self._told: Apart | None = None

    def asked(self, count: int, given: Mapping[str, Any]) -> bool:
        """Start a fit where the button was pressed again; whether one was started. A new button counts from 0."""
        before, self._counted = self._counted, count
        if count <= before:
            return False
        if self.run is not None:
            self.run.stop()
        self.run = Apart("fit", **given)
        return True

    def look(self, bar: Any) -> tuple[str, str]:
        """Show on the bar how far it is; what is to be said, and how: the verdict once it is there."""
        if self.run is None:
            return say("lab_pages.not_yet"), "plain"
        run = self.run
        bar.set_trait("share", float(run.share))
        bar.set_trait("text", f"{run.text} · {say('cli.took', seconds=f'{run.seconds:.0f}')}")
        bar.set_trait("running", not run.done)
        if not run.done:
            return say("lab_pages.at_work"), "plain"
        if run.problem:
            return run.problem, "bad"
        return f"{run.answer['headline']}. {run.answer['explanation']}", run.answer["kind"]

    def ended(self) -> bool:
        """True once, when a fit has ended."""
        if self.run is None or not self.run.done or self.run is self._told:
            return False
        self._told = self.run
        return True

    def stop(self, count: int) -> None:
        """End the fit where the other button was pressed again."""
        if count != self._stopped and self.run is not None:
            self.run.stop()
        self._stopped = count


def report_frame(answer: Mapping[str, Any]) -> str:
    """The report as a frame of the page; nothing in it can run."""
    title = escape(say("lab_pages.report_title"))
    document = escape(answer["report"], quote=True)
    return f'<iframe class="lab-report" title="{title}" sandbox="allow-same-origin" srcdoc="{document}"></iframe>'
