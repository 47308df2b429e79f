"""Buttons that run, pause, step and reset something; while it runs the browser asks for one more slice at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import traitlets

from ..errors import BadInput
from ..words import say
from .view import View

SLICE = 0.01  # seconds of work between two pictures


class Runner(View, module="runner"):
    """``advance(seconds)`` does a slice of work and returns whether there is more; the browser asks for the next one
    when the last has come, so that nothing piles up and nothing works on when the page is closed. ``act(name)`` is
    told of the other buttons, ``"step"``, ``"reset"`` and ``"keep"``, and of ``"pause"`` whenever it stops.

    ``scores`` are [name, value, value, …] rows under the heads ``heads``; ``message`` is said politely to readers who
    cannot see it.
    """  # fmt: skip

    message = traitlets.Unicode("").tag(sync=True)
    heads: traitlets.List[Any] = traitlets.List().tag(sync=True)
    scores: traitlets.List[Any] = traitlets.List().tag(sync=True)
    buttons: traitlets.List[Any] = traitlets.List().tag(sync=True)
    texts: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        advance: Callable[[float], bool],
        act: Callable[[str], None],
        buttons: tuple[str, ...] = ("step", "reset", "keep"),
    ) -> None:
        self._advance, self._act = advance, act
        super().__init__(
            buttons=list(buttons),
            texts={key: say(f"lab.run_{key}") for key in ("run", "pause", "step", "reset", "keep")},
        )
        self.on_msg(self._asked)

    def _asked(self, _: Any, content: Any, buffers: Any) -> None:
        asked = content.get("ask") if isinstance(content, dict) else None
        if asked == "more":
            began = time.perf_counter()
            more = self._try(lambda: self._advance(SLICE))
            self.send({"more": bool(more), "seconds": time.perf_counter() - began})
        elif asked is not None and asked in (*self.buttons, "pause"):
            self._try(lambda: self._act(asked))

    def _try(self, work: Callable[[], Any]) -> Any:
        """What the work returns; None and a plain line in ``message`` where it fails: the browser waits for one."""
        try:
            return work()
        except BadInput as problem:
            self.message = str(problem)
        except Exception as error:
            self.message = say("lab_pages.unexpected", error=f"{type(error).__name__}: {error}"[:200])
        return None
