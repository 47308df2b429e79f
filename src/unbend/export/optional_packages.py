"""`require_package`: imports a package that only some targets need, or raises an error on how to install it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..errors import ModelError


def require_package(name: str, extra: str = "") -> Any:
    """The package, imported. Raises ``ModelError`` saying how to install it where it is missing."""
    try:
        return import_module(name)
    except ImportError:
        wanted = f"'unbend[{extra}]'" if extra else name
        raise ModelError("export.package_missing", package=name, wanted=wanted) from None
