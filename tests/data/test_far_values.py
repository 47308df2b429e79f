"""Values far outside all others: found where they are errors, rarely in heavy tails, and missing to the encoder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.data import Encoder, pose_problem
from unbend.data.far_values import far_limits, far_rows

Draw = Callable[[np.random.Generator, int], Any]
TAILS: dict[str, Draw] = {
    "normal": lambda r, n: r.normal(size=n),
    "t with 3 degrees of freedom": lambda r, n: r.standard_t(3, n),
    "log-normal, sigma 1": lambda r, n: np.exp(r.normal(size=n)),
    "log-normal, sigma 2": lambda r, n: np.exp(2 * r.normal(size=n)),
    "exponential": lambda r, n: r.exponential(size=n),
    "uniform": lambda r, n: r.random(n),
    "Poisson": lambda r, n: r.poisson(1, n).astype(float),
    "many zeros": lambda r, n: np.where(r.random(n) < 0.6, 0.0, np.exp(r.normal(3, 1, n))),
}


@pytest.mark.parametrize("tail", TAILS)
def test_ordinary_tails_have_no_far_values(tail: str) -> None:
    for rows, most in ((60, 0.06), (300, 0.03), (2000, 0.03)):
        fired = [len(far_rows(TAILS[tail](np.random.default_rng(seed), rows))) > 0 for seed in range(100)]
        assert np.mean(fired) <= most + 0.02


def lengths(rows: int = 1000, seed: int = 0) -> np.ndarray:
    """Like the depth in mm of cut stones: 2 to 6."""
    rng = np.random.default_rng(seed)
    carat = np.exp(rng.normal(-0.4, 0.55, rows)).clip(0.2, 3)
    depth: np.ndarray = 3.84 * carat ** (1 / 3) * rng.normal(1, 0.02, rows)
    return depth


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("cells", "value"), [([7], 0.0), ([7], 31.8), ([7], 4000.0), ([3, 500], -999.0), (list(range(0, 1000, 20)), -999.0)]
)
def test_errors_are_found(cells: list[int], value: float, seed: int) -> None:
    values = lengths(seed=seed)
    values[cells] = value
    assert far_rows(values).tolist() == cells


def test_a_thousandth_in_another_unit() -> None:
    values = lengths(5000)
    values[::1000] *= 1000
    assert far_rows(values).tolist() == [0, 1000, 2000, 3000, 4000]


@pytest.mark.parametrize("rows", [1000, 1999, 2000, 2001, 5000])
def test_what_is_far_in_the_table_is_far_in_every_fold(rows: int) -> None:
    """Nine tenths of the rows may hold all far values, and less than one per thousand of rows."""
    values = lengths(rows)
    far = np.arange(0, rows - 999, 1000)
    values[far] *= 1000
    problem = pose_problem({"z": values, "y": np.arange(rows) % 7 + 0.5}, "y")
    assert problem.inputs[0].far == len(far)
    for train in (np.arange(rows * 9 // 10), np.arange(rows // 10, rows), np.union1d(far, np.arange(rows // 2, rows))):
        x = Encoder.fit(problem, rows=train).transform(problem)[:, 0]
        assert x.max() < 10


def test_values_that_are_no_errors() -> None:
    rng = np.random.default_rng(0)
    assert far_limits(rng.normal(size=20)) is None and far_limits(np.r_[np.zeros(999), 1.0]) is None
    assert far_rows(np.where(rng.random(300) < 0.5, 999.0, rng.normal(size=300))).size == 0  # too many for a sentinel
    x = rng.normal(size=300)
    x[0] = 400.0
    assert pose_problem({"x": x, "y": rng.normal(size=300)}, "y").inputs[0].far == 1
    borne_out = pose_problem({"x": x, "y": 2 * x + rng.normal(size=300)}, "y")
    assert borne_out.inputs[0].far == 0  # the target is as far out
    trend = np.r_[np.arange(299.0), 90_000]
    assert pose_problem({"x": trend, "y": rng.normal(size=300)}, "y").inputs[0].far == 0


def test_they_are_missing_to_the_encoder_fitted_on_the_given_rows() -> None:
    z = lengths()
    z[48] = 0.0
    problem = pose_problem({"z": z, "y": np.arange(1000) % 7 + 0.5}, "y")
    note = next(note for note in problem.notes if note.key == "data.far_values")
    assert note.values["column"] == "z" and note.values["cells"] == "0 (row 49)"
    for rows in (np.arange(1000), np.r_[0:48, 49:1000]):  # in the training rows, and held out
        encoder = Encoder.fit(problem, rows=rows)
        (column,) = encoder.column_encoders
        assert encoder.names == ("z",) and 0 < column.limits[0] < 2
        assert encoder.transform(problem)[48, 0] == column.fill_value == np.median(z[rows][z[rows] > 0])
        assert encoder.transform({"z": [0.0, 3.0, 4000.0]})[:, 0].tolist() == [column.fill_value, 3, column.fill_value]
        again = Encoder.from_dict(encoder.to_dict())
        assert again.column_encoders == encoder.column_encoders


def test_tables_without_them_are_encoded_as_ever() -> None:
    encoder = Encoder.fit(pose_problem({"z": lengths(), "y": np.arange(1000) % 7 + 0.5}, "y"))
    assert encoder.column_encoders[0].limits == () and "limits" not in encoder.to_dict()["columns"][0]


def test_sentinels_have_an_indicator() -> None:
    z = lengths()
    z[::25] = -999
    y = np.where(z < 0, 3.0, z)
    encoder = Encoder.fit(pose_problem({"z": z, "y": y}, "y"))
    assert encoder.names == ("z", "z is missing")
    assert encoder.transform({"z": [-999.0]})[0, 1] == 1


def test_exported_code_has_the_same_limits(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    z, x = lengths(200), rng.normal(size=200)
    z[[5, 80, 81, 120, 150]] = -999
    table = {"z": z, "x": x, "y": np.where(z < 0, 0.0, z) + x}
    model = ub.fit(table, "y", budget=0.05, by_clock=False).model
    rows = {"z": np.array([-999.0, 3.0, 5e4, np.nan]), "x": np.array([0.3, -1.0, 2.0, 0.1])}
    place = ub.export(model, tmp_path / "model.py")
    code: dict[str, Any] = {}
    exec(Path(place).read_text(encoding="utf-8"), code)
    values = [code["predict"]([a, b]) for a, b in zip(rows["z"], rows["x"], strict=True)]
    np.testing.assert_allclose(np.ravel(values), model.predict(rows), rtol=1e-6)
