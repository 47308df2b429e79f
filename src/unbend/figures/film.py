"""`film`: writes an animation of pieces, such as during training, one frame per network, as animated GIF or PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import BadInput
from ..geometry import Regions, regions
from ..network import Network
from ..words import say
from .canvas import figure_with_axes, label_axes
from .regions import add_pieces


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
    """Draw every network's pieces on the same rectangle and write the frames as one animation.

    Parameters
    ----------
    nets : sequence of Network
        The networks, one per frame, such as the checkpoints of a training run.
    path : str or Path
        File to write, ending in .gif, or in .png or .apng for an animated PNG.
    box, plane : optional
        The rectangle, as in :func:`unbend.regions`.
    data : array-like of shape (n, 2), optional
        Points shown in every frame.
    captions : sequence of str, optional
        One text per frame; by default its number.
    output : int, default 0
        The output whose slope gives the colours.
    seconds : float, default 0.5
        How long each frame is shown.

    Returns
    -------
    list of int
        The number of pieces in each frame.

    Raises
    ------
    BadInput
        If ``nets`` is empty, the file has another ending, or the slice is no rectangle.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import unbend as ub
    >>> nets = [ub.Network([ub.Dense(2, 4, "relu"), ub.Dense(4, 1)], seed=k) for k in range(2)]
    >>> counts = ub.film(nets, pathlib.Path(tempfile.mkdtemp()) / "pieces.gif")
    >>> len(counts)
    2
    """
    from PIL import Image

    target = Path(path)
    if target.suffix.lower() not in (".gif", ".png", ".apng") or not len(nets):
        raise BadInput("geometry.film", got=target.name, count=len(nets))
    frames, counts = [], []
    for k, net in enumerate(nets):
        pieces = regions(net, box=box, plane=plane)
        if not isinstance(pieces, Regions):
            raise BadInput("geometry.picture_rectangle")
        figure, axes = figure_with_axes((5.2, 4.8), dpi=100)
        add_pieces(axes, pieces, output)
        if data is not None:
            points = np.asarray(data, dtype=np.float64)
            axes.scatter(points[:, 0], points[:, 1], s=8, color="black", alpha=0.6, zorder=3)
        caption = captions[k] if captions is not None else say("geometry.picture_number", number=k + 1, all=len(nets))
        title = f"{caption} · {say('geometry.picture_pieces', count=f'{pieces.count:,}')}"
        label_axes(axes, "x1" if net.inputs == 2 else "u", "x2" if net.inputs == 2 else "v", title)
        figure.canvas.draw()
        frames.append(Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB"))  # type: ignore[attr-defined]
        counts.append(pieces.count)
    target.parent.mkdir(parents=True, exist_ok=True)
    frames[0].save(target, format="GIF" if target.suffix.lower() == ".gif" else "PNG", save_all=True,
                   append_images=frames[1:], duration=int(1000 * seconds), loop=0)  # fmt: skip
    return counts
