"""Networks in files: safetensors for the numbers, JSON in its header for the rest; or JSON alone (``json_file``).

Nothing in a file can run. Format ``unbend.network``, version 1. Tensors ``0.W`` (inputs, outputs), ``0.b`` (outputs,),
``1.W``, …; the header's metadata has ``unbend``: a JSON object {"format", "version", "activations": [name or formula],
"extra": anything}.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..activations import Activation, activation
from ..arrays import Array
from ..errors import FormulaError, ModelError
from .json_file import from_json, read_object, to_json
from .network import Network

FORMAT, VERSION = "unbend.network", 1
# what reading a damaged file may raise
_DAMAGES = (KeyError, TypeError, AttributeError, ArithmeticError, ValueError, RecursionError, OSError, MemoryError)


def save(net: Network, path: str | Path, extra: dict[str, Any] | None = None) -> Path:
    """Write the network to ``path``: first under a temporary name, then renamed, so that no half file is left.

    A name that ends in ``.json`` makes it JSON text, any other safetensors: the same numbers, bit by bit. ``extra`` is
    any JSON object kept beside them. Raises ``ModelError`` where it cannot be written or a number is not finite.
    """
    return write_file(path, as_json(net, extra) if is_json(path) else as_tensors(net, extra))


def as_json(net: Network, extra: dict[str, Any] | None = None) -> str:
    """The text that ``save`` writes to a ``.json`` file."""
    _keepable(net)
    return to_json(net, {"format": FORMAT, "version": VERSION}, extra or {})


def as_tensors(net: Network, extra: dict[str, Any] | None = None) -> bytes:
    """The bytes that ``save`` writes to a ``.safetensors`` file."""
    _keepable(net)
    names = [layer.activation.name for layer in net.layers]
    head = {"format": FORMAT, "version": VERSION, "activations": names, "extra": extra or {}}
    return described_tensors(net.parameters, head)


def described_tensors(arrays: Mapping[str, Array], description: Mapping[str, Any]) -> bytes:
    """A safetensors file's bytes: arrays by name with their ``description``, a JSON object."""
    from safetensors.numpy import save as to_bytes

    tensors = {name: np.ascontiguousarray(a) for name, a in arrays.items()}
    return to_bytes(tensors, metadata={"unbend": json.dumps(description, ensure_ascii=False)})


def to_file(path: str | Path, arrays: Mapping[str, Array], description: Mapping[str, Any]) -> Path:
    """Write ``described_tensors`` to a file, whole or not at all."""
    return write_file(path, described_tensors(arrays, description))


def _keepable(net: Network) -> None:
    _finite(net)
    for layer in net.layers:
        if not _readable(layer.activation):
            raise ModelError("network.own_record", name=layer.activation.name)


def load(path: str | Path) -> Network:
    """Read a network that ``save`` wrote. Raises ``ModelError`` naming what is wrong with a file that is not one."""
    return load_with_extra(path)[0]


def load_with_extra(path: str | Path) -> tuple[Network, dict[str, Any]]:
    """The network and the ``extra`` object it was saved with."""
    with reading(path) as place:
        net, extra = _read_json(place) if is_json(place) else _read_tensors(place)
    _finite(net)
    return net, extra


@contextmanager
def reading(path: str | Path, damaged: str = "network.not_a_model") -> Iterator[Path]:
    """Whatever goes wrong while a file is read comes out as ``ModelError``: the message ``damaged`` where nothing
    better is known."""  # fmt: skip
    from safetensors import SafetensorError

    place = Path(path)
    try:
        if not place.is_file():
            raise ModelError("network.no_such_model", path=place)
        yield place
    except ModelError:
        raise
    except (SafetensorError, *_DAMAGES) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(damaged, path=place, reason=reason[:120]) from error


def is_json(path: str | Path) -> bool:
    """Whether the name says that the file is JSON text."""
    return Path(path).suffix.lower() == ".json"


def _read_json(place: Path) -> tuple[Network, dict[str, Any]]:
    found = read_object(place.read_text(encoding="utf-8"))
    extra = _described(found, place)
    return from_json(found), extra


def check_head(description: Any, place: Path, kind: str = FORMAT, version: int = VERSION) -> None:
    """Raises ``ModelError`` where a description's format and version are not these."""
    found, number = description.get("format"), description.get("version")
    if found != kind:
        raise ModelError("network.other_format", path=place, got=str(found)[:40], wanted=kind)
    if type(number) is not int or number != version:
        raise ModelError("network.other_version", path=place, got=str(number)[:40], known=version)


def _described(description: Any, place: Path) -> dict[str, Any]:
    """The extra object of a description whose format and version are this one's."""
    check_head(description, place)
    extra = description.get("extra", {})
    if not isinstance(extra, dict):
        raise TypeError("extra is an object")
    return extra


def _read_tensors(place: Path) -> tuple[Network, dict[str, Any]]:
    from safetensors import safe_open

    # the header's lengths and shapes are checked against the file's size before anything is read
    with safe_open(place, framework="numpy") as file:
        description = json.loads((file.metadata() or {})["unbend"])
        extra, names = _described(description, place), description["activations"]
        if not isinstance(names, list):
            raise TypeError("activations are a list")
        wanted = {f"{i}.{part}" for i in range(len(names)) for part in ("W", "b")}
        if set(file.keys()) != wanted:
            raise ModelError("network.other_tensors", path=place, got=", ".join(sorted(file.keys())[:6]))
        arrays = [(file.get_tensor(f"{i}.W"), file.get_tensor(f"{i}.b")) for i in range(len(names))]
    return Network.from_arrays(arrays, names), extra


def _finite(net: Network) -> None:
    for name, array in net.parameters.items():
        if not np.isfinite(array).all():
            raise ModelError("network.not_finite", name=name)


def _readable(record: Activation) -> bool:
    """Whether the record's name alone, which the file keeps, gives the record back."""
    try:
        return activation(record.name) == record
    except FormulaError:
        return False


def write_file(path: str | Path, content: bytes | str) -> Path:
    """Write a whole file or nothing: to a temporary name in the same folder, synced, then renamed, the folder synced.

    Raises ``ModelError`` where the place cannot be written (no folder, no right, no room).
    """
    place = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = ""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{place.name[:40]}.", dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, place)
        _sync_folder(place.parent)
    except BaseException as error:  # an interruption, too, leaves nothing behind
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        if not isinstance(error, OSError):
            raise
        raise ModelError("network.cannot_write", path=place, reason=error.strerror or str(error)) from error
    return place


def _sync_folder(folder: Path) -> None:
    """The file's new name on the disk, too; Windows, where folders cannot be opened, sees to it on its own."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
