"""Networks, table models and rows that the export tests have in common."""

from __future__ import annotations

from typing import Any

import numpy as np

import unbend as ub
from unbend.data import Encoder, pose_problem
from unbend.verdict import Model

# formulas as activations
OWN = ["max(x, 0.2*x)", "x*exp(-x**2)", "tanh(x/3) + cbrt(x)*sign(x)/(x**2 + 1)", "1/(1 + exp(-x))", "7",
       "where((x > -1)*(x < 1), x**3, log1p(abs(x)))"]  # fmt: skip
FAR = np.array([[0.0], [-0.0], [1.0], [-1.0], [3.0], [-3.0], [6.0], [0.3], [-2.5], [-17.0], [-40.0], [30.0], [300.0],
                [-300.0], [500.0], [-500.0], [1000.0], [-1000.0], [1e-9], [-5.5]])  # fmt: skip
LABELS = ['a "quoted" *\\', "초록 */ ??/", "line\nbreak"]


def table_model(kind: str, classes: tuple[str, ...] = ()) -> tuple[Model, dict[str, Any]]:
    n = 40
    rng = np.random.default_rng(5)
    table: dict[str, Any] = {
        "나이 */": [None if i % 7 == 0 else float(i % 11) for i in range(n)],
        "when": [f"2024-01-{1 + i % 28:02d}" for i in range(n)],
        "ok": [["no", "yes"][i % 3 == 0] for i in range(n)],
        "b": rng.normal(size=n).round(3),
    }
    if kind == "encoded":
        table["colour, dyed"] = [["red", "blue", "초록"][i % 3] for i in range(n)]
    problem = pose_problem(table | {"y": rng.normal(size=n)}, "y")
    encoder = Encoder.fit(problem)
    outputs = 1 if len(classes) in (0, 2) else len(classes)
    net = ub.Network([ub.Dense(len(encoder.names), 5, "gelu"), ub.Dense(5, outputs)], seed=2, dtype="float64")
    return Model(net, encoder, "y", classes), table


def raw_rows(table: dict[str, Any]) -> np.ndarray:
    days = [(np.datetime64(d) - np.datetime64("1970-01-01")).astype(float) for d in table["when"]]
    return np.column_stack([np.array(table["나이 */"], dtype=float), days, np.array(table["ok"]) == "yes", table["b"]])
