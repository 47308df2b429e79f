"""`write_section`: one section of a results file anew, the others as they are."""

from __future__ import annotations

import re
from pathlib import Path


def write_section(path: Path, heading: str, text: str) -> None:
    """Replace what stands under ``## heading``, or put it at the end; with ``""``, all before the first section."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = re.split(r"^## (.*)\n", old, flags=re.MULTILINE)  # what comes first, then heading and text in turn
    sections = {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True)), heading: text}
    written = [f"## {name}\n\n{body.strip()}" if name else body.strip() for name, body in sections.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(written) + "\n", encoding="utf-8")
