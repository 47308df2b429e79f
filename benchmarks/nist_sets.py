"""The certified problems, the score of a result, and formulas of sets whose data are synthetic."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np

from unbend.solve import Formula

HERE = Path(__file__).parent
INTERCHANGEABLE = {  # parameters of equal terms, whose order is arbitrary
    "Lanczos": ["b1 b2", "b3 b4", "b5 b6"],
    "MGH17": ["b2 b4", "b3 b5"],
    "Gauss": ["b3 b4 b5", "b6 b7 b8"],
    "ENSO": ["b4 b5 b6", "b7 b8 b9"],
}
EITHER_SIGN = {"Gauss": ["b5", "b8"], "Eckerle4": ["b1", "b2"]}  # widths of either sign (Eckerle4: both together)
PEAKS = "b1*exp(-b2*x) + b3*exp(-(x - b4)**2/b5**2) + b6*exp(-(x - b7)**2/b8**2)"
# formula, certified values, x, residual standard deviation; for sets whose data are not included
SYNTHETIC: dict[str, tuple[str, list[float], Any, float]] = {
    "Chwirut1": ("exp(-b1*x)/(b2 + b3*x)", [0.1902781837, 0.0061314004477, 0.010530908399],
                 np.repeat(np.linspace(0.5, 6, 43), 5)[:214], 3.3616721320),
    "Gauss2": (PEAKS, [99.018328406, 0.010994945399, 101.88022528, 107.03095519, 23.578584029, 72.045589471,
                       153.27010194, 19.525972636], np.arange(1.0, 251), 2.2704790782),
    "Gauss3": (PEAKS, [98.940368970, 0.010945879335, 100.69553078, 111.63619459, 23.300500029, 73.705031418,
                       147.76164251, 19.668221230], np.arange(1.0, 251), 2.2677077625),
    "Bennett5": ("b1*(b2 + x)**(-1/b3)", [-2523.5058043, 46.736564644, 0.93218483193],
                 np.round(np.geomspace(7.447168, 20.834307, 154), 6), 0.0018629312528),
    "Hahn1": ("(b1 + b2*x + b3*x**2 + b4*x**3)/(1 + b5*x + b6*x**2 + b7*x**3)",
              [1.0776351733, -0.12269296921, 0.0040863750610, -1.4262662514e-06, -0.0057609940901, 0.00024053735503,
               -1.2314450199e-07], np.round(np.geomspace(14.13, 851.61, 236), 2), 0.081803852243),
}  # fmt: skip


def digits(got: float, want: float) -> float:
    """Correct digits, from the relative error."""
    if not math.isfinite(got):
        return -math.inf
    if got == want:
        return 15.9
    return -math.log10(abs(got - want) / abs(want)) if want else -math.log10(abs(got))


def of_set(table: dict[str, list[str]], name: str) -> list[str]:
    return next((v for k, v in table.items() if name.startswith(k)), [])


def score(name: str, certified: dict[str, list[float]], got: dict[str, float], index: int = 0) -> float:
    """Correct digits of the worst parameter; ``index`` 0 for values, 1 for standard errors."""
    groups = [g.split() for g in of_set(INTERCHANGEABLE, name)]
    either = of_set(EITHER_SIGN, name)
    best = -math.inf
    for order in permutations(groups) if groups else [()]:
        other = {p: p for p in certified}
        for group, target in zip(groups, order, strict=True):
            other.update(zip(group, target, strict=True))
        scores = [
            max(digits(got[other[p]], v[index]), digits(-got[other[p]], v[index]) if p in either else -math.inf)
            for p, v in certified.items()
        ]
        best = max(best, min(scores))
    return best


def records(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        yield json.loads(path.read_text())
    yield from json.loads((HERE / "nist_more.json").read_text())


def problem(record: dict[str, Any]) -> tuple[Formula, dict[str, np.ndarray]]:
    x = np.array(record["x"], dtype=float).reshape(len(record["y"]), -1)
    data = {"y": np.array(record["y"], dtype=float), **{v: x[:, i] for i, v in enumerate(record["variables"])}}
    formula = Formula(f"{record['response']} = {record['formula']}", record["variables"], [*record["certified"]])
    return formula, data
