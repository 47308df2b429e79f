"""Networks for other programs, and networks from them."""

from .onnx_read import from_onnx
from .sklearn_in import from_sklearn
from .torch_modules import state_dict, to_torch
from .torch_read import from_torch
from .write import TARGETS, export, exported

__all__ = ["TARGETS", "export", "exported", "from_onnx", "from_sklearn", "from_torch", "state_dict", "to_torch"]
