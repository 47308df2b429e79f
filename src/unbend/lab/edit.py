"""``unbend lab --edit``: the pages as notebooks to change, copied into a folder of the reader's own."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import Any

from ..words import language, say
from .gate import Door
from .server import listen, pages_folder
from .site import style

_STYLE = "lab.css"


def edit_pages(port: int | None, opens: bool, folder: Path = Path("unbend-lab")) -> int:
    """Open marimo's editor on copies of the pages; the exit code. A page that is there already stays as it is.

    Whoever opens the address that marimo prints can run code here: it holds a secret, and the door lets in no other
    host name and no other origin. Raises ``BadInput`` where the port is taken.
    """
    with listen(port) as door:  # asked for once, so that a port that is taken is told plainly
        free = door.getsockname()[1]
    _copy_into(folder)
    print(say("lab.pages_at", folder=folder), file=sys.stderr, flush=True)
    os.environ["UNBEND_LANG"] = language()  # every notebook has a process of its own
    options = ["--host", "127.0.0.1", "--port", str(free), "--skip-update-check", *(["--headless"] * (not opens))]
    return _marimo(["edit", str(folder), *options])


def _copy_into(folder: Path) -> None:
    """The pages with the style that the lab gives them, and the setting that runs a notebook when it is opened."""
    folder.mkdir(exist_ok=True)
    texts = {page.name: page.read_text(encoding="utf-8") for page in sorted(pages_folder().glob("*.py"))}
    for name, text in texts.items():
        texts[name] = text.replace('app_title="unbend"', f'app_title="unbend", css_file="{_STYLE}"', 1)
    texts |= {_STYLE: style(), "pyproject.toml": "[tool.marimo.runtime]\nauto_instantiate = true\n"}
    for name, text in texts.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")


def _marimo(arguments: list[str]) -> int:
    """marimo's command line in this process, behind our door; its exit code."""
    import uvicorn

    class Config(uvicorn.Config):
        """As marimo writes it, with the door before its application."""

        def __init__(self, app: Any, **given: Any) -> None:
            super().__init__(Door(app, given["port"]), **given)

    usual = uvicorn.Config
    uvicorn.Config = Config  # type: ignore[misc, assignment]
    sys.argv = ["marimo", *arguments]
    try:
        runpy.run_module("marimo", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        uvicorn.Config = usual  # type: ignore[misc]
    return 0
