"""Linear models from sums over shards: digits on certified sets, CPU time a row; writes ``results/streamed_sums.md``.

    OMP_NUM_THREADS=1 python benchmarks/streamed_sums.py FOLDER [--rows 2000000] [--repeats 5]

FOLDER holds the NIST Statistical Reference Datasets as JSON, as for ``nist.py``. Each set is cut into 7 shards, which
are summed one by one and merged in three shuffled orders. Columns that are powers come with the digits that a double
does not hold (Filip's tenth power of a decimal of ten digits needs 32). The score is ``nist.py``'s.

Times are CPU seconds of the whole process a row, the least of the repeats, for a Parquet file of 20 float32 columns and
a target that is written to a temporary folder; all steps take turns, so that a busy machine disturbs all alike.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine
from nist_sets import HERE, problem, records, score

from unbend.network.scaling import Scaler
from unbend.solve.streamed.least_squares_sums import LeastSquaresSums
from unbend.solve.streamed.logistic_sums import LogisticSums
from unbend.solve.streamed.reference import reference_scaler
from unbend.solve.streamed.sums_solution import SumsSolution

SHARDS, ORDERS, COLUMNS = 7, 3, 20


def columns_of(record: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, bool]:
    """The columns without the constant, what they have beyond doubles, and whether there is a constant."""
    formula, data = problem(record)
    intercept = "b0" in record["certified"]
    if record["variables"] != ["x"]:
        x = formula.system(data).A[:, intercept:]
        return x, np.array([[float(Fraction(repr(v)) - Fraction(v)) for v in row] for row in x.tolist()]), intercept
    decimals = [Fraction(repr(float(v))) for v in record["x"]]
    powers = [[v ** (k + 1) for k in range(len(record["certified"]) - intercept)] for v in decimals]
    high = np.array([[float(v) for v in row] for row in powers])
    low = [[float(v - Fraction(float(v))) for v in row] for row in powers]
    return high, np.array(low), intercept


def in_shards(x: np.ndarray, low: np.ndarray, y: np.ndarray, intercept: bool, exact: bool) -> list[SumsSolution]:
    """The solutions of three orders of the shards."""
    reference, found = reference_scaler(x, y), []
    for seed in range(ORDERS):
        total = LeastSquaresSums(x.shape[1], reference=reference, exact=exact)
        for part in np.random.default_rng(seed).permutation(SHARDS):
            rows = np.array_split(np.arange(len(y)), SHARDS)[part]
            sums = LeastSquaresSums(x.shape[1], reference=reference, exact=exact)
            sums.add(x[rows], y[rows], low=low[rows] if exact else None)
            total.merge(sums)
        found.append(total.solve(intercept=intercept))
    return found


def certified(folder: Path) -> Iterator[str]:
    """The table of the certified sets."""
    yield "| set | sums | coefficients | standard errors | digits that it is sure of | bits in three orders |"
    yield "|---|---|---|---|---|---|"
    for record in records(folder):
        if record["kind"] != "linear":
            continue
        x, low, intercept = columns_of(record)
        for exact in (True, False):
            solutions = in_shards(x, low, np.array(record["y"], dtype=float), intercept, exact)
            numbers = [
                ([s.intercept] * intercept + s.coefficients.tolist(),
                 [s.intercept_error] * intercept + s.standard_errors.tolist()) for s in solutions
            ]  # fmt: skip
            values, errors = (dict(zip(record["certified"], part, strict=True)) for part in numbers[0])
            same = "the same" if len({repr(n) for n in numbers}) == 1 else "NOT the same"
            yield (
                f"| {record['name']} | {'exact' if exact else 'in doubles'} "
                f"| {score('', record['certified'], values):.1f} | {score('', record['certified'], errors, 1):.1f} "
                f"| {solutions[0].digits:.1f} | {same} |"
            )


def write_table(path: Path, rows: int, dictionary: bool) -> None:
    """20 float32 columns and a target that depends on them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(0)
    columns = {f"x{j}": rng.normal(j, 1 + j, rows).astype(np.float32) for j in range(COLUMNS)}
    y = sum((0.1 * (j + 1) * c for j, c in enumerate(columns.values())), rng.normal(size=rows).astype(np.float32))
    pq.write_table(pa.table({**columns, "y": y}), path, row_group_size=1 << 17, use_dictionary=dictionary)


