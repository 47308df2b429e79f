"""NIST's certified regression problems, solved by unbend and by its peers in one run; writes ``results/nist.md``.

    python benchmarks/nist.py FOLDER [--seeds 10]

FOLDER holds the NIST Statistical Reference Datasets as JSON (one file a set: formula, x, y, certified, starts).
``nist_more.json`` beside this file holds thirteen more of them as published (NIST StRD, public domain); their certified
residual sums of squares, met to 10 digits and more, check every number in it. For the nonlinear sets that are in
neither, data are made from the formula and the certified values, with the published residual standard deviation as
noise; there "found" means that the fit without a start is no worse than the fit started at the true values.

Score: -log10(|estimate - certified|/|certified|), signed, worst parameter, over the orders in which equal terms may
stand. Peers get the same NumPy function; curve_fit and lmfit run with their defaults and, without a start, from ones.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine
from nist_sets import HERE, SYNTHETIC, problem, records, score

from unbend.solve import Formula

Data = dict[str, np.ndarray]
Counts = dict[tuple[str, int], list[int]]


def timed(function: Callable[[], Any]) -> tuple[Any, float]:
    """The function's result, None where it raises, and its seconds."""
    began = time.perf_counter()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            result = function()
    except Exception:  # a peer that fails scores nothing
        result = None
    return result, time.perf_counter() - began


# --- linear


def linear(all_records: list[dict[str, Any]]) -> list[str]:
    """The table of the linear sets, as lines of Markdown."""
    lines = ["| set | tool | coefficients | standard errors | ms a fit |", "|---|---|---|---|---|"]
    for record in all_records:
        if record["kind"] != "linear":
            continue
        formula, data = problem(record)
        X, y = formula.system(data).A, data["y"]
        for tool, function in tools(formula, data, X, y).items():
            function()
            runs = [timed(function) for _ in range(15)]
            result, milliseconds = runs[-1][0], 1e3 * statistics.median(seconds for _, seconds in runs)
            if result is None:
                continue
            values, errors = (None if r is None else dict(zip(formula.parameters, r, strict=True)) for r in result)
            digits = f"{score('', record['certified'], values):.1f}"
            error_digits = "–" if errors is None else f"{score('', record['certified'], errors, 1):.1f}"
            lines.append(f"| {record['name']} | {tool} | {digits} | {error_digits} | {milliseconds:.2f} |")
    return lines


def tools(formula: Formula, data: Data, X: np.ndarray, y: np.ndarray) -> dict[str, Callable[[], Any]]:
    """{tool: function that returns coefficients and standard errors}."""
    import statsmodels.api as sm
    from scipy import linalg

    def ours() -> Any:
        fit = formula.fit(data)
        return list(fit.values.values()), list(fit.standard_errors.values())

    def statsmodels(method: str) -> Any:
        fit = sm.OLS(y, X).fit(method=method)
        return list(fit.params), list(fit.bse)

    return {
        "unbend": ours,
        "numpy lstsq": lambda: (list(np.linalg.lstsq(X, y)[0]), None),
        "scipy gelsy": lambda: (list(linalg.lstsq(X, y, lapack_driver="gelsy")[0]), None),
        "statsmodels pinv": lambda: statsmodels("pinv"),
        "statsmodels qr": lambda: statsmodels("qr"),
    }


# --- nonlinear


def model(formula: Formula, data: Data) -> Callable[..., np.ndarray]:
    """The formula as the function f(x, *parameters) that the peers take; x is ignored."""
    variables = {name: data[name] for name in formula.variables}

    def f(_: Any, *b: float) -> np.ndarray:
        values = formula(**variables, **dict(zip(formula.parameters, b, strict=True)))
        return np.broadcast_to(values, data["y"].shape)

    return f


def curve_fit(formula: Formula, data: Data, y: np.ndarray, start: list[float] | None, _: int) -> Any:
    from scipy import optimize

    first = start or [1.0] * len(formula.parameters)
    values, covariance = optimize.curve_fit(model(formula, data), np.arange(len(y)), y, p0=first)
    return named(formula, values), named(formula, np.sqrt(np.diag(covariance)))


def lmfit(formula: Formula, data: Data, y: np.ndarray, start: list[float] | None, _: int) -> Any:
    import lmfit as peer

    f = model(formula, data)
    parameters = peer.create_params(**named(formula, start or [1.0] * len(formula.parameters)))
    result = peer.minimize(lambda p: f(None, *p.valuesdict().values()) - y, parameters)
    errors = [p.stderr if p.stderr is not None else math.nan for p in result.params.values()]
    return result.params.valuesdict(), named(formula, errors)


def ours(formula: Formula, data: Data, _: np.ndarray, start: list[float] | None, seed: int) -> Any:
    fit = formula.fit(data, start=start, seed=seed)
    return fit.values, fit.standard_errors


