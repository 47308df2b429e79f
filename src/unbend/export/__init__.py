"""Networks for other programs, and networks from them."""

from .write import TARGETS, export, exported

__all__ = ["TARGETS", "export", "exported"]
