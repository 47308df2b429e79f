"""The page *Spaces*: select or define a space; its ten axioms are checked, and a counterexample is drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

from .. import json_text
from ..figures.axiom import draw_axiom
from ..report.html import paragraph
from ..spaces import AxiomResults, Space, check_axioms, spaces
from ..spaces.space import FIELDS
from ..widgets.fields import Choice, Field, Number, TextLine
from ..words import say
from .charts import reasons_table
from .combinations import combination_fields
from .subprocess_job import ReportProgress, SubprocessJob

OWN = "own"  # a space of the reader's own
MAX_COMPONENTS = 6
TIME_LIMIT = 25.0  # seconds for a space of the reader's own
SIGNS = {"proved": "✓", "refuted": "✗", "tested": "≈", "senseless": "∅"}


def fields() -> list[Field]:
    """What the reader can set."""
    names = [(slug(name), f"{name}: {description(name)}") for name in spaces]
    axioms = [("auto", say("lab_pages.draw_first")), *((f"V{i}", f"V{i}") for i in range(1, 11))]
    return [
        Choice("space", "quadrant", say("lab_pages.space"), (*names, (OWN, say("lab_pages.own_space")))),
        Number("n", 2, say("lab_pages.components"), low=1, high=MAX_COMPONENTS, step=1),
        TextLine("add", "", say("lab_pages.add"), 200),
        TextLine("scale", "", say("lab_pages.scale"), 200),
        TextLine("member", "u1 >= 0 and u2 >= 0", say("lab_pages.member"), 200),
        Choice("field", "real", say("lab_pages.field"), tuple((f, say(f"lab_pages.field_{f}")) for f in FIELDS)),
        Choice("axiom", "auto", say("lab_pages.draw"), tuple(axioms)),
        *combination_fields(),
    ]


def slug(name: str) -> str:
    """A space's name as an identifier, for the URL and message keys."""
    return re.sub(r"\W+", "_", name)


def description(name: str) -> str:
    """Description of a space of the catalogue in the current language."""
    return say(f"spaces.about_{slug(name)}")


def selected_space(values: Mapping[str, Any]) -> Space:
    """The space that the fields describe. Raises ``BadInput`` where a formula cannot be parsed."""
    if values["space"] != OWN:
        return next(space for name, space in spaces.items() if slug(name) == values["space"])
    add, scale, member = (values[name].strip() or None for name in ("add", "scale", "member"))
    return Space(int(values["n"]), add, scale, member, values["field"])


def is_own(values: Mapping[str, Any]) -> bool:
    """Whether the space is defined by the reader's formulas."""
    return bool(values["space"] == OWN)


def check(values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers ready for display: ``summary``, ``kind``, ``table``, ``json``; by axiom ``pictures``, ``reasons``.

    A space of the reader's own may take long: it is checked in a subprocess with a time limit. Raises ``BadInput``
    where its formulas cannot be parsed, or after the time limit.
    """
    space = selected_space(values)  # raises at once for an invalid formula
    if not is_own(values):
        return _as_result(space, _catalogue_answers(space.name))
    own = {name: values[name] for name in ("space", "n", "add", "scale", "member", "field")}
    result: dict[str, Any] = SubprocessJob(axioms_job, values=own).wait(TIME_LIMIT)
    return result


def axioms_job(report_progress: ReportProgress, values: Mapping[str, Any]) -> dict[str, Any]:
    """Check the axioms of the reader's space; runs in a subprocess."""
    space = selected_space(values)
    return _as_result(space, check_axioms(space))


@cache
def _catalogue_answers(name: str) -> AxiomResults:
    return check_axioms(spaces[name])


def _as_result(space: Space, answers: AxiomResults) -> dict[str, Any]:
    kind = {True: "good", False: "bad", None: "plain"}[answers.is_vector_space]
    pictures = {axiom: draw_axiom(space, answer).svg() for axiom, answer in answers.items() if answer.counterexample}
    if space.dimension <= 2 or not pictures:
        pictures[""] = draw_axiom(space).svg()
    return {
        "summary": answers.summary,
        "kind": kind,
        "table": axioms_table(answers),
        "pictures": pictures,
        "reasons": {axiom: answer.reason for axiom, answer in answers.items()},
        "json": answers.to_dict(),
    }


def axioms_table(answers: AxiomResults) -> str:
    """Table of the ten axioms: statement, verdict with its sign, reason."""
    rows = [(a.axiom, a.statement, f"{SIGNS[a.verdict]} {say('spaces.' + a.verdict)}", a.reason)
            for a in answers.values()]  # fmt: skip
    head = (say("lab_pages.axiom"), say("lab_pages.statement"), say("lab_pages.answer"), say("lab_pages.because"))
    return reasons_table(head, rows)


def picture(result: Mapping[str, Any], axiom: str) -> str:
    """The picture of an axiom's counterexample; for "auto" of the first axiom that fails, else of the set."""
    pictures: Mapping[str, str] = result["pictures"]
    selected = next(iter(pictures)) if axiom == "auto" else axiom
    if selected not in pictures:
        return paragraph(say("lab_pages.nothing_to_draw", axiom=selected), "note")
    caption = f"{selected}: {result['reasons'][selected]}" if selected else say("lab_pages.the_set")
    return f"<figure>{pictures[selected]}<figcaption>{escape(caption)}</figcaption></figure>"


def python(values: Mapping[str, Any]) -> str:
    """Python code for the check."""
    space = selected_space(values)
    if not is_own(values):
        code = f"ub.spaces[{space.name!r}]"
    else:
        given = {"add": space.add, "scale": space.scale, "member": space.member}
        parts = [str(space.dimension), *(f"{name}={text!r}" for name, text in given.items() if text is not None)]
        code = f"ub.Space({', '.join(parts)}, field={space.field!r})"
    return f"import unbend as ub\n\nspace = {code}\nprint(ub.check_axioms(space))\n"


def as_json(result: Mapping[str, Any]) -> bytes:
    """The answers as JSON."""
    return json_text.dumps(result["json"], indent=1).encode()
