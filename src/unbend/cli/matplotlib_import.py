"""`import_matplotlib`: on another thread, while compiled code runs; the report wants it later."""

from __future__ import annotations

import contextlib
import threading


def import_matplotlib() -> None:
    """Begin to import Matplotlib's figures and SVG backend; a failure shows where the report is drawn."""

    def work() -> None:
        with contextlib.suppress(Exception):
            import matplotlib.backends.backend_svg
            import matplotlib.figure  # noqa: F401

    threading.Thread(target=work, name="import matplotlib").start()
