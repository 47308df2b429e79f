"""Processor seconds of `unbend.fit` beside ten-fold cross-validation of ridge regression and gradient boosting.

    python benchmarks/fit_seconds.py SRC [SRC …] [--sizes 150,1000,10000,53940] [--rounds 3] [--no-clock]
    python benchmarks/fit_seconds.py SRC [SRC …] --files DATA/quakes.parquet:mag,DATA/movies.parquet:rating

Each SRC is a folder that contains the package ``unbend``; several are measured side by side. The question is the same:
does this table need bends? By hand that is ``cross_val_score`` with ten folds of ``RidgeCV`` (columns standardised,
categories one-hot) and of ``HistGradientBoostingRegressor``, scikit-learn's defaults. Tables are made by a script (nine
columns, three of them categories, as one finds them in a list of diamonds) or read from files (``FILE:TARGET``).

Every measurement is a process of its own, with one thread; the call that is timed comes after a call on 150 rows, so
that kernels are loaded. Rounds are interleaved and each begins with another contestant. Medians, and the smallest and
largest.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
BY_HAND = "ten-fold CV"
WARM_ROWS = 150


def main() -> None:
    """Measure one job, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, nargs="*", metavar="SRC")
    parser.add_argument("--sizes", default="150,1000,10000,53940")
    parser.add_argument("--files", help="FILE:TARGET, with commas, instead of made tables")
    parser.add_argument("--names", help="what to call the sources, with commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--budget", type=float, default=60.0)
    parser.add_argument("--no-clock", action="store_true", help="the budget plans the work, the clock cuts none")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--job", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.job:
        print(json.dumps(measure(*arguments.job, arguments)))
        return
    lines = ["", machine(("numpy", "scipy", "numba", "scikit-learn")) + "; one thread.", ""]
    lines += side_by_side(arguments)
    text = "\n".join(lines) + "\n"
    print(text)
    if arguments.out:
        arguments.out.write_text("# Seconds of an answer\n" + text, encoding="utf-8")


def made_table(rows: int, seed: int = 0) -> dict[str, Any]:
    """A list of stones: sizes, three grades, and a price that bends."""
    rng = np.random.default_rng([seed, rows])
    carat = np.round(np.exp(rng.normal(-0.4, 0.58, rows)).clip(0.2, 4), 2)
    cut, color, clarity = (rng.choice(k, rows, p=np.arange(1, k + 1) / (k * (k + 1) / 2)) for k in (5, 7, 8))
    depth, table = rng.normal(61.7, 1.4, rows).round(1), rng.normal(57.5, 2.2, rows).round()
    x = (6.4 * carat ** (1 / 3) * rng.normal(1, 0.01, rows)).round(2)
    y = (x * rng.normal(1, 0.005, rows)).round(2)
    grade = 0.05 * cut + 0.09 * color + 0.12 * clarity + 0.04 * color * (carat > 1)
    price = np.exp(6.6 + 1.7 * np.log(carat) + grade + 0.1 * rng.normal(size=rows)).round()
    names = {"cut": cut, "color": color, "clarity": clarity}
    cells = {name: np.array(list("ABCDEFGH"))[codes] for name, codes in names.items()}
    sizes = {"depth": depth, "table": table, "x": x, "y": y, "z": (x * depth / 100).round(2)}
    return {"carat": carat, **cells, **sizes, "price": price}


def measure(contestant: str, table: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """The processor and wall seconds of one call, after one on few rows."""
    import pandas as pd

    if ":" in table:
        file, target = table.rsplit(":", 1)
        frame = pd.read_parquet(file) if file.endswith(".parquet") else pd.read_csv(file)
    else:
        frame, target = pd.DataFrame(made_table(int(table))), "price"
    run = by_hand if contestant == BY_HAND else by_unbend
    run(pd.DataFrame(made_table(WARM_ROWS)), "price", arguments)
    began, processor = time.perf_counter(), time.process_time()
    answer = run(frame, target, arguments)
    spent = {"seconds": time.process_time() - processor, "wall": time.perf_counter() - began}
    return {"rows": len(frame), **spent, "answer": answer}


def by_unbend(frame: Any, target: str, arguments: argparse.Namespace) -> str:
    """The verdict and the gain."""
    import unbend as ub

    result = ub.fit(frame, target, budget=arguments.budget, by_clock=not arguments.no_clock)
    return f"{result.verdict.replace('_', ' ')} ({result.gain:.2f})"


def by_hand(frame: Any, target: str, arguments: argparse.Namespace) -> str:
    """The gain of gradient boosting over ridge regression, by ten-fold cross-validation of both."""
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    x, y = frame.drop(columns=target), frame[target]
    numbers = list(x.select_dtypes("number"))
    categories = [name for name in x if name not in numbers]
    encoder = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), categories),
    )
    boosted = x.astype(dict.fromkeys(categories, "category"))
    folds = KFold(10, shuffle=True, random_state=0)
    models = ((make_pipeline(encoder, RidgeCV()), x), (HistGradientBoostingRegressor(random_state=0), boosted))
    scoring = "neg_mean_squared_error"
    straight, trees = (-cross_val_score(m, data, y, cv=folds, scoring=scoring).mean() for m, data in models)
    return f"boosting against ridge ({1 - trees / straight:.2f})"


def side_by_side(arguments: argparse.Namespace) -> list[str]:
    """The table: for each table, medians of all contestants."""
    tables = arguments.files.split(",") if arguments.files else arguments.sizes.split(",")
    contestants = [*map(str, arguments.sources), BY_HAND]
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for turn in range(arguments.rounds):
        for table in tables:
            for k in range(len(contestants)):
                contestant = contestants[(turn + k) % len(contestants)]
                found[table, contestant].append(one(contestant, table, arguments))
                print(table, contestant, found[table, contestant][-1], file=sys.stderr, flush=True)
    names = arguments.names.split(",") if arguments.names else contestants[:-1]
    heads = [*(f"unbend ({name})" for name in names), BY_HAND]
    lines = [f"| table | rows | {' | '.join(heads)} | ratios to {BY_HAND} | answers |"]
    lines.append("|" + "---|" * (len(heads) + 4))
    for table in tables:
        runs = [found[table, contestant] for contestant in contestants]
        medians = [statistics.median(r["seconds"] for r in mine) for mine in runs]
        spread = [f"{min(r['seconds'] for r in mine):.2f}–{max(r['seconds'] for r in mine):.2f}" for mine in runs]
        cells = " | ".join(f"{m:.2f} ({s})" for m, s in zip(medians, spread, strict=True))
        ratios = ", ".join(f"{m / medians[-1]:.1f}" for m in medians[:-1])
        answers = "; ".join(mine[-1]["answer"] for mine in runs)
        name = Path(table.rsplit(":", 1)[0]).stem if ":" in table else "made"
        lines.append(f"| {name} | {runs[0][0]['rows']:,} | {cells} | {ratios} | {answers} |")
    return lines


def one(contestant: str, table: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """One measurement, in a process of its own."""
    command = [sys.executable, __file__, "--job", contestant, table, "--budget", str(arguments.budget)]
    command += ["--no-clock"] * arguments.no_clock
    path = {} if contestant == BY_HAND else {"PYTHONPATH": str(Path(contestant).resolve())}
    environment = os.environ | dict.fromkeys(THREADS, "1") | path
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
