"""The static page's scripts, run by node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from unbend.lab.static_page.sources import engine_modules

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="the page's JavaScript is run by node")


def run_engine(folder: Path, code: str, given: Any = None) -> Any:
    """What ``code`` passes to ``answer``, as JSON. The engine's modules are NAME_module, ``given`` is a constant."""
    engine = "".join(engine_modules().values())
    script = folder / "script.js"
    answer = (
        "const answer = (value) => console.log(JSON.stringify(value, (_, v) => ArrayBuffer.isView(v) ? [...v] : v));"
    )
    script.write_text(f"{engine}\nconst given = {json.dumps(given)};\n{answer}\n{code}", encoding="utf-8")
    done = subprocess.run(["node", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
