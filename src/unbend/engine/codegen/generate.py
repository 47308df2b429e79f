"""`kernel_text`: the source of a kernel file, code printed from a network's records and then the kernel modules.

A kernel module (such as ``small/kernel.py``) imports what depends on the network from ``stubs.py``. Here these slots
are filled, each by its name, and the modules' text follows. One file serves every depth and width: it depends only on
which activations occur, on the loss, the optimizer and the float type. It is plain Python to read.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cache
from importlib.util import resolve_name

import numpy as np

from ...activations import Activation
from ...kernels.sources import body, module_text, plain_imports
from ...network.losses import Loss
from ...network.optimizers import BETAS, Optimizer, optimizers
from .formulas import called, vector_statements

_PACKAGE = "unbend.engine"
_STUBS = f"{_PACKAGE}.codegen.stubs"

# the functions that printed formulas may call, by module
VECTOR_FUNCTIONS = {
    f"{_PACKAGE}.simd.elementary": ("exp", "expm1", "log", "log1p", "tanh"),
    f"{_PACKAGE}.simd.error_function": ("cbrt", "erf", "erfc"),
    f"{_PACKAGE}.simd.functions": (
        "absolute", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "cos", "cosh", "floor",
        "maximum", "minimum", "power", "sign", "sin", "sinh", "sqrt", "tan", "where",
    ),
}  # fmt: skip
# what the printed code needs beside them
_ALWAYS = {
    "typing": ("Any",),
    "unbend.kernels.compiling": ("array_types", "compiled_once", "entry_points", "inlined"),
    "unbend.kernels.vector": ("broadcast", "load", "store", "zero_vector"),
}


@dataclass(frozen=True)
class KernelSpec:
    """What a kernel is specialized to: records, float type, and the lanes of a SIMD vector."""

    activations: tuple[Activation, ...]
    loss: Loss | None
    optimizer: Optimizer | None
    dtype: str
    lanes: int


@dataclass(frozen=True)
class _Kernel:
    """A kernel: its modules below ``unbend.engine``, the one with the entry points last, and these entry points."""

    modules: tuple[str, ...]
    entry_points: tuple[str, ...]
    trains: bool = False


_KERNELS = {
    "train_small": _Kernel(("small.losses", "small.kernel"), ("train_small",), trains=True),
    "train_large": _Kernel(
        ("large.losses", "large.updates", "large.forward", "large.backward", "large.kernel"),
        ("train_large",),
        trains=True,
    ),
    "train_binned": _Kernel(
        (
            "large.losses",
            "large.updates",
            "large.forward",
            "large.backward",
            "large.kernel",
            "binned.first_layer",
            "binned.kernel",
        ),
        ("train_binned",),
        trains=True,
    ),
    "predict": _Kernel(("large.forward", "inference.kernel"), ("predict",)),
    "predict_blocks": _Kernel(("large.forward", "inference.block_kernel"), ("predict_blocks",)),
    "predict_shared": _Kernel(("large.forward", "inference.kernel"), ("predict_shared", "work_on_jobs")),
}


@dataclass(frozen=True, kw_only=True)
class _KernelFile:
    """The parts of a kernel file, in the file's order."""

    imports: str
    constants: str
    activations: str
    loss: str
    optimizer: str
    functions: str  # the kernel's modules but for the last …
    aliases: str  # … which of their functions this network takes …
    kernel: str  # … and the last one: its entry points are compiled as soon as they are defined

    def text(self) -> str:
        """The full file."""
        return "\n\n\n".join(part for part in astuple(self) if part) + "\n"


def distinct(activations: Sequence[Activation]) -> tuple[Activation, ...]:
    """Each record once, in a canonical order, so that networks with the same activations share their kernel."""
    return tuple(sorted(set(activations), key=lambda record: (record.name, record.steps)))


def panel_vectors(spec: KernelSpec) -> int:
    """How many SIMD vectors wide a full panel of weights is: 32 AVX-512 registers hold 6 x 4 sums, 16 hold 6 x 2."""
    return 4 if spec.lanes * np.dtype(spec.dtype).itemsize == 64 else 2


def kernel_text(name: str, spec: KernelSpec, cache: bool = True) -> str:
    """The source of the kernel file ``name``; ``cache``: its compiled code is stored on disk."""
    kernel = _KERNELS[name]
    activations, loss, optimizer, aliases = _activate(spec.activations, slopes=kernel.trains), [], [], []
    if kernel.trains and spec.loss is not None and spec.optimizer is not None:
        loss, optimizer = _elementwise_loss(spec.loss), _optimizer_step(spec.optimizer)
        aliases = _loss_aliases(spec.loss) + (_update_aliases(spec.optimizer) if name != "train_small" else [])
    *functions, last = (body(f"{_PACKAGE}.{module}") for module in kernel.modules)
    return _KernelFile(
        imports=_imports([*activations, *loss, *optimizer], kernel.modules),
        constants=_constants(spec, kernel.entry_points, cache),
        activations="\n".join(activations),
        loss="\n".join(loss),
        optimizer="\n".join(optimizer),
        functions="\n\n\n".join(functions),
        aliases="\n".join(aliases),
        kernel=last,
    ).text()


