"""What a page hands on to the page that replaces it in the other language: the key is in the URL as ``_from``."""

from __future__ import annotations

import secrets
import weakref
from typing import Any

_pages: weakref.WeakValueDictionary[str, Handover] = weakref.WeakValueDictionary()


class Handover:
    """What a page hands on, by name. It can be found by its key of 128 bits as long as the page holds it."""

    def __init__(self) -> None:
        self.key = secrets.token_hex(16)
        self.things: dict[str, Any] = {}
        _pages[self.key] = self


def handed_over(key: object) -> dict[str, Any]:
    """What the page with this key hands on; nothing where it is gone."""
    state = _pages.get(key) if isinstance(key, str) else None
    return {} if state is None else state.things
