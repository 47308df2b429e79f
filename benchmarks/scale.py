"""Time and memory of a fit to a table of up to fifty million rows, beside the decoding of its files and beside others.

    python benchmarks/scale.py [--rows 100000 1000000] [--memory 2GiB] [--budget 60] [--folder /tmp/scale] [--peers]

makes a folder of Parquet files for each number of rows (19 columns and a target, float32, a million rows a file), runs
each job in a process of its own whose address space is limited to ``--memory``, and writes ``results/scale.md`` and a
picture; what earlier runs found in the folder stays (``results.json``). With
``--peers`` also scikit-learn's ``SGDRegressor.partial_fit`` and LightGBM on a text file, where they are installed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine

HERE = Path(__file__).resolve().parent
COLUMNS = [f"x{k}" for k in range(19)]
FILE_ROWS, GROUP_ROWS = 1_000_000, 131_072


def make(folder: Path, rows: int) -> None:
    """Files of the table: a straight line in all columns, a bend in two of them, noise."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    weights = np.linspace(-1, 1, len(COLUMNS)).astype(np.float32)
    for number, begin in enumerate(range(0, rows, FILE_ROWS)):
        path = folder / f"part-{number:04d}.parquet"
        if path.exists():
            continue
        rng = np.random.default_rng([7, number])
        schema = pa.schema([(name, pa.float32()) for name in [*COLUMNS, "y"]])
        temporary = path.with_suffix(".part")
        with pq.ParquetWriter(temporary, schema) as writer:
            for first in range(begin, min(begin + FILE_ROWS, rows), GROUP_ROWS):
                count = min(first + GROUP_ROWS, begin + FILE_ROWS, rows) - first
                x = rng.standard_normal((len(COLUMNS), count), np.float32)
                noise = rng.standard_normal(count, np.float32)
                y = weights @ x + np.abs(x[0]) + 0.5 * np.sin(2 * x[1]) + noise
                writer.write_table(pa.table([*x, y], schema=schema))
        temporary.replace(path)


def batches(folder: Path) -> Iterator[Any]:
    """Record batches of all files, decoded on one thread."""
    import pyarrow.parquet as pq

    for path in sorted(folder.glob("*.parquet")):
        yield from pq.ParquetFile(path).iter_batches(65_536, use_threads=False)


def decode(folder: Path, budget: float) -> dict[str, Any]:
    """Decode all columns, no more."""
    return {"rows": sum(batch.num_rows for batch in batches(folder))}


def survey(folder: Path, budget: float) -> dict[str, Any]:
    """The pass that counts the columns and draws the sample."""
    from unbend.scale import open_source
    from unbend.scale import survey as run
    from unbend.scale.shard_map import on_threads

    return {"rows": run(open_source(folder, "y"), seed=0, shard_map=on_threads)[1].rows}


def linear(folder: Path, budget: float) -> dict[str, Any]:
    """The linear model of all rows, from an encoder of the first ones."""
    from unbend.data import Encoder, pose_problem
    from unbend.data.parsed_table import ParsedTable
    from unbend.scale import open_source
    from unbend.scale.encoded_blocks import BlockEncoder
    from unbend.scale.linear_of_all_rows import linear_of_all_rows
    from unbend.scale.shard_map import on_threads

    source = open_source(folder, "y")
    shard = source.shards[0]
    problem = pose_problem(ParsedTable(source.form.convert(next(shard.blocks(8192)), shard, 0)), "y")
    encoder = BlockEncoder(source.form, Encoder.fit(problem), ())
    began = time.process_time()
    rows = sum(shard.rows or 0 for shard in source.shards)
    network = linear_of_all_rows(source, encoder, problem, rows=rows, seed=0, shard_map=on_threads).network
    return {"rows": rows, "pass_cpu": time.process_time() - began, "x0": float(network.arrays[0][0][0, 0])}


def fit(folder: Path, budget: float) -> dict[str, Any]:
    """The whole of ``unbend.fit``."""
    import unbend as ub

    result = ub.fit(folder, "y", budget=budget, memory="1MB")
    assert result.large is not None
    result.save(folder.parent / f"{folder.name}.safetensors")
    return {
        "rows": result.rows,
        "verdict": result.verdict,
        "looks": result.large.looks,
        "linear_rows": result.large.linear_rows,
        "network_rows": result.large.network_rows,
        "rmse": [result.linear.rmse, result.network.rmse],
    }


def predict(folder: Path, budget: float) -> dict[str, Any]:
    """Predictions of all rows by the model of `fit`, part by part."""
    import shutil

    from unbend.scale.stream_predictions import PartWriter, predict_in_parts
    from unbend.verdict import Model
    from unbend.verdict.predicted_columns import PredictedColumns

    model, out = Model.load(folder.parent / f"{folder.name}.safetensors"), folder.parent / f"{folder.name}-predictions"
    shutil.rmtree(out, ignore_errors=True)
    return {"rows": predict_in_parts(PartWriter(model, PredictedColumns(), out), str(folder)).rows}


def sgd(folder: Path, budget: float) -> dict[str, Any]:
    """One pass of scikit-learn's stochastic gradient descent."""
    from sklearn.linear_model import SGDRegressor

    model, rows = SGDRegressor(random_state=0), 0
    for batch in batches(folder):
        values = np.column_stack([column.to_numpy() for column in batch.columns])
        model.partial_fit(values[:, :-1], values[:, -1])
        rows += len(values)
    return {"rows": rows, "x0": float(model.coef_[0])}


