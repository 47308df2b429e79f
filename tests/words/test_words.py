"""The message catalogue against the source: every key used exists, every key is used, both languages are there."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

import unbend
from unbend.data.column import Kind
from unbend.words import LANGUAGES, catalogue

ROOMS = sorted(f.name.removesuffix(".toml") for f in files("unbend.words").iterdir() if f.name.endswith(".toml"))
ROOT = Path(unbend.__file__).parent
SCRIPTS = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "lab" / "static" / "page").glob("*.js")))
SOURCE = "\n".join([*(p.read_text(encoding="utf-8") for p in sorted(ROOT.rglob("*.py"))), SCRIPTS])
LITERALS = {re.sub(r"\W+", "_", text) for text in re.findall(r"[\"']([\w =-]+)[\"']", SOURCE)}
LITERALS |= {*re.findall(r"(\w+): ", SCRIPTS)}
ENDINGS = {
    "json",
    "md",
    "png",
    "vectors",  # a module: text.vectors
    "svg",
    "html",
    "csv",
    "py",
    "css",
    "js",
    "mjs",
    "safetensors",
}  # of files, not keys
KEY = rf"[\"'](?P<room>{'|'.join(ROOMS)})\.(?P<key>\w+)[\"'](?! *\+)"  # not the first half of one put together


def written() -> set[tuple[str, str]]:
    """Keys that stand in the source as they are: say("room.key")."""
    return {(m["room"], m["key"]) for m in re.finditer(KEY, SOURCE)}


def built() -> dict[str, set[str]]:
    """Patterns of keys put together: say(f"room.first_{x}"), say("room.first_" + x); the gap is (.+).

    In JavaScript: say(`room.first_${x}`).
    """
    found: dict[str, set[str]] = {room: set() for room in ROOMS}
    for room in ROOMS:
        for text in re.findall(rf"`{room}\.((?:\w|\$\{{[^}}]*\}})*)`", SCRIPTS):
            found[room].add("(.+)".join(map(re.escape, re.split(r"\$\{[^}]*\}", text))))
        for _, text in re.findall(rf"f([\"']){room}\.((?:(?!\1).)*\{{(?:(?!\1).)*)\1", SOURCE):
            parts = re.split(r"\{[^{}]*\}", text)
            found[room].add("(.+)".join(re.escape(p) for p in parts))
        for text in re.findall(rf"[\"']{room}\.(\w*)[\"'] *\+", SOURCE):
            found[room].add(re.escape(text) + "(.+)")
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_no_key_is_missing(room: str) -> None:
    missing = {key for r, key in written() if r == room} - set(catalogue(room))
    assert not missing - ENDINGS


@pytest.mark.parametrize("room", ROOMS)
def test_no_key_is_unused(room: str) -> None:
    plain = {key for r, key in written() if r == room}
    patterns = built()[room]

    def used(key: str) -> bool:
        if key in plain:
            return True
        for pattern in patterns:
            match = re.fullmatch(rf"{pattern}(_\w+)?", key)  # the end may be put on later
            # what fills the gaps must stand somewhere in quotes
            if match and all(g is None or g in LITERALS for g in match.groups()):
                return True
        return False

    assert not [key for key in catalogue(room) if not used(key)]


@pytest.mark.parametrize("room", ROOMS)
def test_no_language_is_missing(room: str) -> None:
    lacking = [key for key, texts in catalogue(room).items() if set(texts) != set(LANGUAGES) or not all(texts.values())]
    assert not lacking


@pytest.mark.parametrize("room", ROOMS)
def test_korean_is_korean(room: str) -> None:
    without = [k for k, texts in catalogue(room).items()
               if not re.search("[가-힣]", texts["ko"]) and texts["ko"] != texts["en"]]  # fmt: skip
    assert not without


@pytest.mark.parametrize("room", ROOMS)
def test_nouns_agree_with_their_numbers(room: str) -> None:
    """``{count:row|rows}`` instead of "row(s)"."""
    assert not [key for key, texts in catalogue(room).items() if re.search(r"[a-z]\(e?s\)", texts["en"])]


def test_every_kind_of_column_has_its_words() -> None:
    for kind in set(get_args(Kind)) - {"left_out"}:
        assert catalogue("log")[f"column_{kind}"] and catalogue("report")[f"kind_{kind}"]