# the slots -----------------------------------------------------------------------------------------------------------


def _constants(spec: KernelSpec, entry_points: Sequence[str], cache: bool) -> str:
    """Numbers, argument types and the decorator of entry points."""
    classes = spec.loss is not None and spec.loss.classes
    return "\n".join(
        [
            f"LANES, PANEL_VECTORS = {spec.lanes}, {panel_vectors(spec)}",
            f"BETA1, BETA2 = {BETAS}",
            f"globals().update(array_types({spec.dtype!r}, classes={classes}))",
            f"entry_point = entry_points({tuple(entry_points)}, cache={cache})",
        ]
    )


def _activate(activations: Sequence[Activation], slopes: bool) -> list[str]:
    """``activate``: a branch for each activation."""
    lines = ["@inlined", "def activate(code, h, d, at, slope_at, count):", "    like = zero_vector(h, LANES)"]
    for i, record in enumerate(activations):
        lines += [
            f"    {'if' if i == 0 else 'elif'} code == {i}:",
            "        for i in range(0, count*LANES, LANES):",
            "            x_ = load(h, at + i, like)",
            *vector_statements(record.steps, ("value", "slope") if slopes else ("value",), " " * 12),
            "            store(h, at + i, value_)",
        ]
        if slopes:
            lines.append("            store(d, slope_at + i, slope_)")
    return lines


def _elementwise_loss(loss: Loss) -> list[str]:
    """``elementwise_loss``; cross-entropy of class numbers is no such loss."""
    if loss.classes:
        return []
    body = vector_statements(loss.steps, ("value", "slope"), "    ")
    return ["@inlined", "def elementwise_loss(o_, y_):", "    like = o_", *body, "    return value_, slope_"]


def _optimizer_step(optimizer: Optimizer) -> list[str]:
    """``optimizer_step``: load a vector of everything, one step, store the weights and the new state."""
    new_state = [f"new_{name}" for name in optimizer.state]
    return [
        "@inlined",
        "def optimizer_step(p, g, state, decay, begin, end, rate, c1, c2):",
        "    like = zero_vector(p, LANES)",
        *(f"    {name}_ = broadcast(like, {name})" for name in ("rate", "c1", "c2")),
        "    for i in range(begin, end, LANES):",
        "        p_, g_ = load(p, i, like), load(g, i, like)",
        "        decay_ = load(decay, i, like) if decay.shape[0] > 0 else broadcast(like, 0.0)",
        *(f"        {name}_ = load(state, {n}*p.shape[0] + i, like)" for n, name in enumerate(optimizer.state)),
        *vector_statements(optimizer.steps, ("new", *new_state), " " * 8),
        "        store(p, i, new_)",
        *(f"        store(state, {n}*p.shape[0] + i, {name}_)" for n, name in enumerate(new_state)),
    ]


def _loss_aliases(loss: Loss) -> list[str]:
    """The function of ``losses.py`` that this loss needs."""
    return [f"loss_and_deltas = {'cross_entropy' if loss.classes else 'elementwise_loss'}_and_deltas"]


def _update_aliases(optimizer: Optimizer) -> list[str]:
    """The functions of ``large/updates.py`` that this optimizer needs: plain SGD stores no gradients."""
    if optimizer == optimizers["sgd"]:
        return ["apply_gradients = apply_sgd", "update_weights = already_updated"]
    return ["apply_gradients = store_gradients", "update_weights = optimizer_step"]


# the modules ---------------------------------------------------------------------------------------------------------


def _imports(printed: Sequence[str], modules: Sequence[str]) -> str:
    """The file's imports: those of its modules, except of slots and of each other, and those of the printed code."""
    inside = {_STUBS, *(f"{_PACKAGE}.{module}" for module in modules)}
    plain = {line for module in modules for line in plain_imports(f"{_PACKAGE}.{module}")}
    names = {source: set(functions) for source, functions in _ALWAYS.items()}
    for source, name in called(printed, VECTOR_FUNCTIONS) + [pair for m in modules for pair in _module_imports(m)]:
        if source not in inside:
            names.setdefault(source, set()).add(name)
    lines = [f"from {source} import {', '.join(sorted(names[source]))}" for source in sorted(names)]
    return "\n".join([*sorted(plain), *lines])


def slots_of(module: str) -> set[str]:
    """The names that a kernel module imports from ``stubs.py``."""
    return {name for source, name in _module_imports(module) if source == _STUBS}


@cache
def _module_imports(module: str) -> list[tuple[str, str]]:
    """(module, name) of everything that a kernel module imports by ``from module import name``."""
    package = f"{_PACKAGE}.{module}".rpartition(".")[0]
    imports = []
    for node in ast.parse(module_text(f"{_PACKAGE}.{module}")).body:
        match node:
            case ast.ImportFrom(module="__future__"):
                pass
            case ast.ImportFrom(module=name, names=names, level=level):
                source = resolve_name("." * level + (name or ""), package)
                imports += [(source, alias.name) for alias in names]
    return imports
