"""`Page`: the URL state, header and controls of one open page; and status lines and sections for its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from ..errors import BadInput
from ..widgets.fields import Button, Field
from ..words import say
from .handover import Handover, handed_over
from .page_head import page_head, page_title
from .share_dialog import share_dialog
from .site import use_language
from .url_state import VERSION, parse_url

__all__ = ["Page", "attempt", "collapsible", "say", "section", "status"]


class Page:
    """One open page of one reader: its state from the URL, and the elements every page has.

    Created in a page's first cell; it also sets the language of the reader's thread from the URL.

    Parameters
    ----------
    name : str
        The page's name in ``site.PAGES``.
    parameters : mapping
        The URL's query parameters (``mo.query_params()``).
    fields : callable returning a sequence of Field
        Called after the language is set, since labels are translated texts.
    parts : sequence of str
        Names of parts that the URL can hide beside the fields (``?_hide=rate,export``).
    """

    def __init__(self, name: str, parameters: Any, fields: Any = tuple, parts: Sequence[str] = ()) -> None:
        given: Mapping[str, Any] = parameters.to_dict() if hasattr(parameters, "to_dict") else parameters
        self.name = name
        self.language = use_language(given.get("lang"))
        self.fields: tuple[Field, ...] = tuple(fields())
        self.state = parse_url(given, self.fields, parts)
        self._parts = tuple(parts)
        self._given = given
        self._panels: list[Any] = []
        self._handover = Handover()
        self.earlier = handed_over(given.get("_from"))

    def carry(self, **things: Any) -> None:
        """Hand these on to this page in another language, which finds them in its ``earlier``."""
        self._handover.things.update(things)

    def earlier_table(self, drop: Any) -> Any:
        """The drop zone, with the table of this page in another language."""
        earlier = self.earlier.get("table")
        if earlier is not None:
            drop.name, drop.content = earlier.name, earlier.content
        return drop

    def hides(self, part: str) -> bool:
        """Whether the URL hides this part of the page."""
        return part in self.state.hidden

    def default(self, name: str) -> Any:
        """A field's default value."""
        return next(field.default for field in self.fields if field.name == name)

    def header(self) -> Any:
        """Navigation, title, description, and what is invalid in the URL."""
        import marimo as mo

        if mo.app_meta().mode == "edit":  # the editor has a list of files, and no reader
            return mo.Html(f'<div class="lab-head">{page_title(self.name, self.state.problems)}</div>')
        fields = [field for field in self.fields if not isinstance(field, Button)]
        share = share_dialog(fields, self._parts, self.state.hidden)
        return mo.Html(page_head(self.name, self._given, self.state.problems, share, self._handover.key))

    def controls(self, *names: str) -> Any:
        """A panel with the fields of these names (default: all), as a marimo element with their values in ``.values``.

        A change is written into the URL; values from the browser are validated like those of the URL.
        """
        return self.panel([field for field in self.fields if not names or field.name in names])

    def panel(self, fields: Sequence[Field], values: Mapping[str, Any] | None = None) -> Any:
        """As ``controls``, with fields that depend on data, such as the columns of a table; and their values."""
        import marimo as mo

        from ..widgets import Controls

        panel = Controls(fields, {**self.state.values, **(values or {})}, self.state.hidden, VERSION)
        self._panels.append(panel)
        return mo.ui.anywidget(panel)

    def set_fields(self, panel: Any, fields: Sequence[Field]) -> None:
        """Replace a panel's fields by ones that depend on data; the first ones start with the URL's values."""
        values = parse_url(self._given, fields).values if fields else {}
        if fields:
            self._given = {}
        panel.set_fields(fields, values)

    def values(self) -> dict[str, Any]:
        """Current values of all fields, for what is computed only on demand.

        A cell that reads them here does not run again with every move of a slider.
        """
        return {**self.state.values, **{name: value for panel in self._panels for name, value in panel.values.items()}}


def status(text: str, style: str = "plain") -> Any:
    """A status line: a sentence in a polite live region, read aloud when it changes. ``style``: plain, good, bad."""
    import marimo as mo

    sign = {"plain": "", "good": "✓ ", "bad": "✗ "}[style]  # not by colour alone
    return mo.Html(f'<p class="lab-verdict {style}" role="status" aria-live="polite">{sign}{escape(text)}</p>')


def attempt(function: Callable[[], Any]) -> tuple[Any, str]:
    """(result, ""), or (None, message) where the function raises: any error becomes one line on the page."""
    try:
        return function(), ""
    except BadInput as error:
        return None, str(error)
    except Exception as error:
        return None, say("lab_pages.unexpected", error=f"{type(error).__name__}: {error}"[:200])


def collapsible(title: str, *inside: Any, opened: bool = True) -> str:
    """A collapsible section whose heading is the message ``title``; on a narrow screen it starts closed."""
    parts = "".join(f"{one}" for one in inside)  # formatting renders a widget
    return f"<details{' open' if opened else ''}><summary>{escape(say(title))}</summary>{parts}</details>"


def section(title: str, *parts: str) -> Any:
    """A section of the page as a marimo element: a heading (none for ``""``), then HTML."""
    import marimo as mo

    heading = f"<h2>{escape(title)}</h2>" if title else ""
    return mo.Html(f'<div class="lab-part">{heading}{"".join(parts)}</div>')
