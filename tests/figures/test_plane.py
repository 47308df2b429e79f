"""The coordinate plane: clipping, ticks."""

from __future__ import annotations

import pytest

from unbend.figures.plane import clip, ticks


def test_clip_and_ticks() -> None:
    assert clip((-2, 0), (2, 0), (-1, -1, 1, 1)) == ((-1, 0), (1, 0))
    assert clip((-2, 2), (2, 2), (-1, -1, 1, 1)) is None
    assert clip((0, float("nan")), (1, 1), (-1, -1, 1, 1)) is None
    assert ticks((-0.05, 1.05)) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    for interval in ((0, 1e-7), (-3e8, 5e8), (2.5, 2.6)):
        assert 2 <= len(ticks(interval)) <= 9
