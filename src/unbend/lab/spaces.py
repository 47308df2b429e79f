"""The page *Spaces*: a space is picked or defined, its ten axioms answered, and a counterexample drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

from .. import json_text
from ..figures.axiom import draw_axiom
from ..report.html import paragraph
from ..spaces import Answers, Space, check_axioms, spaces
from ..spaces.space import FIELDS
from ..words import say
from .apart import Apart, Tell
from .combining import combination_fields
from .drawing import reasons
from .state import Choice, Field, Line, Number

OWN = "own"
MOST_COMPONENTS = 6
LONGEST = 25.0  # seconds for a space of the reader's own
SIGNS = {"proved": "✓", "refuted": "✗", "tested": "≈", "senseless": "∅"}


def fields() -> list[Field]:
    """What the reader can set."""
    names = [(slug(name), f"{name}: {about(name)}") for name in spaces]
    axioms = [("auto", say("lab_pages.draw_first")), *((f"V{i}", f"V{i}") for i in range(1, 11))]
    return [
        Choice("space", "quadrant", say("lab_pages.space"), (*names, (OWN, say("lab_pages.own_space")))),
        Number("n", 2, say("lab_pages.components"), 1, MOST_COMPONENTS, 1),
        Line("add", "", say("lab_pages.add"), 200),
        Line("scale", "", say("lab_pages.scale"), 200),
        Line("member", "u1 >= 0 and u2 >= 0", say("lab_pages.member"), 200),
        Choice("field", "real", say("lab_pages.field"), tuple((f, say(f"lab_pages.field_{f}")) for f in FIELDS)),
        Choice("axiom", "auto", say("lab_pages.draw"), tuple(axioms)),
        *combination_fields(),
    ]


def slug(name: str) -> str:
    """A space's name as it stands in the URL."""
    return re.sub(r"\W+", "_", name)


def about(name: str) -> str:
    """What a space of the catalogue is, in the language in use."""
    return say(f"spaces.about_{slug(name)}")


def picked(values: Mapping[str, Any]) -> Space:
    """The space that the fields mean. Raises ``BadInput`` where a text of the reader's own cannot be read."""
    if values["space"] != OWN:
        return next(space for name, space in spaces.items() if slug(name) == values["space"])
    add, scale, member = (values[name].strip() or None for name in ("add", "scale", "member"))
    return Space(int(values["n"]), add, scale, member, values["field"])


def is_own(values: Mapping[str, Any]) -> bool:
    """Whether the reader defines the space."""
    return bool(values["space"] == OWN)


def ask(values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers, ready to be shown: ``summary``, ``kind``, ``table``, ``json``; by axiom ``pictures``, ``reasons``.

    A space of the reader's own may take long: it is asked apart, within a limit of time. Raises ``BadInput`` where
    its texts cannot be read, or where the time is over.
    """
    space = picked(values)  # a text that cannot be read is told at once
    if not is_own(values):
        return _shown(space, _known(space.name))
    own = {name: values[name] for name in ("space", "n", "add", "scale", "member", "field")}
    answered: dict[str, Any] = Apart("axioms", values=own).wait(LONGEST)
    return answered


def work(tell: Tell, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is done apart."""
    space = picked(values)
    return _shown(space, check_axioms(space))


@cache
def _known(name: str) -> Answers:
    return check_axioms(spaces[name])


def _shown(space: Space, answers: Answers) -> dict[str, Any]:
    good = {True: "good", False: "bad", None: "plain"}[answers.is_vector_space]
    pictures = {axiom: draw_axiom(space, answer).svg() for axiom, answer in answers.items() if answer.counterexample}
    if space.dimension <= 2 or not pictures:
        pictures[""] = draw_axiom(space).svg()
    return {
        "summary": answers.summary,
        "kind": good,
        "table": axioms_table(answers),
        "pictures": pictures,
        "reasons": {axiom: answer.reason for axiom, answer in answers.items()},
        "json": answers.to_dict(),
    }


def axioms_table(answers: Answers) -> str:
    """Ten rows: the axiom, the verdict with its sign, why."""
    rows = [(a.axiom, a.statement, f"{SIGNS[a.verdict]} {say('spaces.' + a.verdict)}", a.reason)
            for a in answers.values()]  # fmt: skip
    head = (say("lab_pages.axiom"), say("lab_pages.says"), say("lab_pages.answer"), say("lab_pages.because"))
    return reasons(head, rows)


def picture(answered: Mapping[str, Any], axiom: str) -> str:
    """The drawing asked for with its caption; by default that of the first axiom that fails, else of the set."""
    pictures: Mapping[str, str] = answered["pictures"]
    wanted = next(iter(pictures)) if axiom == "auto" else axiom
    if wanted not in pictures:
        return paragraph(say("lab_pages.nothing_to_draw", axiom=wanted), "note")
    caption = f"{wanted}: {answered['reasons'][wanted]}" if wanted else say("lab_pages.the_set")
    return f"<figure>{pictures[wanted]}<figcaption>{escape(caption)}</figcaption></figure>"


def python(values: Mapping[str, Any]) -> str:
    """The same in Python."""
    space = picked(values)
    if not is_own(values):
        made = f"ub.spaces[{space.name!r}]"
    else:
        given = {"add": space.add, "scale": space.scale, "member": space.member}
        parts = [str(space.dimension), *(f"{name}={text!r}" for name, text in given.items() if text is not None)]
        made = f"ub.Space({', '.join(parts)}, field={space.field!r})"
    return f"import unbend as ub\n\nspace = {made}\nprint(ub.check_axioms(space))\n"


def as_json(answered: Mapping[str, Any]) -> bytes:
    """The answers for other programs."""
    return json_text.dumps(answered["json"], indent=1).encode()
