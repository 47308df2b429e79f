"""Text to words: numbers, names and symbols, with their places; habits such as ``^`` and ``x²`` get a suggestion."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ...errors import FormulaError

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<symbol>\*\*|<=|>=|==|!=|[-+*/()<>=,]))",
    re.ASCII,
)
_WORD = re.compile(r"[^\W\d]\w*")  # letters of every script; what of it is an identifier is checked below
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
# what people write by habit -> what is meant here
_HABITS = {
    "^": "**", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "−": "-", "–": "-", "—": "-",
    "[": "(", "]": ")", "{": "(", "}": ")", "≤": "<=", "≥": ">=", "≠": "!=", "√": "sqrt(…)", "&": "*", "|": "max(…)",
    "％": "/100", "%": "/100", "＋": "+", "＝": "=", "（": "(", "）": ")", "，": ",",
    **{mark: str(digit) for digit, mark in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip
# words of programming languages that cannot be names here, and what to write
WORDS = {
    "and": "(…)*(…)", "or": "max(…, …)", "not": "1 - (…)", "if": "where(…, …, …)", "else": "where(…, …, …)",
    "in": "==", "is": "==", "True": "1", "False": "0", "None": "0",
}  # fmt: skip


class Token(NamedTuple):
    """One word of the text; ``kind`` is number, name, symbol or end."""

    kind: str
    text: str
    start: int
    end: int


def refusal(key: str, at: int, **values: Any) -> FormulaError:
    """The error at a place (from 0). Its line counts characters from 1, as people do."""
    return FormulaError(key, at=at, place=at + 1, **values)


def shorten(text: str, most: int = 60) -> str:
    """The text as an error line shows it: one printable line, cut where long."""
    line = "".join(c if c.isprintable() else "�" for c in text)
    return line if len(line) <= most else line[: most - 1] + "…"


def tokens(text: str) -> list[Token]:
    """The words of the text, closed by one of kind ``end``.

    Raises ``FormulaError`` at the first character that begins no word.
    """
    found: list[Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is not None:
            kind = str(match.lastgroup)
            found.append(Token(kind, match[kind], match.start(kind), match.end(kind)))
            at = match.end()
            continue
        while text[at].isspace():
            at += 1
        if at >= end:
            break
        word = _WORD.match(text, at)
        if word is None:
            raise _wrong(text, at)
        found.append(_name(text, word))
        at = word.end()
    found.append(Token("end", "", end, end))
    return found


def _name(text: str, word: re.Match[str]) -> Token:
    """The name, once every character of it may stand in one (``²`` counts as a word character, but is no letter)."""
    name, start = word[0], word.start()
    if not name.isidentifier():
        length = next(n for n in range(len(name)) if not name[: n + 1].isidentifier())
        raise _wrong(text, start + length)
    if name.startswith("__"):
        raise refusal("formula.bad_name", at=start, got=shorten(name))
    if name in WORDS:
        raise refusal("formula.write_instead", at=start, got=name, want=WORDS[name])
    return Token("name", name, start, word.end())


def _wrong(text: str, at: int) -> FormulaError:
    wrong = text[at]
    if wrong in _SUPERSCRIPTS:
        digits = re.match("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", text[at:])
        got = digits[0] if digits else wrong
        return refusal("formula.write_instead", at=at, got=got, want="**" + "".join(_SUPERSCRIPTS[c] for c in got))
    if wrong in _HABITS:
        return refusal("formula.write_instead", at=at, got=wrong, want=_HABITS[wrong])
    return refusal("formula.bad_character", at=at, got=shorten(wrong))
