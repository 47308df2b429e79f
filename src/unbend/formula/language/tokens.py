"""`tokenize`: numbers, names and symbols with their positions.

What people write elsewhere and means one thing only is read: ``^``, ``x²``, ``×``, ``·``, ``−`` and the like. What may
mean something else gets a suggestion what to write.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ...errors import FormulaError

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<symbol>\*\*|<=|>=|==|!=|[-+*/()<>=,|]))",
    re.ASCII,
)
_WORD = re.compile(r"[^\W\d]\w*")  # letters of every script; ``_name`` checks that it is an identifier
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
_SUPERSCRIPT = re.compile("(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
# other spellings of the symbols
_SPELLINGS = {
    "^": "**", "×": "*", "·": "*", "⋅": "*", "∗": "*", "∙": "*", "÷": "/", "∕": "/", "−": "-", "–": "-", "—": "-",
    "≤": "<=", "≥": ">=", "≠": "!=", "＋": "+", "＝": "=", "（": "(", "）": ")", "，": ",",
}  # fmt: skip
# what people write elsewhere -> what is meant here
_SUGGESTIONS = {
    "[": "(", "]": ")", "{": "(", "}": ")", "√": "sqrt(…)", "&": "*", "％": "/100", "%": "/100",
    **{mark: str(digit) for digit, mark in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip
# words of programming languages that cannot be names here, and what to write
RESERVED_WORDS = {
    "and": "(…)*(…)", "or": "max(…, …)", "not": "1 - (…)", "if": "where(…, …, …)", "else": "where(…, …, …)",
    "in": "==", "is": "==", "True": "1", "False": "0", "None": "0",
}  # fmt: skip


class Token(NamedTuple):
    """One token of the text, at ``text[start:end]``; ``kind`` is number, superscript, name, symbol or end."""

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
        if text[at] in _SPELLINGS:
            result.append(Token("symbol", _SPELLINGS[text[at]], at, at + 1))
            at += 1
            continue
        if power := _SUPERSCRIPT.match(text, at):
            result += _power(power)
            at = power.end()
            continue
        word = _WORD.match(text, at)
        if word is None:
            raise _bad_character(text, at)
        result.append(_name(text, word))
        at = result[-1].end
    result.append(Token("end", "", end, end))
    return result


def _power(match: re.Match[str]) -> list[Token]:
    """The tokens of a superscript: ``**``, a minus sign if it has one, and the number."""
    minus, number = match.span(1), match.span(2)
    tokens = [Token("symbol", "**", match.start(), match.start())]
    if match[1]:
        tokens.append(Token("symbol", "-", *minus))
    return [*tokens, Token("superscript", "".join(_SUPERSCRIPTS[c] for c in match[2]), *number)]


def _name(text: str, word: re.Match[str]) -> Token:
    """The token of a name, up to a superscript; raises where a character cannot be in one."""
    name, start = re.split("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]", word[0])[0], word.start()
    if not name.isidentifier():
        length = next(n for n in range(len(name)) if not name[: n + 1].isidentifier())
        raise _bad_character(text, start + length)
    if name.startswith("__"):
        raise formula_error("formula.bad_name", at=start, got=shorten(name))
    if name in RESERVED_WORDS:
        raise formula_error("formula.write_instead", at=start, got=name, want=RESERVED_WORDS[name])
    return Token("name", name, start, start + len(name))


def _bad_character(text: str, at: int) -> FormulaError:
    character = text[at]
    before, after = re.search(r"[^\W\d]\w*$", text[:at]), _WORD.match(text, at + 1)
    if character == "." and before and after:
        name = f"{before[0]}.{after[0]}"
        return formula_error("formula.dot_in_name", at=at, got=shorten(name), want=shorten(name.replace(".", "_")))
    if character in _SUGGESTIONS:
        return formula_error("formula.write_instead", at=at, got=character, want=_SUGGESTIONS[character])
    return formula_error("formula.bad_character", at=at, got=shorten(character))
