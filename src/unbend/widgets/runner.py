"""Buttons to run, pause, step and reset a computation; while it runs the browser requests one time slice at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import traitlets

from ..errors import BadInput
from ..words import say
from .view import View

SLICE = 0.01  # seconds of work between two updates


class Runner(View, module="runner"):
    """Buttons to run, pause, step and reset a computation, with a table of scores.

    The browser requests the next time slice when the last one is done, so that requests do not pile up and nothing
    runs on after the page is closed.

    Parameters
    ----------
    advance : callable
        ``advance(seconds)`` computes for a time slice and returns whether there is more to do.
    on_button : callable
        ``on_button(name)`` is called for the other buttons, and with ``"pause"`` whenever the computation pauses.
    buttons : tuple of str, default ("step", "reset", "keep")
        The other buttons.

    Attributes
    ----------
    message : str
        Trait: status line, in a polite live region.
    heads, scores : list
        Traits: table head, and rows [name, value, value, …].
    """

    message = traitlets.Unicode("").tag(sync=True)
    heads: traitlets.List[Any] = traitlets.List().tag(sync=True)
    scores: traitlets.List[Any] = traitlets.List().tag(sync=True)
    buttons: traitlets.List[Any] = traitlets.List().tag(sync=True)
    texts: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        advance: Callable[[float], bool],
        on_button: Callable[[str], None],
        buttons: tuple[str, ...] = ("step", "reset", "keep"),
    ) -> None:
        self._advance, self._on_button = advance, on_button
        super().__init__(
            buttons=list(buttons),
            texts={key: say(f"lab.run_{key}") for key in ("run", "pause", "step", "reset", "keep")},
        )
        self.on_msg(self._handle_message)

    def _handle_message(self, _: Any, content: Any, buffers: Any) -> None:
        request = content.get("ask") if isinstance(content, dict) else None
        if request == "more":
            start = time.perf_counter()
            more = self._attempt(lambda: self._advance(SLICE))
            self.send({"more": bool(more), "seconds": time.perf_counter() - start})
        elif request is not None and request in (*self.buttons, "pause"):
            self._attempt(lambda: self._on_button(request))

    def _attempt(self, function: Callable[[], Any]) -> Any:
        """The function's result; None and an error in ``message`` where it fails: the browser waits for an answer."""
        try:
            return function()
        except BadInput as error:
            self.message = str(error)
        except Exception as error:
            self.message = say("lab_pages.unexpected", error=f"{type(error).__name__}: {error}"[:200])
        return None