def named(formula: Formula, values: Any) -> dict[str, float]:
    return dict(zip(formula.parameters, map(float, values), strict=True))


def nonlinear(all_records: list[dict[str, Any]], seeds: int) -> tuple[list[str], Counts, list[float]]:
    """The table of the nonlinear sets, the counts of its summary, and the seconds of fits without a start."""
    head = ["set", "tool", "start 1: values, errors, ms", "start 2: values, errors, ms", "no start: values, errors, ms"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    counts: Counts = {}
    times: list[float] = []
    for record in all_records:
        if record["kind"] != "nonlinear":
            continue
        formula, data = problem(record)
        y = np.log(data["y"]) if record["response"] == "log(y)" else data["y"]
        formula.fit(data, start=record["starts"][1])  # compiled once, not timed
        for tool, function in (("unbend", ours), ("curve_fit", curve_fit), ("lmfit", lmfit)):
            cells = []
            for column, start in enumerate([*record["starts"], None]):
                repeats = seeds if tool == "unbend" and start is None else 1
                runs = [timed(partial(function, formula, data, y, start, seed)) for seed in range(repeats)]
                if repeats > 1:
                    times += [seconds for _, seconds in runs]
                values = min(score_of(record, result, 0) for result, _ in runs)
                errors = min(score_of(record, result, 1) for result, _ in runs)
                cells.append(f"{shown(values)}, {shown(errors)}, {1e3 * statistics.median(r[1] for r in runs):.0f}")
                count = counts.setdefault((tool, column), [0, 0, 0])
                for i, enough in enumerate((values >= 4, values >= 10, errors >= 8)):
                    count[i] += enough
            lines.append(f"| {record['name']} | {tool} | {' | '.join(cells)} |")
    return lines, counts, times


def score_of(record: dict[str, Any], result: Any, index: int) -> float:
    return -math.inf if result is None else score(record["name"], record["certified"], result[index], index)


def shown(value: float) -> str:
    return f"{value:.1f}" if math.isfinite(value) else "–"


def synthetic(seeds: int) -> tuple[list[str], list[float]]:
    """The table of the sets whose data are made from the formula, and the seconds of its fits."""
    lines = ["| formula of | found the minimum that the truth leads to | median ms | worst ms |", "|---|---|---|---|"]
    all_times: list[float] = []
    for name, (text, truth, x, noise) in SYNTHETIC.items():
        formula = Formula("y = " + text, variables=["x"])
        values = {f"b{i + 1}": v for i, v in enumerate(truth)}
        solved, times = 0, []
        for seed in range(seeds):
            y = formula(x=x, **values) + noise * np.random.default_rng(seed).normal(size=len(x))
            data = {"x": x, "y": y}
            best = formula.fit(data, start=values)
            fit, seconds = timed(partial(formula.fit, data, seed=seed))
            solved += fit.rss <= best.rss * (1 + 1e-9)
            times.append(seconds)
        all_times += times
        lines.append(
            f"| {name} | {solved} of {seeds} | {1e3 * statistics.median(times):.0f} | {1e3 * max(times):.0f} |"
        )
    return lines, all_times


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    arguments = parser.parse_args()
    all_records = list(records(arguments.folder))
    linear_lines = linear(all_records)
    nonlinear_lines, counts, times = nonlinear(all_records, arguments.seeds)
    synthetic_lines, synthetic_times = synthetic(arguments.seeds)
    sets = sum(r["kind"] == "nonlinear" for r in all_records)
    summary = [
        "| tool | start | at least 4 digits | at least 10 | standard errors at least 8 |",
        "|---|---|---|---|---|",
    ]
    for (tool, column), (four, ten, errors) in counts.items():
        start = ["start 1", "start 2", f"none ({'worst of all seeds' if tool == 'unbend' else 'all ones'})"][column]
        summary.append(f"| {tool} | {start} | {four} of {sets} | {ten} of {sets} | {errors} of {sets} |")
    text = [
        "# Certified regression problems", "", machine(("numpy", "scipy", "lmfit", "statsmodels")), "",
        "Correct digits, signed, worst parameter. Certified values carry 15 digits (linear) or 11 (nonlinear), so a",
        "perfect answer scores about 14.3 to 15.9, or 10.3 to 13. Made by `python benchmarks/nist.py`.", "",
        "## Linear", "", *linear_lines, "", f"## Nonlinear, {sets} of the 27 sets", "", *summary, "",
        f"Without a start: median {statistics.median(times):.2f} s, worst {max(times):.2f} s a fit "
        f"({len(times)} fits).", "", *nonlinear_lines, "",
        "## The other five, from data made of their formulas", "", *synthetic_lines, "",
        f"Median {statistics.median(synthetic_times):.2f} s, worst {max(synthetic_times):.2f} s a fit "
        f"({len(synthetic_times)} fits).", "",
    ]  # fmt: skip
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "nist.md").write_text("\n".join(text), encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
