"""The message catalogue: every text a user sees, in English and Korean.

There is one TOML file per namespace in this folder; a message is one table with the keys ``en`` and ``ko``.
``say("data.no_such_file", path=p)`` looks up ``[no_such_file]`` in ``data.toml`` and replaces the placeholders.
Korean particles follow the word they are joined to: ``{column:을/를}`` prints 나이를 or 값을.
"""

from __future__ import annotations

import os
import re
import string
import threading
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "ko")
_chosen: str | None = None
_here = threading.local()  # the lab serves several readers, each on a thread of its own


def choose(name: str | None, *, this_thread: bool) -> None:
    """Use one of ``LANGUAGES`` from now on, or None for the environment's (see ``unbend.set_language``)."""
    global _chosen
    if this_thread:
        _here.chosen = name
    else:
        _chosen = name


def language() -> str:
    """The language in use: the one chosen, else Korean where ``UNBEND_LANG`` or the locale is, else English."""
    chosen: str | None = getattr(_here, "chosen", None) or _chosen
    if chosen is not None:
        return chosen
    locale = next((os.environ[v] for v in ("UNBEND_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(v)), "")
    return "ko" if locale.lower().replace("-", "_").split(".")[0].split("_")[0] == "ko" else "en"


@cache
def catalogue(namespace: str) -> dict[str, dict[str, str]]:
    """All messages of one namespace, ``{key: {"en": text, "ko": text}}``."""
    import tomllib

    return tomllib.loads(files(__name__).joinpath(f"{namespace}.toml").read_text(encoding="utf-8"))


def say(key: str, /, **values: Any) -> str:
    """The message ``namespace.key`` in the language in use, its placeholders replaced by ``values``."""
    namespace, _, name = key.partition(".")
    return _formatter.vformat(catalogue(namespace)[name][language()], (), values)


class _Formatter(string.Formatter):
    """``str.format`` with three more formats.

    ``{word:이/가}`` appends the particle that fits the word's ending; ``{count:row|rows}`` the noun in the number that
    fits the count: "1 row", "2,000 rows"; ``{name:shell}`` quotes a name that a shell would cut into pieces.
    """

    def format_field(self, value: Any, spec: str) -> str:
        if spec == "shell":
            return value if re.fullmatch(r"[\w./:=+-]+", value) else '"' + re.sub(r'([\\"$`])', r"\\\1", value) + '"'
        singular, bar, plural = spec.partition("|")
        if bar:
            text = value if isinstance(value, str) else f"{value:,}"
            return f"{text} {singular if text == '1' else plural}"
        with_final, slash, without_final = spec.partition("/")
        if not slash:
            return str(format(value, spec))
        word = str(value)
        final = _final_consonant(word)
        if with_final == "으로" and final == "ㄹ":  # 서울로, not 서울으로
            final = ""
        return word + (with_final if final else without_final)


_formatter = _Formatter()


def _final_consonant(word: str) -> str:
    """ "ㄹ", "other" or "": whether the word, read aloud in Korean, ends in a consonant."""
    letters = word.rstrip(" '\"’”)]}.,")
    last = letters[-1:] or "a"
    # a single letter, and letters without a vowel (db, csv), are read by their names: 비, 씨; 엘, 알; 엠, 엔
    if re.search(r"(^|[^a-zA-Z])([a-zA-Z]|[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]+)$", letters):
        return "ㄹ" if last in "lrLR" else "other" if last in "mnMN" else ""
    if "가" <= last <= "힣":
        index = (ord(last) - ord("가")) % 28
        return "" if index == 0 else "ㄹ" if index == 8 else "other"
    if last.isdigit():  # 영 일 이 삼 사 오 육 칠 팔 구
        return {"0": "other", "1": "ㄹ", "3": "other", "6": "other", "7": "ㄹ", "8": "ㄹ"}.get(last, "")
    if ending := re.search(r"(?i)(?<=[a-z])([lmn])e$", letters):  # 테이블, 타임, 라인
        return "ㄹ" if ending[1] in "lL" else "other"
    if re.search(r"(?i)[bdfghj-np-tv-z][kpt]$|c[pt]$", letters):  # 포인트, 하이트, 마스크, 램프; but 블록
        return ""
    return "ㄹ" if last in "lL" else "other" if last in "bckmnptBCKMNPT" else ""  # 셀, 스텝, 탄; 센서, 시그모이드
