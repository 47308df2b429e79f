"""`lesson_panel`: the step of a lesson on its page: text, question, answer, back and next. Its state is in the URL."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

from ..words import language, say
from .lessons import Lesson, Question, find_lesson
from .lessons.markdown import inline_html, markdown_html
from .url_state import VERSION


def step_query(name: str, lesson: Lesson, number: int) -> str:
    """The URL of a step (from 1) below the lab's address: page and state."""
    step = lesson.steps[number - 1]
    query = {"lang": language(), **dict(step.state), "v": VERSION, "lesson": name, "step": str(number)}
    return f"{step.page}/?{urlencode(query)}"


def lesson_panel(given: Mapping[str, Any], pages: Collection[str]) -> str:
    """The panel of the step that the URL names; "" where it names none, a sentence where there is no such lesson."""
    name = str(given.get("lesson", ""))
    if not name:
        return ""
    lesson = find_lesson(name, pages)
    if lesson is None:
        return f'<p class="lab-problem" role="status">{escape(say("lab_lessons.unknown", got=name[:60]))}</p>'
    text = str(given.get("step", "1"))
    number = min(max(int(text) if text.isascii() and text.isdigit() else 1, 1), len(lesson.steps))
    step = lesson.steps[number - 1]
    where = say("lab_lessons.where", title=lesson.title, step=number, steps=len(lesson.steps))
    return (
        f'<section class="lab-lesson" aria-label="{escape(say("lab_lessons.lesson"))}">'
        f'<p class="where">{escape(where)}</p><h2>{inline_html(step.title)}</h2>{markdown_html(step.text)}'
        f"{_question(step.question) if step.question else ''}{_moves(name, lesson, number)}</section>"
    )


def _question(question: Question) -> str:
    options = "".join(
        f'<label><input type="radio" name="lab-answer" value="{k}"> {inline_html(option)}</label>'
        for k, option in enumerate(question.options)
    )
    right = "" if question.right is None else str(question.right)
    said = " ".join(f'data-{key}="{escape(say(f"lab_lessons.{key}"))}"' for key in ("right", "wrong", "noted"))
    legend = f"<legend>{inline_html(question.text)}</legend>"
    return (
        f'<fieldset class="question" data-answer="{right}" {said}>{legend}{options}'
        f'<p class="said" role="status" aria-live="polite"></p></fieldset>'
        f'<details class="answer"><summary>{escape(say("lab_lessons.show_answer"))}</summary>'
        f"{markdown_html(question.answer)}</details>"
    )


def _moves(name: str, lesson: Lesson, number: int) -> str:
    """Links to the step before and after; behind the last step the front page."""
    links = []
    if number > 1:
        links.append(_link(f"../{step_query(name, lesson, number - 1)}", "back", lesson.steps[number - 2].title))
    if number < len(lesson.steps):
        links.append(_link(f"../{step_query(name, lesson, number + 1)}", "next", lesson.steps[number].title))
    else:
        links.append(_link(f"../?lang={language()}", "done", ""))
    return f'<p class="moves">{" ".join(links)}</p>'


def _link(address: str, key: str, title: str) -> str:
    return f'<a class="{key}" href="{escape(address)}">{inline_html(say(f"lab_lessons.{key}", title=title))}</a>'
