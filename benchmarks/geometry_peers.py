"""Other tools in the same run, where they are installed: regioncam (pieces), auto_LiRPA (bounds)."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import unbend as ub
from unbend.geometry.mesh import vertex_order
from unbend.geometry.mesh.scaled_layers import ScaledLayer


def seconds(call: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """The median time of several calls after one to warm up (none for a single one), and the last result."""
    result = call() if repeats > 1 else None
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - began)
    return float(np.median(times)), result


def regioncam(net: ub.Network) -> Callable[[], int] | None:
    """A call that counts the faces on [-1, 1]² with regioncam, which works in float32."""
    try:
        import regioncam as tool
    except ImportError:
        return None

    def call() -> int:
        cam = tool.Regioncam(size=1.0)
        for i, (W, b) in enumerate(net.arrays):
            cam.linear(np.ascontiguousarray(W, dtype=np.float32), np.ascontiguousarray(b, dtype=np.float32))
            if i < len(net.layers) - 1:
                cam.relu()
        return int(cam.num_faces)

    return call


def float_only(net: ub.Network) -> Callable[[], int]:
    """The same splitting without error bounds or exact arithmetic: what proof costs is the difference."""

    def call() -> int:
        tolerance, runs = ScaledLayer.tolerance, vertex_order._runs
        ScaledLayer.tolerance = lambda self, error, size: np.full(self.hyperplanes, 1e-300)  # type: ignore[method-assign]
        vertex_order._runs = lambda close: []
        try:
            return int(ub.regions(net).count)
        finally:
            ScaledLayer.tolerance, vertex_order._runs = tolerance, runs  # type: ignore[method-assign]

    return call


def lirpa(net: ub.Network, method: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Output bounds on [-1, 1]² by auto_LiRPA: ``"IBP"`` (intervals) or ``"CROWN"``, in float64."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import torch
            from auto_LiRPA import BoundedModule, BoundedTensor, PerturbationLpNorm
    except ImportError:
        return None
    torch.set_default_dtype(torch.float64)
    modules: list[Any] = []
    for i, (W, b) in enumerate(net.arrays):
        linear = torch.nn.Linear(*W.shape)
        linear.weight.data, linear.bias.data = torch.tensor(W.T.copy()), torch.tensor(b.copy())
        modules += [linear, torch.nn.ReLU()] if i < len(net.layers) - 1 else [linear]
    middle = torch.zeros(1, net.inputs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bounded = BoundedModule(torch.nn.Sequential(*modules), middle, device="cpu")
        box = PerturbationLpNorm(norm=np.inf, x_L=middle - 1, x_U=middle + 1)
        low, high = bounded.compute_bounds(x=(BoundedTensor(middle, box),), method=method)
    return low.detach().numpy()[0], high.detach().numpy()[0]
