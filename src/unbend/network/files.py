"""`save`, `load`: networks in files: safetensors with a JSON header, or JSON alone (``json_file``).

Nothing in a file can run. Format ``unbend.network``, version 1. Tensors ``0.W`` (inputs, outputs), ``0.b`` (outputs,),
``1.W``, …; the header's metadata has ``unbend``: a JSON object {"format", "version", "activations": [name or formula],
"extra": anything}.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from ..activations import Activation, activation
from ..errors import FormulaError, ModelError
from ..file_access import check_header, reading, tensors_with_header, write_file
from .json_file import from_json, read_object, to_json
from .network import Network

FORMAT, VERSION = "unbend.network", 1


def save(net: Network, path: str | Path, extra: dict[str, Any] | None = None) -> Path:
    """Write a network to a file, atomically: a half-written file is never left.

    Parameters
    ----------
    net : Network
    path : str or Path
        A name that ends in ``.json`` makes it JSON text, any other safetensors: the same numbers, bit by bit.
    extra : dict, optional
        Any JSON object to be stored beside the network.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    ModelError
        Where the file cannot be written, a number is not finite, or an activation is a record of the user's own,
        which the file could not describe.

    Examples
    --------
    >>> import tempfile, unbend as ub
    >>> net = ub.Network([ub.Dense(2, 3, "tanh"), ub.Dense(3, 1)])
    >>> ub.load(ub.save(net, tempfile.mkdtemp() + "/model.safetensors"))
    Network(2-3-1; tanh, identity; float32)
    """
    return write_file(path, as_json(net, extra) if is_json(path) else as_tensors(net, extra))


def load(path: str | Path) -> Network:
    """Read a network that `save` wrote; of a table model the network alone (`unbend.load` gives the model).

    Parameters
    ----------
    path : str or Path
        A ``.json`` file, or a safetensors file under any other name.

    Returns
    -------
    Network
        The same numbers, bit by bit, and the same dtype.

    Raises
    ------
    ModelError
        Naming what is wrong with a file that is not such a network, or not there.
    """
    return load_with_extra(path)[0]


def load_with_extra(path: str | Path) -> tuple[Network, dict[str, Any]]:
    """The network and the ``extra`` object it was saved with. Raises ``ModelError``."""
    with reading(path) as place:
        net, extra = _read_json(place) if is_json(place) else _read_tensors(place)
    _check_finite(net)
    return net, extra


def as_json(net: Network, extra: dict[str, Any] | None = None) -> str:
    """The text that ``save`` writes to a ``.json`` file."""
    _check_storable(net)
    return to_json(net, {"format": FORMAT, "version": VERSION}, extra or {})


def as_tensors(net: Network, extra: dict[str, Any] | None = None) -> bytes:
    """The bytes that ``save`` writes to a ``.safetensors`` file."""
    _check_storable(net)
    names = [layer.activation.name for layer in net.layers]
    header = {"format": FORMAT, "version": VERSION, "activations": names, "extra": extra or {}}
    return tensors_with_header(net.parameters, header)


def is_json(path: str | Path) -> bool:
    """Whether the name says that the file is JSON text."""
    return Path(path).suffix.lower() == ".json"


def _read_json(path: Path) -> tuple[Network, dict[str, Any]]:
    content = read_object(path.read_text(encoding="utf-8"))
    extra = _checked_extra(content, path)
    return from_json(content), extra


def _read_tensors(path: Path) -> tuple[Network, dict[str, Any]]:
    from safetensors import safe_open

    # the header's lengths and shapes are checked against the file's size before anything is read
    with safe_open(path, framework="numpy") as file:
        header = json.loads((file.metadata() or {})["unbend"])
        extra, names = _checked_extra(header, path), header["activations"]
        if not isinstance(names, list):
            raise TypeError("activations are a list")
        wanted = {f"{i}.{part}" for i in range(len(names)) for part in ("W", "b")}
        if set(file.keys()) != wanted:
            raise ModelError("network.other_tensors", path=path, got=", ".join(sorted(file.keys())[:6]))
        arrays = [(file.get_tensor(f"{i}.W"), file.get_tensor(f"{i}.b")) for i in range(len(names))]
    return Network.from_arrays(arrays, names), extra


def _checked_extra(header: Any, path: Path) -> dict[str, Any]:
    """The extra object of a header whose format and version are this module's."""
    check_header(header, path, FORMAT, VERSION)
    extra = header.get("extra", {})
    if not isinstance(extra, dict):
        raise TypeError("extra is an object")
    return extra


def _check_storable(net: Network) -> None:
    _check_finite(net)
    for layer in net.layers:
        if not _is_named(layer.activation):
            raise ModelError("network.own_record", name=layer.activation.name)


def _check_finite(net: Network) -> None:
    for name, array in net.parameters.items():
        if not np.isfinite(array).all():
            raise ModelError("network.not_finite", name=name)


def _is_named(record: Activation) -> bool:
    """Whether the record's name, which is all the file stores of it, gives the record back."""
    try:
        return activation(record.name) == record
    except FormulaError:
        return False
