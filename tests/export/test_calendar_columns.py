"""Months, weekdays and hours of dates in every export, against the model; rows have the dates alone."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.data import Encoder, pose_problem
from unbend.data.calendar_columns import with_calendar
from unbend.export import exported
from unbend.verdict import Model

from .test_encode import LANGUAGES, PROGRAMS, as_csv
from .test_targets_excel import answers, cells
from .test_targets_sql import DATABASES
from .test_workbook import columns

SOME: dict[str, list[Any]] = {
    "at": ["2024-02-29 00:30:00", "2023-12-31 23:59:00", "1969-07-20 20:17:00", None, "2100-03-01 12:00:00"],
    "day": ["2000-02-29", None, "2021-01-01", "1900-03-01", "2024-12-31"],
    "x": [1.0, -2.0, 0.5, 3.0, 0.0],
}


def calendar_model(hidden: int = 0) -> Model:
    """A model of a time with month, weekday and hour, and of a date with month and weekday."""
    days = np.datetime64("2020-01-01T00:00:00") + np.arange(2_000) * np.timedelta64(13 * 3600, "s")
    later = (days + np.timedelta64(90, "D")).astype("datetime64[D]")
    number = 6.0 * np.sin(days.astype("datetime64[M]").astype(int) * np.pi / 6) + 6.0 * (
        (days.astype("datetime64[D]").astype(int) + 3) % 7
    )
    y = number + 4.0 * np.cos(days.astype("datetime64[h]").astype(int) * np.pi / 12)
    rng = np.random.default_rng(0)
    x = rng.normal(size=len(days))
    table = {
        "at": days.astype(str).tolist(),
        "day": later.astype(str).tolist(),
        "x": x,
        "y": y + rng.normal(size=len(y)),
    }
    problem = with_calendar(pose_problem(table, "y"))
    encoder = Encoder.fit(problem)
    parts = [(c.calendar.source, c.calendar.part) for c in problem.inputs if c.calendar is not None]
    assert sorted(parts) == [("at", "hour"), ("at", "month"), ("at", "weekday"), ("day", "month"), ("day", "weekday")]
    sizes = [len(encoder.names), *([hidden] if hidden else []), 1]
    layers = [ub.Dense(a, b, "relu" if b > 1 else "identity") for a, b in pairwise(sizes)]
    net = ub.Network(layers, seed=1, dtype="float64")
    scale = np.array([1e-4 if name in ("at", "day") else 1.0 for name in encoder.names])
    first = (net.layers[0].W * scale[:, None], net.layers[0].b)
    return Model(net.with_arrays([first, *net.arrays[1:]]), encoder, "y", ())


def test_rows_need_the_dates_alone(tmp_path: Path) -> None:
    model = calendar_model()
    assert model.columns == ("at", "day", "x")
    predicted = model.predict(SOME)
    assert len(set(predicted.round(6).tolist())) == 5
    again = ub.load(str(model.save(tmp_path / "m.safetensors")))
    assert again.predict(SOME).tolist() == predicted.tolist()


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("hidden", [0, 3])
def test_sql(database: str, hidden: int) -> None:
    model = calendar_model(hidden)
    names, rows = DATABASES[database](str(exported(model, "sql")), SOME)
    assert names == ["at", "day", "x", "predicted y"]
    np.testing.assert_allclose([row[-1] for row in rows], model.predict(SOME), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_code(language: str, tmp_path: Path) -> None:
    model = calendar_model(3)
    _, rows = as_csv(SOME, model.columns)
    np.testing.assert_allclose(PROGRAMS[language](tmp_path, model, rows), model.predict(SOME), rtol=1e-9, atol=1e-9)


def test_excel(tmp_path: Path) -> None:
    model = calendar_model()
    modern = {name: [values[i] for i in (0, 1, 4)] for name, values in SOME.items()}  # sheets begin in 1900
    found = [row["predicted y"] for row in answers(str(exported(model, "excel")), cells(modern))]
    np.testing.assert_allclose(np.array(found, dtype=float), model.predict(modern), rtol=1e-9, atol=1e-9)
    path = ub.export(calendar_model(2), tmp_path / "m.xlsx", data=modern)
    found, beside = columns(path, "predicted y", f"by unbend {ub.__version__}")
    np.testing.assert_allclose(np.array(found, dtype=float), np.array(beside, dtype=float), rtol=1e-9, atol=1e-9)
