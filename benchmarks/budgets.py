"""Whether a fit keeps its budget on large and wide tables, and what verdict it ends in.

    python benchmarks/budgets.py [--budget 60] [--only "5000 x 2000"] [--out benchmarks/results/budgets.md]

Each table is fitted in a process of its own, by the clock; kernels are compiled before. The truth of each is known:
*bends* has a kink in one column, *product* a product of two columns and nothing else, *straight* three columns of
many, *dense* all columns, *noise* nothing. The load average is that at the end of each fit: beside other work, a fit
has less of the processor in the same seconds. ``--by-plan`` lets nothing be cut by the clock: the verdicts alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RIGHT = {
    "bends": "bends_pay",
    "product": "bends_pay",
    "straight": "straight_is_enough",
    "dense": "straight_is_enough",
    "noise": "nothing_to_learn",
}
FIT = """
import json, os, sys, time
sys.path.insert(0, sys.argv[1])
from budgets import Case
import unbend as ub
case, budget = Case(*json.loads(sys.argv[2])), float(sys.argv[3])
ub.fit(Case(300, case.columns, "bends", case.classes).table(), "y", budget=2)  # compiles
table, began, used = case.table(), time.monotonic(), time.process_time()
result = ub.fit(table, "y", budget=budget, by_clock=len(sys.argv) < 5)
print(json.dumps({
    "seconds": time.monotonic() - began, "processor": time.process_time() - used, "load": os.getloadavg()[0],
    "verdict": result.verdict, "gain": result.gain,
    "rows": result.training.rows, "trained": result.comparison.trained, "folds": result.comparison.folds,
    "needed": result.decision.budget_needed,
}))
"""


@dataclass(frozen=True)
class Case:
    """A table of so many rows and columns, with a known truth, as values or in so many classes of equal size."""

    rows: int
    columns: int
    truth: str
    classes: int = 0

    @property
    def name(self) -> str:
        """Its shape and truth."""
        classes = f", {self.classes} classes" if self.classes else ""
        return f"{self.rows} x {self.columns}{classes}, {self.truth}"

    def table(self, seed: int = 0) -> dict[str, np.ndarray]:
        """The columns by name; the same for the same seed."""
        rng = np.random.default_rng(seed)
        x = rng.standard_normal((self.rows, self.columns), dtype=np.float32)
        signal = self.signal(x, rng)
        y = signal + 0.5 * max(float(signal.std()), 1.0) * rng.standard_normal(self.rows)
        if self.classes:
            cuts = np.quantile(y, np.linspace(0, 1, self.classes + 1)[1:-1])
            y = np.array([f"c{k}" for k in range(self.classes)])[np.digitize(y, cuts)]
        return {f"x{k}": x[:, k] for k in range(self.columns)} | {"y": y}

    def signal(self, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The mean of the target."""
        if self.truth == "bends":
            return x[:, 0] + 2 * np.abs(x[:, 1])
        if self.truth == "product":
            return 2 * x[:, 0] * x[:, 1]
        if self.truth == "straight":
            return 2 * x[:, 0] - x[:, 1] + x[:, 2]
        if self.truth == "dense":
            return x @ rng.standard_normal(self.columns) * np.sqrt(4 / self.columns)
        return np.zeros(len(x))


CASES = (
    Case(1_000_000, 20, "bends"),
    Case(200_000, 20, "bends", 20),
    *(Case(5_000, 2_000, truth) for truth in RIGHT),
    Case(5_000, 2_000, "bends", 3),
    Case(2_000, 5_000, "bends"),
    Case(2_000, 5_000, "straight", 2),
    Case(2_000, 5_000, "dense"),
    Case(20_000, 1_000, "product"),
    Case(20_000, 1_000, "dense", 2),
    Case(500, 3_000, "bends"),
    Case(500, 3_000, "straight"),
    Case(500, 3_000, "noise", 2),
)


def main() -> None:
    """Fit all tables and write what came out."""
    from machine import machine

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budget", type=float, default=60.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--by-plan", action="store_true")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "budgets.md")
    arguments = parser.parse_args()
    cut_by = "nothing cut by the clock" if arguments.by_plan else "by the clock"
    head = [
        "table",
        "wall s",
        "processor s",
        "load",
        "verdict",
        "right",
        "gain",
        "folds",
        "trained",
        "rows trained on",
        "needed s",
    ]
    lines = [
        f"# Budgets\n\n{machine()}.\n\n`benchmarks/budgets.py`, budget {arguments.budget:g} s, {cut_by}.\n",
        f"| {' | '.join(head)} |",
        "|" + "---|" * len(head),
    ]
    for case in CASES:
        if arguments.only in case.name:
            lines.append(line(case, fitted(case, arguments.budget, arguments.by_plan)))
            print(lines[-1], flush=True)
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def fitted(case: Case, budget: float, by_plan: bool) -> dict[str, float | str | None]:
    """What the process of the fit printed."""
    fields = json.dumps([case.rows, case.columns, case.truth, case.classes])
    command = [sys.executable, "-c", FIT, str(Path(__file__).parent), fields, str(budget)] + ["by plan"] * by_plan
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float | str | None] = json.loads(done.stdout.splitlines()[-1])
    return found


def line(case: Case, found: dict[str, float | str | None]) -> str:
    """One row of the report; a verdict that is open is neither right nor wrong."""
    verdict = str(found["verdict"])
    right = "open" if verdict == "cannot_tell" else "yes" if verdict == RIGHT[case.truth] else "NO"
    cells = [
        case.name,
        f"{found['seconds']:.0f}",
        f"{found['processor']:.0f}",
        f"{found['load']:.1f}",
        verdict.replace("_", " "),
        right,
        f"{found['gain']:.3f}",
        str(found["folds"]),
        f"{found['trained']:.0%}",
        f"{found['rows']:,}",
        str(found["needed"] or ""),
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
