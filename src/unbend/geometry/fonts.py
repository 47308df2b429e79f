"""Font families for pictures: one with Hangul beside the usual one, where this system has it."""

from __future__ import annotations

from functools import cache

_HANGUL = ("Noto Sans KR", "Noto Sans CJK KR", "NanumGothic", "Malgun Gothic", "Apple SD Gothic Neo", "AppleGothic")


@cache
def families() -> list[str]:
    """First choice first; a sign one lacks is taken from the next."""
    from matplotlib import font_manager

    installed = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist}
    for name in [*(n for n in _HANGUL if n in installed), *installed]:
        if ord("가") in font_manager.get_font(installed[name]).get_charmap():
            return ["DejaVu Sans", name]
    return ["DejaVu Sans"]
