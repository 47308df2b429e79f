"""The report people read: the verdict in words, pictures, one HTML page; the views of objects in notebooks."""

from .notebook import view
from .page import page
from .sentences import advice, explanation, headline, model_scores

__all__ = ["advice", "explanation", "headline", "model_scores", "page", "view"]
