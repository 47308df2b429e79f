"""A font of this system that has Hangul, for pictures with Korean captions."""

from __future__ import annotations

import logging
from functools import cache

# what systems commonly have, the plainest first
_KNOWN = (
    "Noto Sans KR", "Noto Sans CJK KR", "NanumGothic", "NanumBarunGothic", "Malgun Gothic", "Apple SD Gothic Neo",
    "AppleGothic", "Source Han Sans KR", "UnDotum", "Baekmuk Gulim", "NanumSquare",
)  # fmt: skip


@cache
def hangul_family() -> str | None:
    """The name of an installed font family with Hangul, or None."""
    from matplotlib import font_manager

    installed = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist}
    for name in [*(n for n in _KNOWN if n in installed), *(n for n in installed if n not in _KNOWN)]:
        if ord("가") in font_manager.get_font(installed[name]).get_charmap():
            return name
    return None


def family() -> list[str]:
    """Font families to draw text in, first choice first; signs that one lacks are taken from the next."""
    # it would say on stderr that the Hangul font has no bold, which is no news to anybody
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    hangul = hangul_family()
    return ["DejaVu Sans", hangul] if hangul else ["DejaVu Sans"]
