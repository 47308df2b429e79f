"""Export buttons: a file made in Python is copied to the clipboard or saved by the browser."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import traitlets

from ..errors import BadInput
from ..words import say
from .view import View

FileMaker = Callable[[], tuple[str, bytes]]  # returns the file's name and its bytes


class ExportButtons(View, module="export_buttons"):
    """Buttons that export files, each made when its button is clicked.

    Parameters
    ----------
    makers : mapping of {str: callable}
        Text of the button -> function without arguments that returns (file name, bytes). A ``BadInput`` raised by the
        function is shown as text.
    copied : collection of str, default ()
        Texts of the buttons that copy to the clipboard instead of saving a file.

    Attributes
    ----------
    buttons : list of str
        Trait: the texts of the buttons.
    """

    buttons: traitlets.List[str] = traitlets.List().tag(sync=True)
    texts: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)

    def __init__(self, makers: Mapping[str, FileMaker], copied: Collection[str] = ()) -> None:
        self._makers, self._copied = dict(makers), copied
        super().__init__(
            buttons=list(makers), texts={key: say(f"lab.export_{key}") for key in ("copied", "saved", "failed")}
        )
        self.on_msg(self._handle_message)

    def _handle_message(self, _: Any, content: Any, buffers: Any) -> None:
        button = str(content.get("ask")) if isinstance(content, dict) else ""
        maker = self._makers.get(button)
        if maker is None:
            return
        try:
            name, data = maker()
        except BadInput as error:
            self.send({"problem": str(error)})
        else:
            self.send({"name": name, "copy": button in self._copied}, buffers=[data])
