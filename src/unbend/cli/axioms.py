"""``unbend axioms SPACE``: check the ten axioms for a space of the catalogue, or for one given by formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from .. import json_text
from ..words import say
from .verbosity import shows_progress, tell

if TYPE_CHECKING:
    from ..spaces import AxiomResults, Space

_COLOURS = {"proved": "green", "refuted": "red", "tested": "yellow", "senseless": "magenta"}


def axioms(
    space: Annotated[str | None, typer.Argument(help=say("spaces.cli_space"))] = None,
    dimension: Annotated[int | None, typer.Option("--dimension", "-n", help=say("spaces.cli_dimension"))] = None,
    add: Annotated[str | None, typer.Option(help=say("spaces.cli_add"))] = None,
    scale: Annotated[str | None, typer.Option(help=say("spaces.cli_scale"))] = None,
    member: Annotated[str | None, typer.Option(help=say("spaces.cli_member"))] = None,
    field: Annotated[str | None, typer.Option(help=say("spaces.cli_field"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("spaces.cli_json"))] = False,
) -> int:
    from ..errors import BadInput
    from ..spaces import Space, check_axioms
    from ..spaces.space import FIELDS

    if field is not None and field not in FIELDS:
        raise BadInput("spaces.no_such_field", got=field, known=", ".join(FIELDS))
    if dimension is not None or add or scale or member:
        size = _dimension_of(add, scale, member) if dimension is None else dimension
        checked = Space(size, add=add, scale=scale, member=member, field=field or "real", name=space or "")
    elif field is not None:
        raise BadInput("spaces.field_of_formulas")
    elif space is None:
        return _list_catalogue(json)
    else:
        checked = _from_catalogue(space)
    with _progress_line() as progress:
        answers = check_axioms(checked, progress)
    if json:
        print(json_text.dumps(answers.to_dict()))
    else:
        _show(checked, answers)
    return 1 if answers.is_vector_space is False else 0


@contextmanager
def _progress_line() -> Iterator[Callable[[str], None]]:
    """A line on stderr that names the axiom being checked, erased at the end; silent where it is not a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal or not shows_progress():
        yield lambda axiom: None
        return
    with console.status(say("spaces.cli_checking", axiom="V1", statement=say("spaces.V1"))) as status:
        yield lambda axiom: status.update(say("spaces.cli_checking", axiom=axiom, statement=say(f"spaces.{axiom}")))


def _dimension_of(*texts: str | None) -> int:
    """The largest component index in the formulas (u1, v2, …), at least 1."""
    import re

    return max((int(n) for text in texts if text for n in re.findall(r"\b[uv](\d{1,3})\b", text)), default=1) or 1


def _from_catalogue(name: str) -> Space:
    """The catalogue's space of this name, ignoring case. Raises ``BadInput`` that suggests the nearest name."""
    from difflib import get_close_matches

    from ..errors import BadInput
    from ..spaces import spaces

    space = next((s for n, s in spaces.items() if n.lower() == name.lower()), None)
    if space is None:
        near = get_close_matches(name, [*spaces], 1, 0.3) or [*spaces]
        raise BadInput("spaces.no_such_space", got=name, near=near[0], known=", ".join(spaces))
    return space


def _list_catalogue(json: bool) -> int:
    from ..spaces import spaces

    if json:
        print(json_text.dumps([*spaces]))
    else:
        for name in spaces:
            print(f"{name:<28}{say(f'spaces.about_{_slug(name)}')}")
        tell(say("spaces.cli_choose"))
    return 0


def _slug(name: str) -> str:
    import re

    return re.sub(r"\W+", "_", name)


def _show(space: Space, answers: AxiomResults) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    out = Console(highlight=False)
    if space.name:
        out.print(f"[bold]{escape(space.name)}[/]")
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for answer in answers.values():
        verdict = f"[{_COLOURS[answer.verdict]}]{say('spaces.' + answer.verdict)}[/]"
        table.add_row(answer.axiom, verdict, f"{escape(answer.statement)}\n[dim]{escape(answer.reason)}[/]")
    out.print(table)
    out.print(f"[bold]{escape(answers.summary)}[/]")
