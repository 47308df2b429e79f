"""`front_page`: where to start, the lessons, and every page with a picture and its description."""

from __future__ import annotations

from html import escape

from ..errors import BadInput
from ..words import say
from .front_pictures import picture
from .lesson_panel import step_query
from .lessons import find_lesson, lessons
from .lessons.library import SHIPPED
from .lessons.markdown import inline_html
from .site import PAGES, html_head, navigation, use_language


def front_page(requested_language: str | None, links: str = "") -> str:
    """The front page as HTML; ``links`` go into its head."""
    current = use_language(requested_language)
    cards = "".join(
        f'<li><a href="{name}/?lang={current}"><h2>{escape(say(f"lab_pages.page_{name}"))}</h2>{picture(name)}'
        f"<p>{escape(say(f'lab_pages.about_{name}'))}</p></a></li>"
        for name in PAGES
    )
    return (
        f'<!doctype html><html lang="{current}"><head><meta charset="utf-8"><title>{escape(say("lab.title"))}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{html_head()}{links}</head>'
        f'<body class="lab-front">{navigation(None)}<main><h1>{escape(say("lab.title"))}</h1>'
        f"{''.join(_lesson(name) for name in lessons())}<h2>{escape(say('lab_lessons.all_pages'))}</h2><ul>{cards}</ul>"
        f"<p>{escape(say('lab.offline'))}</p></main></body></html>"
    )


def _lesson(name: str) -> str:
    """A lesson with its steps, each a link."""
    try:
        lesson = find_lesson(name, PAGES)
    except BadInput as error:  # its file has changed since the start
        return f'<p class="lab-problem" role="status">{escape(str(error))}</p>'
    if lesson is None:
        return ""
    steps = "".join(
        f'<li><a href="{escape(step_query(name, lesson, number))}">{inline_html(step.title)}</a></li>'
        for number, step in enumerate(lesson.steps, 1)
    )
    about = say("lab_lessons.start_about" if name == SHIPPED else "lab_lessons.own_about", steps=len(lesson.steps))
    return (
        f'<section class="lab-start" aria-label="{escape(say("lab_lessons.lesson"))}">'
        f"<div><h2>{inline_html(lesson.title)}</h2><p>{escape(about)}</p>"
        f'<a class="go" href="{escape(step_query(name, lesson, 1))}">{escape(say("lab_lessons.start"))}</a></div>'
        f"<ol>{steps}</ol></section>"
    )
