"""``export``: a model as a file of another kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ModelError
from ..network import Network
from ..network.file_access import write_file
from ..network.files import as_json, as_tensors
from .carried import Carried, carried


@dataclass(frozen=True)
class Target:
    """A kind of file: its endings, and whether it is text."""

    endings: tuple[str, ...]
    text: bool = True


TARGETS: Mapping[str, Target] = {
    "onnx": Target((".onnx",), text=False),
    "c": Target((".c",)),
    "js": Target((".js", ".mjs")),
    "json": Target((".json",)),
    "python": Target((".py",)),
    "torch": Target((".pt", ".pth"), text=False),
    "safetensors": Target((".safetensors",), text=False),
}


def export(
    model: Any, path: str | Path, to: str | None = None, *, classes: Sequence[Any] | None = None, opset: int = 17
) -> Path:
    """Write a model for another program, whole or not at all; the path.

    ``model``: a ``Network``, the ``Result`` of ``fit`` or its table model. ``to``: ``"onnx"``, ``"c"`` (C99), ``"js"``
    (an ES module), ``"python"`` (the standard library alone), ``"json"``, ``"safetensors"`` or ``"torch"`` (a
    ``state_dict``); by default the ending of ``path`` decides. ``classes`` gives the outputs of a bare network labels,
    so that the exported code gives probabilities too. ``opset``: ONNX's, from 17.

    Scales are part of a network's first and last layer; a table model of numbers also fills missing values (NaN) as in
    training, any other takes encoded columns, and says their names and order. C counts in the network's dtype;
    JavaScript and Python in doubles, rounding weights and each layer's values to float32 where that is the dtype.
    Raises ``ModelError``.
    """
    if to is None:
        ending = Path(path).suffix.lower()
        to = next((name for name, target in TARGETS.items() if ending in target.endings), None)
        if to is None:
            known = ", ".join(target.endings[0] for target in TARGETS.values())
            raise ModelError("export.ending", path=path, known=known)
    return write_file(path, exported(model, to, Path(path).stem, classes=classes, opset=opset))


def exported(
    model: Any, to: str, name: str = "model", *, classes: Sequence[Any] | None = None, opset: int = 17
) -> str | bytes:
    """What ``export`` writes, as text or bytes; ``name`` is what the code calls the model."""
    if to not in TARGETS:
        raise ModelError("export.no_target", got=to, known=", ".join(TARGETS))
    what = carried(model, classes)
    if to == "onnx":
        from .onnx_write import to_onnx

        return to_onnx(what, name, opset)
    if to in ("json", "safetensors"):
        model = getattr(model, "model", model)
        extra = {"classes": list(what.classes)} if what.classes else {}
        kept = extra if isinstance(model, Network) else model.described()
        return as_json(what.network, kept) if to == "json" else as_tensors(what.network, kept)
    if to == "torch":
        from .torch_modules import saved_state

        return saved_state(what.network)
    return _code()[to](what, name)


def _code() -> dict[str, Callable[[Carried, str], str]]:
    from .c_code import to_c
    from .javascript_code import to_javascript
    from .python_code import to_python

    return {"c": to_c, "js": to_javascript, "python": to_python}
