"""The report people read: the verdict in words, pictures, one HTML page; the views of objects in notebooks."""

from .notebook import view
from .page import page
from .sentences import advice, explanation, headline, side_numbers

__all__ = ["advice", "explanation", "headline", "page", "side_numbers", "view"]
