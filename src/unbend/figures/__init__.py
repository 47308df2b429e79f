"""Pictures: network diagrams, pieces and graphs of networks, films, fits, and the article's figures."""

from .article_figures import PICTURES, draw, make_figures, save
from .diagram import diagram
from .film import film
from .function import draw_function
from .regions import draw_regions
from .scene import Scene
from .words import draw_words

__all__ = [
    "PICTURES",
    "Scene",
    "diagram",
    "draw",
    "draw_function",
    "draw_regions",
    "draw_words",
    "film",
    "make_figures",
    "save",
]
