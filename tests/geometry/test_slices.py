"""Boxes and planes: what does not fit is refused."""

from __future__ import annotations

import pytest
from nets import he

import unbend as ub


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"box": [[1, -1], [0, 1]]}, "low < high"),
        ({"box": [[-1, 1]] * 3}, "2 interval"),
        ({"box": "wide"}, "one \\[low, high\\]"),
        ({"plane": ([0, 0], [1, 0], [2, 0]), "box": [[0, 1], [0, 1]]}, "not parallel"),
        ({"plane": ([0, 0, 0], [1, 0, 0])}, "2 finite numbers"),
    ],
)
def test_bad_slices_are_refused_in_words(where: dict[str, object], words: str) -> None:
    with pytest.raises(ub.BadInput, match=words):
        ub.regions(he([2, 20, 20, 1], 0), **where)  # type: ignore[arg-type]
