"""The encoding and the delimiter of a text table, detected from its contents: `decode` and `detect_delimiter`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from ..errors import DataError
from .notes import Note

DELIMITERS = (",", ";", "\t", "|")
_HEAD = 65536  # characters used to detect the delimiter
_SPACES = re.compile(r'("(?:[^"]|"")*")|[ \t]+')


def decode(raw: bytes, source: str) -> tuple[bytes, tuple[Note, ...]]:
    """The same text as UTF-8 bytes without a byte order mark, and a note if the encoding had to be guessed.

    Tried in turn: the byte order mark, UTF-8, CP949 (Korean), Windows-1252 (Western European).
    """
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
    if raw.isascii():
        return raw, ()
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8", "cp949", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        guessed = encoding in ("cp949", "cp1252")
        return text.encode(), (Note("data.encoding", {"encoding": encoding.upper()}),) if guessed else ()
    raise DataError("data.unknown_encoding", source=source)


def records(text: str, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    """Each record that is not blank: its first line (from 1), its last line, its cells.

    A plain loop, slow: for the head of a file and for locating errors.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begin = 1
    for cells in reader:
        if cells:
            yield begin, reader.line_num, cells
        begin = reader.line_num + 1


def detect_delimiter(text: bytes) -> str:
    """The delimiter of a text table: one of ``DELIMITERS``, or ``" "`` for runs of spaces, or ``","`` for one column.

    The one for which most records have as many cells as the header; of equals, the one that gives more columns.
    Spaces are tried last, because names and values also contain them.
    """
    head = text[:_HEAD].decode(errors="replace")
    complete = len(text) <= _HEAD
    scores = delimiter_scores(text)
    best = max(scores, key=lambda delimiter: scores[delimiter])
    if scores[best][0] > 0:
        return best
    by_spaces = _agreement(spaces_to_tabs(head), "\t", complete)
    if by_spaces[0] > 0.5:
        return " "
    return best if scores[best][1] > 1 else ","


def comma_styles(delimiter: str) -> tuple[str, ...]:
    """What a comma inside a number may mean where cells are separated so, the likeliest first."""
    return ("thousands", "decimal") if delimiter == "," else ("decimal", "thousands")


def delimiter_scores(text: bytes) -> dict[str, tuple[float, int]]:
    """For each delimiter (share of records as wide as the header, width of the header) in the head of the text."""
    head = text[:_HEAD].decode(errors="replace")
    return {delimiter: _agreement(head, delimiter, len(text) <= _HEAD) for delimiter in DELIMITERS}


def _agreement(head: str, delimiter: str, complete: bool) -> tuple[float, int]:
    """(share of records as wide as the header, width of the header); the share is 0 for a single column."""
    try:
        widths = [len(cells) for _, _, cells in records(head, delimiter)]
    except csv.Error:
        return 0.0, 0
    if not complete and len(widths) > 1:
        widths.pop()  # the head may end inside a record
    width, others = widths[0], widths[1:]
    if width < 2:
        return 0.0, width
    return (sum(other == width for other in others) / len(others) if others else 1.0), width


def spaces_to_tabs(text: str) -> str:
    """Every run of spaces outside quotes replaced by one tab; line numbers do not change."""
    if '"' in text:
        text = _SPACES.sub(lambda match: match[1] or "\t", text)
    else:
        text = re.sub(r"[ \t]+", "\t", text)
    return re.sub(r"^\t|\t$", "", text, flags=re.MULTILINE)
