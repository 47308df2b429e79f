"""Jobs of one model: reads lines "TABLE SPLIT", prints a JSON line for each. Started by `tables.py`.

    python benchmarks/tables_job.py DATA MODEL [--budget 60] [--no-clock] [--timeout 1800]

Every job is a process of its own, forked after the library was imported, and, as the peers' code is compiled, after
unbend had loaded its kernels by fitting three small tables. The loss is the root mean squared error, or
the log loss with probabilities of at least 1e-7. Processor seconds are those of fitting and predicting, of the job's
process and of those it waited for.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import signal
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

SMALLEST = 1e-7
IMPORTS = {
    "HistGradientBoosting": ("sklearn.ensemble",),
    "RealMLP": ("pytabkit",),
    "unbend": ("pyarrow.parquet", "unbend.engine.binned.epoch"),  # with Numba
}
Array = np.ndarray[Any, Any]


def main() -> None:
    """Import what the model needs, then run a process for each line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("model")
    parser.add_argument("--budget", type=float, default=60.0)
    parser.add_argument("--no-clock", action="store_true")
    parser.add_argument("--timeout", type=int, default=1800)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    for module in (*IMPORTS.get(arguments.model, ()), *library(arguments.model)):
        importlib.import_module(module)
    if arguments.model == "unbend":
        load_kernels()
    for line in sys.stdin:
        table, split = line.split()
        began = time.monotonic()
        process = os.fork()
        if process == 0:
            signal.alarm(arguments.timeout)
            child(table, int(split), arguments)
        _, status = os.waitpid(process, 0)
        if status:
            ended = {"error": f"ended with status {status} after {time.monotonic() - began:.0f} s"}
            print(json.dumps(ended), flush=True)


def library(model: str) -> tuple[str, ...]:
    """The modules of a model beside those of `IMPORTS`."""
    if model == "unbend":
        return ("unbend",)
    return ("tables_peers", "pyarrow", *(() if model in IMPORTS else (model.lower(),)))


def load_kernels() -> None:
    """Fit values, two and three classes of a small table."""
    import unbend as ub

    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 2))
    for y in (x[:, 0], np.where(x[:, 0] > 0, "a", "b"), np.array(list("abc"))[np.arange(60) % 3]):
        ub.fit({"a": x[:, 0], "b": x[:, 1], "y": y}, "y", budget=5, by_clock=False)


def child(table: str, split: int, arguments: argparse.Namespace) -> None:
    """Run one job, print its result and end the process."""
    try:
        result = job(table, split, arguments)
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(result), flush=True)
    os._exit(0)


def job(table: str, split: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """The result of one model on one split of one table."""
    description = json.loads((arguments.data / f"{table}.json").read_text())
    test = np.zeros(description["rows"], bool)
    test[description["test_rows"][split]] = True
    path = arguments.data / f"{table}.parquet"
    arguments.split = split
    run = unbend if arguments.model == "unbend" else peer
    began = time.monotonic()
    return run(path, description, test, arguments) | {"elapsed": round(time.monotonic() - began, 2)}


def seconds() -> float:
    """Processor seconds so far, of this process and of those it waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in used)


def loss(y: Array, predicted: Array, classes: int) -> float:
    """RMSE of values (n,), or log loss of probabilities (n, classes) for class numbers y."""
    if not classes:
        return float(np.sqrt(np.mean((y - predicted) ** 2)))
    return float(-np.mean(np.log(np.clip(predicted[np.arange(len(y)), y.astype(int)], SMALLEST, 1.0))))


def peer(path: Path, description: dict[str, Any], test: Array, arguments: argparse.Namespace) -> dict[str, Any]:
    """A model of another library."""
    import pandas as pd
    from tables_peers import PEERS, Split

    frame = pd.read_parquet(path)
    y, classes = target(frame[description["target"]].to_numpy(), description)
    x = frame.drop(columns=description["target"])
    split = Split(x[~test].reset_index(drop=True), y[~test], x[test].reset_index(drop=True), classes, arguments.split)
    began = seconds()
    final, early, until = PEERS[arguments.model](split)
    spent = seconds() - began
    return {
        "loss": loss(y[test], final, classes),
        "early_loss": loss(y[test], early, classes),
        "seconds": round(spent, 3),
        "early_seconds": round(until - began, 3),
    }


def target(column: Array, description: dict[str, Any]) -> tuple[Array, int]:
    """The target as values or class numbers, and the number of classes (0: values)."""
    if description["task"] == "regression":
        return column.astype(float), 0
    labels = description["labels"]
    return np.array([labels.index(label) for label in column]), len(labels)


def unbend(path: Path, description: dict[str, Any], test: Array, arguments: argparse.Namespace) -> dict[str, Any]:
    """The model that `unbend.fit` chooses, its verdict, and both of its models."""
    import pyarrow.parquet as parquet

    import unbend as ub

    table = parquet.read_table(path)
    y, classes = target(np.array(table[description["target"]].to_pylist()), description)
    train, rest = table.filter(~test), table.filter(test).drop_columns([description["target"]])
    types = dict.fromkeys(description["names"], "category")
    began = seconds()
    result = ub.fit(
        train,
        description["target"],
        task=description["task"],
        types=types,
        budget=arguments.budget,
        seed=arguments.split,
        by_clock=not arguments.no_clock,
    )
    predicted = predictions(result.model, rest, description)
    spent = seconds() - began
    models = {"linear": result.linear.model, "network": result.network.model}
    predicted_by = {name: predictions(model, rest, description) for name, model in models.items()}
    return {
        "loss": loss(y[test], predicted, classes),
        "seconds": round(spent, 3),
        **{f"{name}_loss": loss(y[test], found, classes) for name, found in predicted_by.items()},
        "verdict": result.verdict,
        "gain": result.gain,
        "chosen": result.chosen,
        "wall": round(result.seconds, 2),
        "notes": sorted({note.key for note in result.notes}),
        "source": str(Path(ub.__file__).parent),
    }


def predictions(model: Any, table: Any, description: dict[str, Any]) -> Array:
    """Values (n,), or probabilities (n, classes) in the order of the description's labels."""
    if description["task"] == "regression":
        return np.asarray(model.predict(table), float)
    own = list(model.classes)
    found = np.asarray(model.probabilities(table), float)
    ordered = np.zeros((len(found), len(description["labels"])))
    for k, label in enumerate(description["labels"]):
        if label in own:
            ordered[:, k] = found[:, own.index(label)]
    return ordered


if __name__ == "__main__":
    main()
