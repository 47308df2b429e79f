"""Font families for pictures: DejaVu Sans, then an installed font with Hangul for Korean captions."""

from __future__ import annotations

import logging
from functools import cache

# fonts with Hangul that systems commonly have; the first one installed is taken
_KNOWN = (
    "Noto Sans KR", "Noto Sans CJK KR", "NanumGothic", "NanumBarunGothic", "Malgun Gothic", "Apple SD Gothic Neo",
    "AppleGothic", "Source Han Sans KR", "UnDotum", "Baekmuk Gulim", "NanumSquare",
)  # fmt: skip


@cache
def hangul_family() -> str | None:
    """The name of an installed font family that has glyphs for Hangul, or None."""
    from matplotlib import font_manager

    installed = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist}
    for name in [*(n for n in _KNOWN if n in installed), *(n for n in installed if n not in _KNOWN)]:
        if ord("가") in font_manager.get_font(installed[name]).get_charmap():
            return name
    return None


def family() -> list[str]:
    """Font families to draw text in, in order of preference; a glyph that one lacks is taken from the next."""
    # Matplotlib warns that the Hangul font has no bold weight, which nobody can act on
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    hangul = hangul_family()
    return ["DejaVu Sans", hangul] if hangul else ["DejaVu Sans"]
