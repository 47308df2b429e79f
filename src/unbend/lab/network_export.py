"""A network's files for download: `file_writers` for formats that need no further package, `as_python` for code."""

from __future__ import annotations

from collections.abc import Callable

from ..export import TARGETS, exported
from ..network import Network

_TARGET_OF = {f"network{target.endings[0]}": target.name for target in TARGETS.values() if not target.package}
FILES = tuple(_TARGET_OF)


def file_writers(net: Callable[[], Network]) -> dict[str, Callable[[], bytes]]:
    """{name: function that returns the file's bytes} for each of ``FILES``."""
    return {name: lambda name=name: file_bytes(net(), name) for name in FILES}  # type: ignore[misc]


def as_python(net: Network) -> str:
    """Python code that builds the network with all its weights."""
    layers = ",\n    ".join(f"({layer.W.tolist()}, {layer.b.tolist()})" for layer in net.layers)
    names = [layer.activation.name for layer in net.layers]
    return (
        "import unbend as ub\n\n"
        f"net = ub.Network.from_arrays([\n    {layers},\n], activations={names!r}, dtype={str(net.dtype)!r})\n"
        f"print(net([{', '.join(['0.5'] * net.inputs)}]))\n"
    )


def file_bytes(net: Network, name: str) -> bytes:
    """The bytes that ``unbend.export`` writes to a file of this name."""
    content = exported(net, _TARGET_OF[name], "network")
    return content.encode() if isinstance(content, str) else content
