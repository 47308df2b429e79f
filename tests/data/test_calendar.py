"""Parts of dates: their numbers against pandas; found where the target depends on them, not along trends and walks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import unbend as ub
from unbend.data import pose_problem
from unbend.data.calendar import part_numbers
from unbend.data.calendar_columns import with_calendar

RNG = np.random.default_rng(3)
DAYS = pd.date_range("2020-03-01", periods=900, freq="D")


def parts(y: object, dates: object = DAYS) -> list[str]:
    problem = with_calendar(pose_problem({"date": dates, "x": RNG.normal(size=len(y)), "y": y}, "y"))  # type: ignore[arg-type]
    return [column.calendar.part for column in problem.inputs if column.calendar is not None]


def test_the_numbers_are_those_of_pandas() -> None:
    days = np.concatenate([RNG.uniform(-40_000, 60_000, 3_000), np.arange(-3.0, 3.0), [np.nan]])
    dates = pd.to_datetime((days * 86_400e6).round(), unit="us")
    for part, attribute in (("month", "month"), ("weekday", "day_of_week"), ("hour", "hour")):
        expected = np.nan_to_num(np.asarray(getattr(dates, attribute), dtype=float) - (part == "month"), nan=-1)
        assert part_numbers(days, part).tolist() == expected.tolist()


@pytest.mark.parametrize("classes", [False, True])
def test_what_depends_on_the_calendar_is_found(classes: bool) -> None:
    weekend = (DAYS.day_of_week >= 5) * 2.0
    season = 3 * np.sin(2 * np.pi * DAYS.day_of_year / 365)
    noise = RNG.normal(size=len(DAYS))
    y = weekend + season + noise
    assert parts(np.where(y > 0.5, "high", "low") if classes else y) == ["weekday", "month"]
    hours = pd.date_range("2021-01-01", periods=900, freq="5h")
    assert parts(np.cos(2 * np.pi * hours.hour / 24) + noise / 2, hours) == ["hour"]


def test_trends_walks_and_noise_have_no_calendar() -> None:
    found = [
        parts(y) for _ in range(15) for y in (RNG.normal(size=900), RNG.normal(size=900).cumsum(), np.arange(900.0))
    ]
    assert not any(found)


def test_a_fit_on_weekdays() -> None:
    """A straight model of the weekday predicts new dates; the date's contribution has it."""
    y = 10 + 3.0 * (DAYS.day_of_week >= 5) + RNG.normal(0, 0.5, len(DAYS))
    result = ub.fit({"date": DAYS.astype(str).tolist(), "sales": y}, "sales", budget=20, by_clock=False)
    assert any("date: weekday" in message for message in result.messages())
    new = {"date": ["2024-06-01", "2024-06-03"]}  # a Saturday, a Monday
    np.testing.assert_allclose(result.predict(new), [13, 10], atol=0.6)
    assert [c.name for c in result.problem.inputs] == ["date", "date: weekday"] and result.model.columns == ("date",)
    assert result.model.explain(new, 0).contributions[0, 0] > 1.5
