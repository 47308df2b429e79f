"""Counts the outcomes of scikit-learn's checks of every estimator: python benchmarks/sklearn_checks.py

All checks of ``sklearn.utils.estimator_checks`` run with default settings; none is expected to fail.
``results/sklearn.md`` has one table for each version of scikit-learn.
"""

from __future__ import annotations

import os

os.environ["SCIPY_ARRAY_API"] = "1"  # read when SciPy is imported; without it one check is skipped

import re
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

from machine import machine

RESULTS = Path(__file__).parent / "results" / "sklearn.md"
HEAD = """# scikit-learn's checks of the estimators

Made by `python benchmarks/sklearn_checks.py`, default settings, no check expected to fail (`expected_failed_checks` is
not used). One table for each version of scikit-learn.
"""


def main() -> int:
    """Run, print and save the table; 1 if a check failed."""
    import sklearn
    from sklearn.utils.estimator_checks import check_estimator

    from unbend.sklearn import FormulaRegressor, NetworkClassifier, NetworkRegressor, StraightOrBent

    estimators = [
        NetworkRegressor(),
        NetworkClassifier(),
        FormulaRegressor(),
        StraightOrBent(),
        StraightOrBent("regression"),
        StraightOrBent("classification"),
    ]
    lines = [
        f"## scikit-learn {sklearn.__version__}",
        "",
        machine(("numpy", "scipy", "numba", "pandas", "polars")),
        "",
        "| estimator | checks | passed | failed | skipped | expected to fail | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    failed = 0
    for estimator in estimators:
        began = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = check_estimator(estimator, on_fail=None, on_skip=None)
        seconds = time.perf_counter() - began
        count = Counter(result["status"] for result in results)
        failed += count["failed"]
        lines.append(
            f"| `{estimator!r}` | {len(results)} | {count['passed']} | {count['failed']} | {count['skipped']} "
            f"| {count['xfail']} | {seconds:.0f} |"
        )
        print(lines[-1], flush=True)
        save("\n".join(lines) + "\n")
        for result in results:
            if result["status"] != "passed":
                print(f"  {result['check_name']}: {result['status']}: {result['exception']}", file=sys.stderr)

    return int(failed > 0)


def save(section: str) -> None:
    """Replace the section of the same version in the results, or add it."""
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    sections = {part.splitlines()[0]: part for part in re.split(r"(?m)^(?=## )", old)[1:]}
    sections[section.splitlines()[0]] = section
    RESULTS.write_text("\n".join([HEAD, *(part.strip() + "\n" for _, part in sorted(sections.items()))]), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
