"""``unbend lab --edit``: the pages as notebooks to change, copied into a folder of the reader's own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from ..words import say
from .server import pages_folder


def edit_pages(port: int | None, opens: bool, folder: Path = Path("unbend-lab")) -> int:
    """Open marimo's editor on copies of the pages; the exit code. A page that is there already stays as it is."""
    folder.mkdir(exist_ok=True)
    for page in sorted(pages_folder().glob("*.py")):
        if not (folder / page.name).exists():
            shutil.copy(page, folder)
    print(say("lab.pages_at", folder=folder), file=sys.stderr)
    command = [sys.executable, "-m", "marimo", "edit", str(folder), "--host", "127.0.0.1", "--skip-update-check"]
    command += [] if port is None else ["--port", str(port)]
    return subprocess.run(command + ["--headless"] * (not opens), check=False).returncode
