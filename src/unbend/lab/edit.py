"""`edit_pages`: ``unbend lab --edit``, copies of the pages as notebooks in marimo's editor, behind the origin check."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import Any

from ..words import language, say
from .access_control import OriginCheck
from .server import listen, pages_folder
from .site import style

_STYLE = "lab.css"


def edit_pages(port: int | None, open_browser: bool, folder: Path = Path("unbend-lab")) -> int:
    """Open marimo's editor on copies of the pages; returns its exit code. Existing copies are not overwritten.

    Whoever opens the address that marimo prints can execute code here: it contains an access token, and `OriginCheck`
    rejects other host names and origins. Raises ``BadInput`` where the port is taken.
    """
    with listen(port) as listener:  # bound once here, for a clear error message where the port is taken
        free_port = listener.getsockname()[1]
    _copy_into(folder)
    print(say("lab.pages_at", folder=folder), file=sys.stderr, flush=True)
    os.environ["UNBEND_LANG"] = language()  # inherited by the process of every notebook
    options = [
        "--host",
        "127.0.0.1",
        "--port",
        str(free_port),
        "--skip-update-check",
        *(["--headless"] * (not open_browser)),
    ]
    return _marimo(["edit", str(folder), *options])


def _copy_into(folder: Path) -> None:
    """Copy the pages with their style sheet, and the setting that runs a notebook when it is opened."""
    folder.mkdir(exist_ok=True)
    texts = {page.name: page.read_text(encoding="utf-8") for page in sorted(pages_folder().glob("*.py"))}
    for name, text in texts.items():
        texts[name] = text.replace('app_title="unbend"', f'app_title="unbend", css_file="{_STYLE}"', 1)
    texts |= {_STYLE: style(), "pyproject.toml": "[tool.marimo.runtime]\nauto_instantiate = true\n"}
    for name, text in texts.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")


def _marimo(arguments: list[str]) -> int:
    """Run marimo's command line in this process, behind `OriginCheck`; its exit code."""
    import uvicorn

    class Config(uvicorn.Config):
        """The configuration marimo makes, with `OriginCheck` around its application."""

        def __init__(self, app: Any, **options: Any) -> None:
            super().__init__(OriginCheck(app, options["port"]), **options)

    original = uvicorn.Config
    uvicorn.Config = Config  # type: ignore[misc, assignment]
    sys.argv = ["marimo", *arguments]
    try:
        runpy.run_module("marimo", run_name="__main__", alter_sys=True)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    finally:
        uvicorn.Config = original  # type: ignore[misc]
    return 0
