"""A film of pieces during training: one picture per network, as animated GIF or PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import BadInput
from ..network import Network
from ..words import say
from .pictures import _figure, _label, draw_on
from .regions import Regions, regions


def film(
    nets: Sequence[Network],
    path: str | Path,
    *,
    box: Any = None,
    plane: Any = None,
    data: Any = None,
    captions: Sequence[str] | None = None,
    output: int = 0,
    seconds: float = 0.5,
) -> list[int]:
    """Draw every network's pieces on the same rectangle and write them as a film; returns the counts of pieces.

    ``path`` ends in .gif or .png (animated PNG). ``captions`` has one text per picture, ``data`` (n, 2) points shown
    in all. Each picture is shown for ``seconds``. Raises ``BadInput`` for another ending or no network.
    """
    from PIL import Image

    place = Path(path)
    if place.suffix.lower() not in (".gif", ".png", ".apng") or not len(nets):
        raise BadInput("geometry.film", got=place.name, count=len(nets))
    frames, counts = [], []
    for k, net in enumerate(nets):
        found = regions(net, box=box, plane=plane)
        if not isinstance(found, Regions):
            raise BadInput("geometry.picture_rectangle")
        figure, axes = _figure((5.2, 4.8))
        figure.set_dpi(100)
        draw_on(axes, found, output)
        if data is not None:
            points = np.asarray(data, dtype=np.float64)
            axes.scatter(points[:, 0], points[:, 1], s=8, color="black", alpha=0.6, zorder=3)
        caption = captions[k] if captions is not None else say("geometry.picture_number", number=k + 1, all=len(nets))
        title = f"{caption} · {say('geometry.picture_pieces', count=f'{found.count:,}')}"
        _label(axes, "x1" if net.inputs == 2 else "u", "x2" if net.inputs == 2 else "v", title)
        figure.canvas.draw()
        frames.append(Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB"))  # type: ignore[attr-defined]
        counts.append(found.count)
    place.parent.mkdir(parents=True, exist_ok=True)
    frames[0].save(place, format="GIF" if place.suffix.lower() == ".gif" else "PNG", save_all=True,
                   append_images=frames[1:], duration=int(1000 * seconds), loop=0)  # fmt: skip
    return counts
