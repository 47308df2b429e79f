"""`import_in_background`: modules that are wanted later, imported while compiled code runs."""

from __future__ import annotations

import contextlib
import importlib
import threading


def import_in_background(module: str) -> None:
    """Import a module on another thread; a failure shows where the module is used."""

    def work() -> None:
        with contextlib.suppress(Exception):
            importlib.import_module(module)

    threading.Thread(target=work, name=f"import {module}").start()
