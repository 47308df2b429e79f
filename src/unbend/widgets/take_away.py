"""Buttons that hand something on: copied to the clipboard, or saved as a file by the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets

from ..errors import BadInput
from ..words import say
from .view import View

Maker = Callable[[], tuple[str, bytes]]  # the file's name and its bytes, made when asked for


class TakeAway(View, module="take_away"):
    """``makers``: what a button says → what makes its file; a name that ends in .py is copied instead of saved."""

    buttons: traitlets.List[str] = traitlets.List().tag(sync=True)
    texts: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)

    def __init__(self, makers: Mapping[str, Maker]) -> None:
        self._makers = dict(makers)
        super().__init__(
            buttons=list(makers), texts={key: say(f"lab.take_{key}") for key in ("copied", "saved", "failed")}
        )
        self.on_msg(self._asked)

    def _asked(self, _: Any, content: Any, buffers: Any) -> None:
        maker = self._makers.get(str(content.get("ask"))) if isinstance(content, dict) else None
        if maker is None:
            return
        try:
            name, data = maker()
        except BadInput as problem:
            self.send({"problem": str(problem)})
        else:
            self.send({"name": name}, buffers=[data])
