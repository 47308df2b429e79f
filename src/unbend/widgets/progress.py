"""A progress bar with a stop button, polled by the browser while the work runs."""

from __future__ import annotations

from typing import Any

import traitlets

from .view import View


class Progress(View, module="progress"):
    """A progress bar with a stop button.

    The browser increments ``tick`` while ``running``: an observer of ``tick`` updates the bar, and sets ``running`` to
    False when the work has ended.

    Parameters
    ----------
    label : str
        Text of the stop button.
    **options
        Initial values of the traits.

    Attributes
    ----------
    share : float
        Trait: fraction done, 0 to 1.
    text : str
        Trait: description of the current step.
    running : bool
        Trait: whether the bar is shown and ``tick`` counts.
    tick : int
        Trait: counts up while running.
    stops : int
        Trait: number of clicks on the stop button.
    """

    share = traitlets.Float(0.0).tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    running = traitlets.Bool(False).tag(sync=True)
    tick = traitlets.Int(0).tag(sync=True)
    stops = traitlets.Int(0).tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label=label, **options)
