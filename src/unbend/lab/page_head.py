"""`page_head`: navigation, title, description and lesson of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ..errors import BadInput
from ..words import language, say
from .lesson_panel import lesson_panel
from .site import PAGES, navigation


def page_title(name: str, problems: Sequence[str] = ()) -> str:
    """Title and description of a page, and sentences on what is invalid in its URL."""
    said = "".join(f"<p>{escape(problem)}</p>" for problem in problems)
    return (
        f"<h1>{escape(say(f'lab_pages.page_{name}'))}</h1><p>{escape(say(f'lab_pages.about_{name}'))}</p>"
        + (f'<div class="lab-problem" role="status">{said}</div>' if said else "")
        + f'<p class="lab-lost" role="alert" hidden>{escape(say("lab.lost"))}</p>'
    )


def page_head(
    name: str, given: Mapping[str, Any], problems: Sequence[str] = (), share: str = "", handover: str = ""
) -> str:
    """The head of a page as HTML.

    Parameters
    ----------
    name : str
        The page's name in ``site.PAGES``.
    given : mapping
        The URL's query parameters, which may name the step of a lesson.
    problems : sequence of str
        Sentences on what is invalid in the URL.
    share : str
        HTML of the sharing dialog; a page that is a lesson's step has none.
    handover : str
        The key by which this page in the other language finds what is carried over.
    """
    lesson = ""
    try:
        lesson = lesson_panel(given, PAGES)
    except BadInput as error:  # its file has changed since the start
        problems = [*problems, str(error)]
    title = escape(say(f"lab_pages.page_{name}"))
    return (
        f'<div class="lab-head" data-title="{title} · unbend" data-language="{language()}" data-page="{handover}" '
        f'data-skip="{escape(say("lab.skip"))}">{navigation(name)}{page_title(name, problems)}{lesson or share}</div>'
    )
