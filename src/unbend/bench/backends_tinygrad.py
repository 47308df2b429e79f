"""tinygrad on the CPU: a jitted training step, called once per minibatch."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .workload import Epoch, NotAvailable, Workload

# tinygrad compiles C with a program named clang; where there is none, that of the package ziglang works too
_ZIG = """#!/bin/sh
t=$(mktemp -d)
for a in "$@"; do shift; case "$a" in --target=*|-|-o) ;; *) set -- "$@" "$a";; esac; done
cat > "$t/k.c"
set -- "$@" -g0 -fno-sanitize=all -fno-asynchronous-unwind-tables
"{python}" -m ziglang cc "$@" "$t/k.c" -o "$t/k.o" >&2 && cat "$t/k.o"
r=$?; rm -rf "$t"; exit $r
"""


def _compiler() -> None:
    if shutil.which("clang") is None and "CC" not in os.environ:
        if find_spec("ziglang") is None:
            raise NotAvailable("tinygrad: no clang")
        script = Path(tempfile.mkdtemp(prefix="unbend-bench-")) / "cc"
        script.write_text(_ZIG.format(python=sys.executable), encoding="utf-8")
        script.chmod(0o755)
        os.environ |= {"CC": str(script), "CACHELEVEL": "0"}


def tinygrad_steps(workload: Workload) -> Epoch:
    """``TinyJit`` around forward, loss, backward and the optimiser; a last, smaller minibatch is left out."""
    _compiler()
    try:
        tg: Any = import_module("tinygrad")
        nn: Any = import_module("tinygrad.nn")
    except ImportError as error:
        raise NotAvailable(str(error)) from None
    tensor = tg.Tensor
    pairs = [(tensor(W.copy()), tensor(b.copy())) for W, b in workload.network.arrays]
    optimizer_class = {"sgd": nn.optim.SGD, "adam": nn.optim.Adam}[workload.optimizer]
    optimizer = optimizer_class([p for pair in pairs for p in pair], lr=workload.rate)
    x, y = workload.x, workload.y.astype("int32")

    def step(rows: Any, classes: Any) -> Any:
        h = rows
        for W, b in pairs[:-1]:
            h = getattr(h @ W + b, workload.activation)()
        optimizer.zero_grad()
        loss = (h @ pairs[-1][0] + pairs[-1][1]).sparse_categorical_crossentropy(classes).backward()
        optimizer.step()
        return loss.realize()

    jitted = tg.TinyJit(step)

    def epoch() -> None:
        loss: Any = None
        with tg.Context(TRAINING=1):
            for start in range(0, workload.rows - workload.batch + 1, workload.batch):
                rows = workload.order[start : start + workload.batch]
                loss = jitted(tensor(x[rows]).realize(), tensor(y[rows]).realize())
        loss.item()

    return epoch
