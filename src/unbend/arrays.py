"""The array type that annotations name: a NumPy array of any shape and dtype. Shapes and units stand in docstrings."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
