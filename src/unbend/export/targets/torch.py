"""`to_state_dict_file`: a network as a PyTorch file, its ``state_dict`` as ``torch.save`` writes it."""

from __future__ import annotations

import io

from ..export_model import ExportModel
from ..optional_packages import require_package
from ..pytorch.modules import to_torch
from .target import Target


def to_state_dict_file(model: ExportModel, name: str) -> bytes:
    """The bytes of a file with the network's ``state_dict``. Raises ``ModelError`` where torch is not installed."""
    torch = require_package("torch")
    stream = io.BytesIO()
    torch.save(to_torch(model.network).state_dict(), stream)
    return stream.getvalue()


TARGET = Target(
    name="torch",
    title="PyTorch state_dict",
    endings=(".pt", ".pth"),
    write=to_state_dict_file,
    is_text=False,
    package="torch",
)
