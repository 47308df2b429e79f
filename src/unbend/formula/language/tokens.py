"""`tokenize`: numbers, names and symbols with their positions; ``^`` or ``x²`` get a suggestion what to write."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ...errors import FormulaError

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<symbol>\*\*|<=|>=|==|!=|[-+*/()<>=,]))",
    re.ASCII,
)
_WORD = re.compile(r"[^\W\d]\w*")  # letters of every script; ``_name`` checks that it is an identifier
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
# what people write elsewhere -> what is meant here
_SUGGESTIONS = {
    "^": "**", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "−": "-", "–": "-", "—": "-",
    "[": "(", "]": ")", "{": "(", "}": ")", "≤": "<=", "≥": ">=", "≠": "!=", "√": "sqrt(…)", "&": "*", "|": "max(…)",
    "％": "/100", "%": "/100", "＋": "+", "＝": "=", "（": "(", "）": ")", "，": ",",
    **{mark: str(digit) for digit, mark in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip
# words of programming languages that cannot be names here, and what to write
RESERVED_WORDS = {
    "and": "(…)*(…)", "or": "max(…, …)", "not": "1 - (…)", "if": "where(…, …, …)", "else": "where(…, …, …)",
    "in": "==", "is": "==", "True": "1", "False": "0", "None": "0",
}  # fmt: skip


class Token(NamedTuple):
    """One token of the text, at ``text[start:end]``; ``kind`` is number, name, symbol or end."""

    kind: str
    text: str
    start: int
    end: int


def formula_error(key: str, at: int, **values: Any) -> FormulaError:
    """The error at a position (from 0); its message counts characters from 1."""
    return FormulaError(key, at=at, place=at + 1, **values)


def shorten(text: str, most: int = 60) -> str:
    """The text as an error message shows it: one printable line, truncated to ``most`` characters."""
    line = "".join(c if c.isprintable() else "�" for c in text)
    return line if len(line) <= most else line[: most - 1] + "…"


def tokenize(text: str) -> list[Token]:
    """The tokens of the text, the last one of kind ``end``.

    Raises ``FormulaError`` at the first character that begins no token.
    """
    result: list[Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is not None:
            kind = str(match.lastgroup)
            result.append(Token(kind, match[kind], match.start(kind), match.end(kind)))
            at = match.end()
            continue
        while text[at].isspace():
            at += 1
        if at >= end:
            break
        word = _WORD.match(text, at)
        if word is None:
            raise _bad_character(text, at)
        result.append(_name(text, word))
        at = word.end()
    result.append(Token("end", "", end, end))
    return result


def _name(text: str, word: re.Match[str]) -> Token:
    """The token of a name; raises where a character cannot be in one (``²`` is a word character, but no letter)."""
    name, start = word[0], word.start()
    if not name.isidentifier():
        length = next(n for n in range(len(name)) if not name[: n + 1].isidentifier())
        raise _bad_character(text, start + length)
    if name.startswith("__"):
        raise formula_error("formula.bad_name", at=start, got=shorten(name))
    if name in RESERVED_WORDS:
        raise formula_error("formula.write_instead", at=start, got=name, want=RESERVED_WORDS[name])
    return Token("name", name, start, word.end())


def _bad_character(text: str, at: int) -> FormulaError:
    character = text[at]
    if character in _SUPERSCRIPTS:
        digits = re.match("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", text[at:])
        got = digits[0] if digits else character
        return formula_error(
            "formula.write_instead", at=at, got=got, want="**" + "".join(_SUPERSCRIPTS[c] for c in got)
        )
    before, after = re.search(r"[^\W\d]\w*$", text[:at]), _WORD.match(text, at + 1)
    if character == "." and before and after:
        name = f"{before[0]}.{after[0]}"
        return formula_error("formula.dot_in_name", at=at, got=shorten(name), want=shorten(name.replace(".", "_")))
    if character in _SUGGESTIONS:
        return formula_error("formula.write_instead", at=at, got=character, want=_SUGGESTIONS[character])
    return formula_error("formula.bad_character", at=at, got=shorten(character))
