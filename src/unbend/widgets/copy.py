"""A button that copies a text, such as the Python code of what a page shows."""

from __future__ import annotations

from typing import Any

import traitlets

from .view import View


class Copy(View, module="copy"):
    """``text`` goes to the clipboard; ``label`` stands on the button, ``copied`` is said when it is done."""

    text = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    copied = traitlets.Unicode().tag(sync=True)

    def __init__(self, text: str, label: str, copied: str, **options: Any) -> None:
        super().__init__(text=text, label=label, copied=copied, **options)
