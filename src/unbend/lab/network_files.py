"""A network to take away: as a Python program, and as the files that ``unbend.save`` writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from ..network import Network, save

FILES = ("network.safetensors", "network.json")


def files_of(net: Callable[[], Network]) -> dict[str, Callable[[], bytes]]:
    """What makes each of ``FILES`` when somebody wants it."""
    return {name: lambda name=name: as_file(net(), name) for name in FILES}  # type: ignore[misc]


def as_python(net: Network) -> str:
    """A program that builds the network again, with every number of it."""
    layers = ",\n    ".join(f"({layer.W.tolist()}, {layer.b.tolist()})" for layer in net.layers)
    names = [layer.activation.name for layer in net.layers]
    return (
        "import unbend as ub\n\n"
        f"net = ub.Network.from_arrays([\n    {layers},\n], activations={names!r}, dtype={str(net.dtype)!r})\n"
        f"print(net([{', '.join(['0.5'] * net.inputs)}]))\n"
    )


def as_file(net: Network, name: str) -> bytes:
    """The model file that ``unbend.save`` writes under that name."""
    with TemporaryDirectory() as folder:
        return Path(save(net, Path(folder) / name)).read_bytes()
