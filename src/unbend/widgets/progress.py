"""How far a long piece of work is, with a button that stops it; it asks Python again and again while it runs."""

from __future__ import annotations

from typing import Any

import traitlets

from .view import View


class Progress(View, module="progress"):
    """``share`` (0 to 1) and ``text`` are shown while ``running``; ``tick`` counts on then, ``stops`` with the button.

    Whatever watches ``tick`` looks how far the work is, and sets ``running`` to False when it has ended.
    """

    share = traitlets.Float(0.0).tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    running = traitlets.Bool(False).tag(sync=True)
    tick = traitlets.Int(0).tag(sync=True)
    stops = traitlets.Int(0).tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label=label, **options)
