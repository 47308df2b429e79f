"""`Array`: the annotation for a NumPy array of any shape and dtype; docstrings give shapes and units."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
