"""``unbend doctor``: what this installation is made of, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import json_text
from ..words import say

if TYPE_CHECKING:
    from .diagnosis import Diagnosis


def doctor(
    json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
) -> int:
    from .diagnosis import diagnose

    diagnosis = diagnose()
    if json:
        print(json_text.dumps(diagnosis.to_json()))
    else:
        _print(diagnosis)
    return 1 if diagnosis.problems else 0


def _print(diagnosis: Diagnosis) -> None:
    sections = diagnosis.sections
    for name in ("versions", "machine", "folders", "terminal"):
        print(say(f"cli.doctor_{name}"))
        for key, value in sections[name].items():
            print(f"  {key:<16}{_shown(key, value)}")
    print(say("cli.doctor_optional"))
    for name, facts in sections["optional"].items():
        state = facts["version"] or say("cli.doctor_missing", command=facts["install"])
        print(f"  {name:<16}{facts['use']}: {state}")
    print()
    for text in diagnosis.problems:
        print(f"✗ {text}")
    for text in diagnosis.warnings:
        print(f"! {text}")
    if not diagnosis.problems:
        print(f"✓ {say('cli.doctor_fine')}")


def _shown(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return say("cli.doctor_yes" if value else "cli.doctor_no")
    if key == "cache_bytes":
        return f"{value / 1e6:,.1f} MB"
    return "—" if value is None else str(value)
