"""`texts_of`: the messages that the static page's scripts say, found in the scripts themselves, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from ...language import set_language
from ...words import LANGUAGES, catalogue, say

_KEY = re.compile(
    r"(?P<quote>[\"'`])(?P<room>lab_file|lab_playground|lab_pages|lab)\.(?P<key>(?:\w|\$\{[^}]*\})+)(?P=quote)"
)


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Messages in this language, on this thread, as long as the block runs; afterwards in everybody's again."""
    set_language(name, this_thread=True)
    try:
        yield
    finally:
        set_language(None, this_thread=True)


def said_in(language: str, key: str) -> str:
    """The message in this language."""
    with speaking(language):
        return say(key)


def keys_in(script: str) -> Iterator[tuple[str, str]]:
    """(namespace, pattern) of every message that a script names: ``"lab.close"``, ```lab_file.loss_${name}```."""
    for found in _KEY.finditer(script):
        parts = re.split(r"\$\{[^}]*\}", found["key"])
        yield found["room"], r"\w+".join(map(re.escape, parts))


def texts_of(script: str) -> dict[str, dict[str, str]]:
    """{key: {language: text}}. Raises ``KeyError`` for a key that the catalogue does not have."""
    texts: dict[str, dict[str, str]] = {}
    for room, pattern in keys_in(script):
        matches = [key for key in catalogue(room) if re.fullmatch(pattern, key)]
        if not matches:
            raise KeyError(f"{room}.{pattern}")
        for key in matches:
            texts[f"{room}.{key}"] = {name: catalogue(room)[key][name] for name in LANGUAGES}
    return texts
