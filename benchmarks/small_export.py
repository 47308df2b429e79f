"""Sizes and times of exported table models: every weight, blocks of weights, a small distilled network.

    PYTHONPATH=src python benchmarks/small_export.py FOLDER > benchmarks/results/small_export.md

FOLDER holds NAME.csv and NAME.splits.json (as for `uci.py`). Each set is fitted once; the network that was kept is
written with all its zeros (as before blocks), with blocks, and distilled. Needs gcc, node, onnx, onnxruntime.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import onnxruntime
from machine import machine

import unbend as ub
from unbend.export import blocks, exported
from unbend.export.conversion import to_export_model

SETS = ("concrete", "energy")
_MAIN = """\
#include <stdio.h>
#include <time.h>
void m_output(const {real} x[{d}], {real} y[{k}]);
static const {real} rows[{n}][{d}] = {{{rows}}};
int main(void) {{
    {real} y[{k}], sum = 0;
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (int t = 0; t < {turns}; t++) for (int i = 0; i < {n}; i++) {{ m_output(rows[i], y); sum += y[0]; }}
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    const double us = (b.tv_sec - a.tv_sec) * 1e6 + (b.tv_nsec - a.tv_nsec) / 1e3;
    printf("%.6g %.17g\\n", us / ({turns} * {n}), (double)sum);
    return 0;
}}
"""
_JS = """\
import {{ output }} from "./m.mjs";
const rows = {rows};
for (let t = 0; t < 5; t++) rows.map(output);
const start = process.cpuUsage();
for (let t = 0; t < {turns}; t++) rows.map(output);
console.log(process.cpuUsage(start).user / ({turns} * rows.length));
"""


def microseconds_c(model: Any, x: np.ndarray, folder: Path) -> float:
    """Per row, gcc -O2."""
    (folder / "m.c").write_text(str(exported(model, "c", "m")), encoding="utf-8")
    rows = ", ".join("{" + ", ".join(map(repr, row)) + "}" for row in x.tolist())
    real = "float" if to_export_model(model).network.dtype == np.float32 else "double"
    main = _MAIN.format(real=real, d=x.shape[1], k=1, n=len(x), rows=rows, turns=20)
    (folder / "main.c").write_text(main)
    command = ["gcc", "-O2", "-D_POSIX_C_SOURCE=199309L", "-o", "m", "m.c", "main.c", "-lm"]
    subprocess.run(command, cwd=folder, check=True)
    return min(float(subprocess.check_output([folder / "m"], text=True).split()[0]) for _ in range(5))


def microseconds_js(model: Any, x: np.ndarray, folder: Path) -> float:
    """Per row, node."""
    (folder / "m.mjs").write_text(str(exported(model, "js", "m")), encoding="utf-8")
    (folder / "run.mjs").write_text(_JS.format(rows=json.dumps(x.tolist()), turns=5))
    return min(float(subprocess.check_output(["node", "run.mjs"], cwd=folder, text=True)) for _ in range(3))


def microseconds_python(model: Any, x: np.ndarray, folder: Path) -> float:
    """Per row, plain Python."""
    space: dict[str, Any] = {}
    exec(str(exported(model, "python", "m")), space)
    return _least(lambda: [space["output"](row) for row in x[:2].tolist()], 2)


def microseconds_onnx(model: Any, x: np.ndarray, folder: Path, batch: int) -> float:
    """Per row, onnxruntime with one thread, ``batch`` rows at a time."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(exported(model, "onnx"), options, providers=["CPUExecutionProvider"])
    rows = x[:batch].astype(to_export_model(model).network.dtype)
    return _least(lambda: session.run(["y"], {"x": rows}), batch)


def _least(call: Callable[[], Any], rows: int) -> float:
    call()
    times = []
    for _ in range(10):
        start = time.process_time()
        for _ in range(10):
            call()
        times.append(time.process_time() - start)
    return min(times) / (10 * rows) * 1e6


def line(name: str, variant: str, model: Any, x: np.ndarray, error: str) -> str:
    """One line of the table."""
    network = to_export_model(model).network
    layers = blocks.block_layers(network)
    weights = sum(layer.W.size for layer in network.layers)
    stored = weights if layers is None else sum(len(layer.weights) for layer in layers)
    sizes = [len(as_bytes(exported(model, target))) / 1000 for target in ("c", "js", "python", "onnx")]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        times = [
            microseconds_c(model, x, place),
            microseconds_js(model, x, place),
            microseconds_python(model, x, place),
            microseconds_onnx(model, x, place, 1),
            microseconds_onnx(model, x, place, min(200, len(x))),
        ]
    cells = [
        name,
        variant,
        f"{stored:,}",
        *(f"{size:,.0f}" for size in sizes),
        *(f"{t:,.0f}" if t >= 100 else f"{t:.3g}" for t in times),
        error,
    ]
    return f"| {' | '.join(cells)} |"


def as_bytes(content: str | bytes) -> bytes:
    """A file's bytes."""
    return content if isinstance(content, bytes) else content.encode()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    head = (
        "| set | what is written | weights | C kB | JS kB | Python kB | ONNX kB | C µs | JS µs | Python µs "
        "| ONNX µs, 1 row | ONNX µs, of 200 rows | rms difference |"
    )
    print("# Exported table models: sizes, and times per row\n")
    print("Made by `benchmarks/small_export.py`.\n")
    print(machine(("numpy", "onnx", "onnxruntime")) + "\n")
    print(
        "*all weights*: the network with its structural zeros, as exported before; *blocks*: the same network without "
        "them, which is what `unbend export` writes; *distilled*: `--small`, one network of 32 ReLU neurons trained on "
        "the predictions. CPU time per row: gcc -O2, node, plain Python, onnxruntime with one thread; the least of "
        "several turns, other work on the machine meanwhile. *rms difference*: to the full model's predictions on all "
        "rows of the table, in units of the target; in brackets relative to the standard deviation of the predictions "
        "(0: not measured here, the same numbers up to rounding; `tests/export/test_blocks.py` compares them).\n"
    )
    print(head)
    print("|" + "---|" * (head.count("|") - 1))
    for name in SETS:
        described = json.loads((folder / f"{name}.splits.json").read_text())
        table = folder / f"{name}.csv"
        result = ub.fit(table, described["target"], model="network", budget=20, seed=0)
        x = result.model.encoder.transform(table)[:200]
        full = result.model.predict(table)
        with patch.object(blocks, "SAVING", 2.0):
            print(line(name, "all weights", result, x, "0"), flush=True)
        print(line(name, "blocks", result, x, "0"), flush=True)
        if hasattr(import_module("unbend"), "distill"):
            small = ub.distill(result, table, seed=0)
            error = float(np.sqrt(np.mean((small.model.predict(table) - full) ** 2)))
            print(line(name, "distilled", small, x, f"{error:.3g} ({error / full.std():.2%})"), flush=True)


if __name__ == "__main__":
    main()
