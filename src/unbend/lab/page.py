"""What a page's notebook is written with: opening it, its controls, its texts, its verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from ..errors import BadInput
from ..words import say
from .site import navigation, speak
from .state import VERSION, Field, State, read

__all__ = ["Page", "attempt", "folded", "part", "say", "verdict"]


class Page:
    """One open page of one reader: the state its URL asked for, and the parts every page has.

    Made in a page's first cell; it also lets the reader's thread speak the language of the URL. ``fields`` is called
    after that, since labels are texts. ``parts`` names what can be hidden beside the fields (``?_hide=rate,export``).
    """

    def __init__(self, name: str, parameters: Any, fields: Any = tuple, parts: Sequence[str] = ()) -> None:
        asked: Mapping[str, Any] = parameters.to_dict() if hasattr(parameters, "to_dict") else parameters
        self.name = name
        self.language = speak(asked.get("lang"))
        self.fields: tuple[Field, ...] = tuple(fields())
        self.state: State = read(asked, self.fields, parts)
        self._panels: list[Any] = []

    def hides(self, part: str) -> bool:
        """Whether the URL hides this part of the page."""
        return part in self.state.hidden

    def usual(self, name: str) -> Any:
        """A field's usual value."""
        return next(field.default for field in self.fields if field.name == name)

    def header(self) -> Any:
        """Navigation, title, what the page is for, and what of the URL could not be used."""
        import marimo as mo

        problems = "".join(f"<p>{escape(problem)}</p>" for problem in self.state.problems)
        title = say(f"lab.page_{self.name}")
        links = "" if mo.app_meta().mode == "edit" else navigation(self.name)  # the editor has its own
        return mo.Html(
            f'<div class="lab-head" data-title="{escape(title)} · unbend" data-language="{self.language}">'
            f"{links}<h1>{escape(title)}</h1><p>{escape(say(f'lab.about_{self.name}'))}</p>"
            + (f'<div class="lab-problem" role="status">{problems}</div>' if problems else "")
            + "</div>"
        )

    def controls(self, *names: str) -> Any:
        """A panel with the fields of these names (all without any), as a marimo element; ``.values`` has their values.

        A change is written into the URL; values from the browser are checked like those of the URL.
        """
        return self.panel([field for field in self.fields if not names or field.name in names])

    def panel(self, fields: Sequence[Field], values: Mapping[str, Any] | None = None) -> Any:
        """``controls`` with fields that came to be known later, such as the columns of a table; and their values."""
        import marimo as mo

        from ..widgets import Controls

        made = Controls(fields, {**self.state.values, **(values or {})}, self.state.hidden, VERSION)
        self._panels.append(made)
        return mo.ui.anywidget(made)

    def values(self) -> dict[str, Any]:
        """All fields as they are now, for what is made only when it is asked for.

        A cell that reads them here is not run anew with every move of a slider.
        """
        return {**self.state.values, **{name: value for panel in self._panels for name, value in panel.values.items()}}


def verdict(text: str, kind: str = "plain") -> Any:
    """A sentence in a polite live region: it is read aloud when it changes. ``kind``: plain, good, bad."""
    import marimo as mo

    sign = {"plain": "", "good": "✓ ", "bad": "✗ "}[kind]  # never by colour alone
    return mo.Html(f'<p class="lab-verdict {kind}" role="status" aria-live="polite">{sign}{escape(text)}</p>')


def attempt(work: Callable[[], Any]) -> tuple[Any, str]:
    """(what comes out, why nothing does): whatever goes wrong becomes one plain line, and the page lives on."""
    try:
        return work(), ""
    except BadInput as problem:
        return None, str(problem)
    except Exception as error:
        return None, say("lab_pages.unexpected", error=f"{type(error).__name__}: {error}"[:200])


def folded(title: str, *inside: Any, opened: bool = True) -> str:
    """A part with the message ``title`` as its heading, which folds; on a narrow screen it starts folded."""
    parts = "".join(f"{one}" for one in inside)  # so formatted, a widget is drawn
    return f"<details{' open' if opened else ''}><summary>{escape(say(title))}</summary>{parts}</details>"


def part(title: str, *parts: str) -> Any:
    """A part of the page as a marimo element: a heading (none for ``""``), then HTML."""
    import marimo as mo

    heading = f"<h2>{escape(title)}</h2>" if title else ""
    return mo.Html(f'<div class="lab-part">{heading}{"".join(parts)}</div>')
