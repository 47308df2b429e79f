"""The progress line of ``unbend.fit(..., progress=True)``: text on stderr, in terminals and notebooks alike."""

from __future__ import annotations

import sys
import time

from .progress import Step

WIDTH = 24  # of the bar, characters
INTERVAL = 0.1  # seconds between two updates at least


class ProgressLine:
    """Shows each `Step` on one line that is written over, as tqdm does; ``close`` ends the line."""

    def __init__(self) -> None:
        self._latest, self._length = 0.0, 0

    def __call__(self, step: Step) -> None:
        now = time.monotonic()
        if now - self._latest < INTERVAL and step.share < 1:
            return
        self._latest = now
        filled = round(WIDTH * min(step.share, 1.0))
        self._write(f"{100 * step.share:3.0f} % [{'#' * filled}{'.' * (WIDTH - filled)}] {step.text}")

    def close(self) -> None:
        """Erase the line, so that what is printed next begins on a clean one."""
        self._write("")
        print("\r", end="", file=sys.stderr, flush=True)

    def _write(self, text: str) -> None:
        print(f"\r{text:<{self._length}}", end="", file=sys.stderr, flush=True)
        self._length = len(text)
