"""Numbers as the report and the views write them."""

from __future__ import annotations

import numpy as np


def percent(fraction: float) -> str:
    """0.123 as 12.3 %: three digits, no exponent; "−∞" where there is no bound."""
    if fraction == float("-inf"):
        return "−∞"
    value = 100 * fraction
    text = f"{value:.3g}" if abs(value) < 999.5 else f"{value:,.0f}"
    if abs(value) < 1e-4:
        text = "0"
    return f"{text}\N{NO-BREAK SPACE}%".replace("-", "−")


def p_value(value: float, name: str = "") -> str:
    """Two significant digits, "< 0.001" where it is less; after its ``name``: "p = 0.012"."""
    text = "< 0.001" if value < 0.001 else f"= {value:.2g}"
    return (f"{name} {text}" if name else text.removeprefix("= ")).replace(" ", "\N{NO-BREAK SPACE}")


def number(value: float) -> str:
    """Four significant digits, all digits before the point; an exponent only below 1e-4 and from 1e7."""
    return _plain(value).replace("-", "−")


def interval(low: float, high: float) -> str:
    """Both ends of an interval of fractions, in percent."""
    return f"[{percent(low)},\N{NO-BREAK SPACE}{percent(high)}]"


def _plain(value: float) -> str:
    size = abs(value)
    if value == 0 or not np.isfinite(value):
        return f"{value:g}"
    if not 1e-4 <= size < 1e7:
        return f"{value:.3e}"
    if size >= 1e3:
        return f"{value:,.0f}"
    text = f"{value:.{3 - int(np.floor(np.log10(size)))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
