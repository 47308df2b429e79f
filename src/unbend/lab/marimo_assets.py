"""marimo's scripts and style sheets: compressed once, kept by browsers for good, fetched ahead by the front page.

They stay files of their own. Joined into one (an import map of blobs), a first visit takes half the requests, but every
later page about twice the processor time: browsers keep compiled code of files, not of blobs.
"""

from __future__ import annotations

import gzip
import mimetypes
import re
from functools import cache
from pathlib import Path
from typing import Any

_HASHED = re.compile(r"[\w.-]+-[\w-]{8}\.\w+")  # named by a hash of their content
_TEXTS = {".css", ".js", ".json", ".svg"}
_NEEDED = re.compile(r"""(?:src|href)="\./(assets/[\w.-]+\.(js|css))\"""")


def asset_response(name: str, accepted: str) -> Any:
    """The response for an asset of this name, compressed where ``accepted`` (Accept-Encoding) lists gzip; or 404."""
    from starlette.responses import FileResponse, Response

    path = _folder() / "assets" / name
    if not _HASHED.fullmatch(name) or not path.is_file():
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    if path.suffix not in _TEXTS or "gzip" not in accepted:
        return FileResponse(path, headers=headers)
    headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(_compressed(path), headers=headers, media_type=mimetypes.guess_type(name)[0])


def prefetch_links(base: str) -> str:
    """Links by which a browser with nothing else to do fetches what every page loads first, below ``base``."""
    index = (_folder() / "index.html").read_text(encoding="utf-8")
    kinds = {"js": "script", "css": "style"}
    return "".join(
        f'<link rel="prefetch" href="{base}/{name}" as="{kinds[suffix]}" crossorigin>'
        for name, suffix in dict.fromkeys(_NEEDED.findall(index))
    )


def _folder() -> Path:
    import marimo

    return Path(marimo.__file__).parent / "_static"


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6, mtime=0)