def batches(path: Path) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The columns, one after the other in memory, and the target."""
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(path).iter_batches(batch_size=1 << 16, use_threads=False):
        *columns, y = (column.to_numpy() for column in batch.columns)
        yield np.stack(columns).T, y


def decode(path: Path) -> None:
    import pyarrow.parquet as pq

    for _ in pq.ParquetFile(path).iter_batches(batch_size=1 << 16, use_threads=False):
        pass


def steps(path: Path, small: Path) -> dict[str, tuple[Callable[[], Any], Path]]:
    """{what is timed: (function, the file that it reads)}."""
    from sklearn.linear_model import SGDRegressor

    first, target = next(batches(path))
    reference = reference_scaler(first[:4096], target[:4096])
    of_columns = Scaler(reference.centre[:-1], reference.scale[:-1])

    def summed(file: Path, folds: int = 1, exact: bool = False) -> LeastSquaresSums:
        sums = LeastSquaresSums(COLUMNS, reference=reference, folds=folds, exact=exact)
        for x, y in batches(file):
            sums.add(x, y, fold=np.arange(len(y)) // 64 % folds if folds > 1 else None)
        return sums

    def newton_sums() -> Any:
        sums = LogisticSums(np.zeros((COLUMNS + 1, 1)), of_columns)
        for x, y in batches(path):
            sums.add(x, y > 0)
        return sums.totals()

    def descent() -> Any:
        model = SGDRegressor()
        for x, y in batches(path):
            model.partial_fit(of_columns(x), y)
        return model

    return {
        "decode (pyarrow, one thread)": (lambda: decode(path), path),
        "decode, columns in one array": (lambda: [None for _ in batches(path)], path),
        "decode and sums in doubles": (lambda: summed(path), path),
        "decode and sums of 5 folds": (lambda: summed(path, folds=5), path),
        "decode and exact sums": (lambda: summed(small, exact=True), small),
        "decode and one Newton pass of logistic regression": (newton_sums, path),
        "decode, standardise and scikit-learn's SGDRegressor.partial_fit": (descent, path),
    }


def rates(rows: int, repeats: int) -> Iterator[str]:
    """The table of times."""
    yield "| step | file | CPU ns a row | rows a CPU second | of the decode rate |"
    yield "|---|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        for dictionary in (True, False):
            path, small = Path(folder) / "table.parquet", Path(folder) / "small.parquet"
            write_table(path, rows, dictionary)
            write_table(small, rows // 10, dictionary)
            timed = steps(path, small)
            least = dict.fromkeys(timed, np.inf)
            for repeat in range(repeats + 1):
                for name, (function, file) in timed.items():
                    began = time.process_time()
                    function()
                    seconds = (time.process_time() - began) / (rows if file == path else rows // 10)
                    least[name] = min(least[name], seconds) if repeat else np.inf  # the first one warms up
            kind = "dictionary, the default" if dictionary else "plain"
            for name, seconds in least.items():
                share = least["decode (pyarrow, one thread)"] / seconds
                yield f"| {name} | {kind} | {seconds * 1e9:.0f} | {1 / seconds:,.0f} | {share:.0%} |"
            sums = least["decode and sums in doubles"] - least["decode, columns in one array"]
            share = least["decode (pyarrow, one thread)"] / sums
            yield f"| sums in doubles, the difference | {kind} | {sums * 1e9:.0f} | {1 / sums:,.0f} | {share:.0%} |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    versions = machine(("numpy", "scipy", "numba", "pyarrow", "scikit-learn"))
    text = [
        "# Linear models from sums over shards", "", versions, "", "Made by `python benchmarks/streamed_sums.py`.", "",
        f"## Certified sets in {SHARDS} shards", "",
        "Correct digits, signed, worst parameter. Certified values carry 15 digits, so that a perfect answer scores",
        "about 14.3 to 15.9. The digits that it is sure of count against a coefficient or, if larger, its standard",
        "error; where they are few, the sums are taken again, exactly.", "",
        *certified(arguments.folder), "", "## CPU time a row", "",
        f"{arguments.rows:,} rows of {COLUMNS} float32 columns and a target, snappy (exact sums: a tenth).", "",
        *rates(arguments.rows, arguments.repeats), "",
    ]  # fmt: skip
    (HERE / "results" / "streamed_sums.md").write_text("\n".join(text), encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
