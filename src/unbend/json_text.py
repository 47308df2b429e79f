"""JSON as this package writes it: UTF-8 text, numbers in full, and null where a number is not finite.

JSON has no NaN and no infinity (RFC 8259, section 6).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any


def finite(value: Any) -> Any:
    """The value with every float that is NaN or infinite replaced by None, inside dicts, lists and tuples too."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def dumps(value: Any, indent: int | None = None) -> str:
    """The value as JSON text (without a newline at its end); ``indent`` as in ``json.dumps``.

    Raises ``TypeError`` where something in it has no form in JSON.
    """
    return json.dumps(finite(value), ensure_ascii=False, allow_nan=False, indent=indent)
