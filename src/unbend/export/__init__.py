"""Networks for other programs, and networks from them."""

from .onnx_read import from_onnx
from .write import TARGETS, export, exported

__all__ = ["TARGETS", "export", "exported", "from_onnx"]
