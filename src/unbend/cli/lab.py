"""``unbend lab``: the browser lab, on this machine alone."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..errors import BadInput
from ..words import language, say
from .verbosity import tell


def lab(
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help=say("cli.lab_port"))] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help=say("cli.lab_no_open"))] = False,
    edit: Annotated[bool, typer.Option("--edit", help=say("cli.lab_edit"))] = False,
    lesson: Annotated[list[Path] | None, typer.Option("--lesson", metavar="FILE", help=say("cli.lab_lesson"))] = None,
    allow_frame: Annotated[
        list[str] | None, typer.Option("--allow-frame", metavar="ORIGIN", help=say("cli.lab_allow_frame"))
    ] = None,
    token: Annotated[bool | None, typer.Option("--token/--no-token", help=say("cli.lab_token"))] = None,
    export: Annotated[Path | None, typer.Option("--export", metavar="FILE", help=say("cli.lab_export"))] = None,
) -> None:
    """Open the lab's pages in the browser; the address is printed. Ctrl+C ends it."""
    if export is not None:
        from ..lab.static_page.html import write_page

        print(write_page(export))
        return
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in ("marimo", "anywidget", "zmq", "uvicorn")):
        raise BadInput("lab.install")
    if edit:
        from ..lab.edit import edit_pages

        raise typer.Exit(edit_pages(port, not no_open))
    from ..lab.lesson_panel import step_query
    from ..lab.lessons import add_lesson, find_lesson
    from ..lab.server import listen, serve
    from ..lab.shared_machine import is_shared_machine
    from ..lab.site import PAGES

    place = f"?lang={language()}"
    for path in reversed(lesson or []):
        name = add_lesson(path, PAGES)
        if (found := find_lesson(name, PAGES)) is not None:
            place = step_query(name, found, 1)
    secret = secrets.token_hex(16) if (is_shared_machine() if token is None else token) else ""
    door = listen(port)
    address = f"http://127.0.0.1:{door.getsockname()[1]}/{f'{secret}/' if secret else ''}{place}"

    def ready() -> None:
        print(address, flush=True)
        tell(say("lab.stop_with"))
        if not no_open:
            import webbrowser

            webbrowser.open(address)

    serve(door, ready, allow_frame or (), secret)
    sys.stdout.flush()
    os._exit(130)  # the threads of open pages are not waited for
