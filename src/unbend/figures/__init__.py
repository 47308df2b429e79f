"""The article's pictures, drawn from computed data, and any network's diagram."""

from .diagram import diagram
from .make import PICTURES, draw, make_figures, save
from .scene import Scene

__all__ = ["PICTURES", "Scene", "diagram", "draw", "make_figures", "save"]
