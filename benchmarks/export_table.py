"""Export targets x activations x dtypes: the worst difference from the exact answer.

    PYTHONPATH=src python benchmarks/export_table.py > benchmarks/results/export.md

Needs gcc, node, onnx, onnxruntime, torch and mpmath. The oracle and the runners are those of the tests.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).resolve().parents[1] / "tests")]
from export.oracle import exact, shares  # noqa: E402
from export.runners import RUNNERS  # noqa: E402
from machine import machine  # noqa: E402

import unbend as ub  # noqa: E402
from unbend.export import exported, to_torch  # noqa: E402

OWN = ("max(x, 0.2*x)", "x*exp(-x**2)")
NAMES = (*ub.activations, *OWN)
TARGETS = ("NumPy", "onnx", "c", "js", "python", "json", "torch")
FAR = [0.0, 1.0, -1.0, 3.0, -3.0, 6.0, -5.5, 17.0, -17.0, 40.0, -40.0, 300.0, -300.0, 500.0, -500.0, 1000.0, -1000.0]

Cells = dict[str, list[tuple[float, float]]]  # target: (ulp, absolute difference) of each activation


def cases(kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every activation alone (extremes and 60 other places) and in a network 3-8-2 (30 rows)."""
    rng = np.random.default_rng(0)
    nets, rows = {}, {}
    for i, name in enumerate(NAMES):
        nets[f"lone{i}"] = ub.Network.from_arrays([([[1.0]], [0.0])], [name], dtype=kind)
        rows[f"lone{i}"] = np.concatenate([FAR, rng.normal(0, 3, 60)])[:, None].astype(kind)
        net = ub.Network([ub.Dense(3, 8, name), ub.Dense(8, 2)], seed=i, dtype=kind)
        nets[f"net{i}"] = net.with_arrays([(W, b + rng.normal(0, 0.5, b.shape)) for W, b in net.arrays])
        rows[f"net{i}"] = rng.normal(0, 2, (30, 3)).astype(kind)
    return nets, rows


def answers(target: str, nets: dict[str, Any], rows: dict[str, Any], folder: Path) -> dict[str, np.ndarray]:
    if target in RUNNERS:
        _, run = RUNNERS[target]
        return run(folder, {name: (net, net.outputs, None) for name, net in nets.items()}, rows)
    return {name: one(target, net, rows[name], folder) for name, net in nets.items()}


def one(target: str, net: Any, x: np.ndarray, folder: Path) -> np.ndarray:
    if target == "NumPy":
        return net(x)
    if target == "json":
        return ub.load(ub.export(net, folder / "m.json"))(x)
    if target == "torch":
        import torch

        with torch.no_grad():
            return to_torch(net)(torch.from_numpy(x)).numpy()
    import onnxruntime

    runner = onnxruntime.InferenceSession(exported(net, "onnx"), providers=["CPUExecutionProvider"])
    return runner.run(None, {"x": x})[0]


def worst(true: np.ndarray, got: np.ndarray, kind: str) -> tuple[float, float]:
    """(ulp of the value, or of 1 where that is smaller; absolute)."""
    with mp.workdps(60):
        off = np.vectorize(lambda t, g: float(abs(t - mp.mpf(float(g)))))(true, got)
    size = np.maximum(1, np.abs(true.astype(float))).astype(kind)
    return float((off / np.spacing(size).astype(float)).max()), float(off.max())


def measure(kind: str) -> tuple[Cells, dict[str, list[float]]]:
    """For one dtype: the worst differences by target and activation, and the shares of the allowed error."""
    nets, rows = cases(kind)
    true = {n: np.array([exact(net, row) for row in rows[n]], dtype=object) for n, net in nets.items()}
    cells: Cells = {}
    used: dict[str, list[float]] = {}
    for target in TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            got = answers(target, nets, rows, Path(folder))
        cells[target] = []
        for i in range(len(NAMES)):
            both = [worst(true[f"{p}{i}"], got[f"{p}{i}"], kind) for p in ("lone", "net")]
            cells[target].append((max(b[0] for b in both), max(b[1] for b in both)))
        if target in RUNNERS:
            used[target] = [
                max(shares(*(table[f"{p}{i}"] for table in (nets, rows, got, true))).max() for p in ("lone", "net"))
                for i in range(len(NAMES))
            ]
        print(target, kind, "done", file=sys.stderr)
    return cells, used


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print(f"| activation | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}")
    for name, row in zip(NAMES, rows, strict=True):
        print(f"| `{name}` | {' | '.join(row)} |")


def main() -> None:
    print("# Exports: the worst difference from the exact answer\n\nMade by `benchmarks/export_table.py`.\n")
    print(machine(("numpy", "onnx", "onnxruntime", "torch", "mpmath")) + "\n")
    print(
        "Each activation alone at 77 places (up to ±1000) and in a network 3-8-2 on 30 rows; the exact answer has 460 "
        "digits. Each cell: units in the last place of the value, or of 1 where the value is smaller; in brackets the "
        "absolute difference. *NumPy* is the network itself, `net(x)`; *json* the network read back. float32: C counts "
        "in `float`; JavaScript and Python count in doubles and round weights and each layer's values.\n"
    )
    shares_used: dict[str, list[float]] = {}
    for kind in ("float32", "float64"):
        cells, used = measure(kind)
        shares_used |= {f"{target} {kind}": column for target, column in used.items()}
        print(f"## {kind}\n")
        print_table(TARGETS, [[f"{u:.1f} ({a:.0e})" for u, a in row] for row in zip(*cells.values(), strict=True)])
        print()
    print("## Share of the allowed error: 4 ulp for every operation\n")
    print(
        "A running error analysis of the exported operations gives what 4 ulp each can add up to; at most 1 is fine.\n"
    )
    columns = zip(*shares_used.values(), strict=True)
    print_table([*shares_used], [[f"{share:.2f}" for share in row] for row in columns])


if __name__ == "__main__":
    main()
