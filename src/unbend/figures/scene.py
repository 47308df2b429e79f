"""`Scene`: a drawing as a sequence of shapes, written as SVG by this package and as PNG by Matplotlib."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import BadInput
from .shapes import Shape
from .svg import to_svg


@dataclass(frozen=True)
class Scene:
    """Shapes on a white sheet.

    Attributes
    ----------
    width, height : float
        Size of the sheet in pixels.
    shapes : tuple of Shape
        The shapes in drawing order: later ones cover earlier ones.
    title : str
        The title a screen reader reads.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str = ""

    def svg(self) -> str:
        """The drawing as the text of an SVG file."""
        return to_svg(self.shapes, self.width, self.height, self.title)

    def _repr_svg_(self) -> str:
        return self.svg()

    def save(self, path: str | Path) -> Path:
        """Write the drawing to a file.

        Parameters
        ----------
        path : str or Path
            File to write, ending in .svg or .png.

        Returns
        -------
        Path
            The path.

        Raises
        ------
        BadInput
            If the file has another ending.
        """
        target = Path(path)
        if target.suffix == ".svg":
            target.write_text(self.svg(), encoding="utf-8")
        elif target.suffix == ".png":
            from .png import to_png

            to_png(self.shapes, self.width, self.height, target)
        else:
            raise BadInput("figures.ending", got=target.suffix or target.name)
        return target
