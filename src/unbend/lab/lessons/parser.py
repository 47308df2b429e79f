"""`parse_lesson`: a lesson from Markdown.

::

    # Title of the lesson

    ## Title of a step
    page: network?hidden=3&_hide=rate,seed

    What to do and to look at.

    ### A question?
    - [ ] an option
    - [x] the right option

    What is said after the answer.

``page:`` takes a page's name with its settings, or a link copied from a page. A step needs no question.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from ...errors import BadInput

_NOT_STATE = ("lang", "v", "lesson", "step", "answer", "token")
_OPTION = re.compile(r"[-*] \[([ xX])\] (.+)")
MAX_CHARACTERS = 200_000


@dataclass(frozen=True)
class Question:
    """A question with its options, the position of the right one (None: any answer will do), and the text after it."""

    text: str
    options: tuple[str, ...]
    right: int | None
    answer: str


@dataclass(frozen=True)
class Step:
    """A step of a lesson: the page and its state, the text (Markdown), and a question."""

    title: str
    page: str
    state: tuple[tuple[str, str], ...]
    text: str
    question: Question | None


@dataclass(frozen=True)
class Lesson:
    """A lesson."""

    title: str
    steps: tuple[Step, ...]


def parse_lesson(text: str, pages: Collection[str]) -> Lesson:
    """Read a lesson; ``pages`` are the names of the pages. Raises ``BadInput`` with the line of what is wrong."""
    if len(text) > MAX_CHARACTERS:
        raise BadInput("lab_lessons.too_long", most=f"{MAX_CHARACTERS:,}", got=f"{len(text):,}")
    title = ""
    blocks: list[tuple[int, str, list[tuple[int, str]]]] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if line.startswith("## "):
            blocks.append((number, line[3:].strip(), []))
        elif line.startswith("# ") and not title and not blocks:
            title = line[2:].strip()
        elif blocks:
            blocks[-1][2].append((number, line.rstrip()))
        elif line.strip() and not title:
            raise BadInput("lab_lessons.no_title", line=number)
    if not title:
        raise BadInput("lab_lessons.no_title", line=1)
    if not blocks:
        raise BadInput("lab_lessons.no_step")
    return Lesson(title, tuple(_step(*block, pages) for block in blocks))


def _step(number: int, title: str, lines: list[tuple[int, str]], pages: Collection[str]) -> Step:
    lines = lines[next((i for i, (_, line) in enumerate(lines) if line.strip()), len(lines)) :]
    if not lines or not lines[0][1].lower().startswith("page:"):
        raise BadInput("lab_lessons.no_page", line=number, title=title)
    page, state = _page(*lines[0], pages)
    body = lines[1:]
    begin = next((i for i, (_, line) in enumerate(body) if line.startswith("### ")), len(body))
    text = "\n".join(line for _, line in body[:begin]).strip()
    return Step(title, page, state, text, _question(body[begin:]) if begin < len(body) else None)


def _page(number: int, line: str, pages: Collection[str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """(name, state) of a page's name with settings, or of a link."""
    link = urlsplit(line.partition(":")[2].strip())
    name = link.path.strip("/").rpartition("/")[2]
    if name not in pages:
        raise BadInput("lab_lessons.unknown_page", line=number, got=name[:60] or "–", known=", ".join(pages))
    state = parse_qsl(link.query, keep_blank_values=True)
    return name, tuple((key, value) for key, value in state if key not in _NOT_STATE)


def _question(lines: list[tuple[int, str]]) -> Question:
    number, heading = lines[0]
    options: list[str] = []
    right: list[int] = []
    rest: list[str] = []
    for _, line in lines[1:]:
        option = _OPTION.fullmatch(line)
        if option is None:
            rest.append(line)
            continue
        if option[1] != " ":
            right.append(len(options))
        options.append(option[2].strip())
    if len(options) == 1 or len(right) > 1:
        raise BadInput("lab_lessons.options", line=number, options=len(options), right=len(right))
    return Question(heading[4:].strip(), tuple(options), right[0] if right else None, "\n".join(rest).strip())