def lightgbm(folder: Path, budget: float) -> dict[str, Any]:
    """A hundred trees of LightGBM from a text file, read in two rounds; the writing of the file is not counted."""
    import lightgbm as lgb

    path = folder / "table.csv"
    parameters = {"objective": "regression", "two_round": True, "label_column": str(len(COLUMNS)), "verbose": -1}
    data = lgb.Dataset(str(path), params=parameters)
    model = lgb.train(parameters, data, num_boost_round=100)
    return {"rows": data.num_data(), "trees": model.num_trees()}


def write_text(folder: Path) -> None:
    """The table as text without a header, for LightGBM."""
    import pyarrow.csv as pacsv

    path = folder / "table.csv"
    if not path.exists():
        first, bare = next(batches(folder)), pacsv.WriteOptions(include_header=False)
        with pacsv.CSVWriter(path.with_suffix(".part"), first.schema, write_options=bare) as writer:
            for batch in batches(folder):
                writer.write(batch)
        path.with_suffix(".part").replace(path)


JOBS: dict[str, Callable[[Path, float], dict[str, Any]]] = {
    "decode": decode,
    "survey": survey,
    "linear": linear,
    "fit": fit,
    "predict": predict,
    "sgd": sgd,
    "lightgbm": lightgbm,
}


def run_job(name: str, folder: Path, memory: int, budget: float) -> None:
    """One job in this process, with a limit on its address space; prints what it found, as JSON."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    wall, cpu = time.perf_counter(), time.process_time()
    found = JOBS[name](folder, budget)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    times = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "peak_mb": usage.ru_maxrss / 1024}
    print(json.dumps({**found, **times}))


def in_process(name: str, folder: Path, memory: int, budget: float) -> dict[str, Any]:
    """The job in a process of its own; {"failed": the last line} where it did not end well."""
    command = [sys.executable, __file__, "--job", name, "--folder", str(folder), "--memory", str(memory)]
    quiet = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}  # reserve no addresses beyond those used
    done = subprocess.run(
        [*command, "--budget", str(budget)], capture_output=True, text=True, env={**os.environ, **quiet}
    )
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["?"])[-1][:200]}
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def short(value: Any) -> Any:
    """Numbers with four digits, also in lists."""
    if isinstance(value, list):
        return [short(one) for one in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value


def draw(found: dict[int, dict[str, dict[str, Any]]], path: Path) -> None:
    """CPU seconds and peak memory against the number of rows."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, key, label in zip(figure.subplots(1, 2), ("cpu", "peak_mb"), ("CPU, s", "peak memory, MB"), strict=True):
        for name in ("decode", "survey", "linear", "fit", "predict"):
            points = [(rows, jobs[name][key]) for rows, jobs in found.items() if key in jobs.get(name, {})]
            axes.plot(*zip(*points, strict=True), marker="o", label=name)
        axes.set(
            xscale="log", xlabel="rows", ylabel=label, yscale="log" if key == "cpu" else "linear", ylim=(None, None)
        )
        axes.grid(alpha=0.25)
    figure.axes[1].set_ylim(0, 2148)
    figure.axes[1].axhline(2**31 / 2**20, color="#777777", linestyle="--", linewidth=1)
    figure.axes[0].legend(frameon=False)
    figure.savefig(path, dpi=110, metadata={"Software": None})


def table(found: dict[int, dict[str, dict[str, Any]]]) -> str:
    """CPU and wall seconds and peak memory of every job, as Markdown."""
    lines = [
        "| rows | job | CPU, s | wall, s | CPU per million rows, s | peak, MB | |",
        "|---|---|---|---|---|---|---|",
    ]
    for rows, jobs in found.items():
        for name, job in jobs.items():
            if "failed" in job:
                lines.append(f"| {rows:,} | {name} | | | | | {job['failed']} |")
                continue
            more = {k: short(v) for k, v in job.items() if k not in ("rows", "wall", "cpu", "peak_mb")}
            lines.append(
                f"| {rows:,} | {name} | {job['cpu']:.1f} | {job['wall']:.1f} | {1e6 * job['cpu'] / rows:.2f} "
                f"| {job['peak_mb']:.0f} | {', '.join(f'{k} {v}' for k, v in more.items())} |"
            )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--memory", default="2147483648")
    parser.add_argument("--budget", type=float, default=60.0)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/scale"))
    parser.add_argument("--jobs", nargs="+", default=["decode", "survey", "linear", "fit", "predict"])
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--job", choices=list(JOBS))
    arguments = parser.parse_args()
    if arguments.job:
        run_job(arguments.job, arguments.folder, int(arguments.memory), arguments.budget)
        return
    kept = arguments.folder / "results.json"
    found: dict[int, dict[str, dict[str, Any]]] = {}
    if kept.exists():
        found = {int(rows): jobs for rows, jobs in json.loads(kept.read_text()).items()}
    for rows in arguments.rows:
        folder = arguments.folder / f"{rows}"
        make(folder, rows)
        if arguments.peers:
            write_text(folder)
        for name in [*arguments.jobs, *(["sgd", "lightgbm"] if arguments.peers else [])]:
            answer = in_process(name, folder, int(arguments.memory), arguments.budget)
            found.setdefault(rows, {})[name] = answer
            kept.write_text(json.dumps(found))
            print(rows, name, answer, flush=True)
    found = dict(sorted(found.items()))
    results = HERE / "results" / "scale.md"
    results.write_text(
        f"# Large tables\n\n{machine()}\n\nMade by `python benchmarks/scale.py`: 19 columns and a target, float32, in "
        "Parquet files; each job in a process whose address space is limited to "
        f"{int(arguments.memory):,} bytes; budget {arguments.budget:g} s.\n\n{table(found)}\n\n"
        "![CPU seconds and peak memory against rows](scale.png)\n"
    )
    draw(found, HERE / "results" / "scale.png")


if __name__ == "__main__":
    main()
