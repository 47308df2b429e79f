"""A model for tables: saved, loaded, asked about CSV and Parquet; what it refuses."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

import unbend as ub
from unbend.data import Encoder, pose_problem
from unbend.errors import BadInput, DataError, ModelError
from unbend.network.files import load_with_extra, save
from unbend.verdict import Model, Settings, fit_network
from unbend.verdict.linear_model import fit_linear

RNG = np.random.default_rng(0)
N = 80
TABLE: dict[str, Any] = {
    "나이": RNG.uniform(20, 70, N).round(3),
    "colour, dyed": RNG.choice(["red", "blue", "초록"], N),
    "ok": RNG.choice([True, False], N),
    "gap": [None if k % 7 == 0 else float(k % 13) for k in range(N)],
}
ANSWERS: dict[str, Any] = {
    "number": TABLE["나이"] ** 2 / 50 + 3 * TABLE["ok"],
    "two": np.where(TABLE["나이"] > 45, "old", "young"),
    "three": np.select([TABLE["나이"] < 35, TABLE["나이"] < 55], ["낮음", "mid"], "high"),
}
QUICK = Settings(members=2, hidden=(8,), steps=150)
MODELS: dict[tuple[str, bool], Model] = {}


def model(kind: str, nonlinear: bool = True) -> Model:
    if (kind, nonlinear) not in MODELS:
        problem = pose_problem(TABLE | {"y": ANSWERS[kind]}, "y")
        encoder, classes = Encoder.fit(problem), len(problem.classes)
        x = encoder.transform(problem)
        network, _ = fit_linear(x, problem.y, classes, 0)
        if nonlinear:
            network = fit_network(x, problem.y, classes, network, 0, settings=QUICK).network
        MODELS[kind, nonlinear] = Model(network, encoder, "y", problem.classes)
    return MODELS[kind, nonlinear]


@pytest.mark.parametrize("nonlinear", [False, True])
@pytest.mark.parametrize("kind", list(ANSWERS))
def test_saved_loaded_and_asked_in_every_form(kind: str, nonlinear: bool, tmp_path: Path) -> None:
    """The same numbers from memory, CSV and Parquet, before and after the file."""
    here = model(kind, nonlinear)
    path = here.save(tmp_path / "out" / "model.safetensors", {"verdict": "bends_pay"})
    there = Model.load(path)
    pa.csv.write_csv(pa.table(TABLE), tmp_path / "t.csv")
    pa.parquet.write_table(pa.table(TABLE), tmp_path / "t.parquet")
    expected = here.predict(TABLE)
    assert expected.shape == (N,)
    assert (
        np.corrcoef(expected, ANSWERS[kind])[0, 1] > 0.9
        if kind == "number"
        else np.mean(expected == ANSWERS[kind]) > 0.8
    )
    for source in (here, there, Model.load(path.parent)):  # the folder will do
        for table in (TABLE, tmp_path / "t.csv", str(tmp_path / "t.parquet"), pa.table(TABLE)):
            np.testing.assert_array_equal(source.predict(table), expected)
            if kind != "number":
                np.testing.assert_array_equal(source.probabilities(table), here.probabilities(TABLE))
    assert (there.target, there.classes, there.encoder.names) == ("y", here.classes, here.encoder.names)
    assert load_with_extra(path)[1]["verdict"] == "bends_pay" and os.listdir(path.parent) == ["model.safetensors"]


def test_result_saves_the_chosen_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from unbend.verdict.plan import WorkPlan

    monkeypatch.setattr(sys.modules["unbend.verdict.pipeline"], "plan", lambda *a: WorkPlan(5, 1, QUICK))
    table = TABLE | {"y": ANSWERS["number"]}
    result = ub.fit(table, "y", model="network", seed=2)
    again = Model.load(result.save(tmp_path / "m"))
    assert again.predict(TABLE).tobytes() == result.predict(TABLE).tobytes()
    saved = load_with_extra(tmp_path / "m")[1]
    assert (saved["verdict"], saved["chosen"], saved["seed"]) == (result.verdict, "network", 2)


def test_a_used_model_can_be_pickled() -> None:
    here = model("three")
    expected = here.predict(TABLE)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(here)).predict(TABLE), expected)


def test_values_and_labels() -> None:
    three, number = model("three"), model("number")
    p = three.probabilities(TABLE)
    assert p.shape == (N, 3)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    assert three.predict(TABLE).tolist() == np.array(three.classes)[p.argmax(axis=1)].tolist()
    assert number.predict(TABLE).dtype == np.float64
    with pytest.raises(DataError, match="exist for classes"):
        number.probabilities(TABLE)
    two = model("two")
    np.testing.assert_allclose(two.probabilities(TABLE)[:, 1], 1 / (1 + np.exp(-two.output(TABLE)[:, 0])), rtol=1e-12)


def test_order_extra_columns_and_row_by_row() -> None:
    here = model("number")
    turned = dict(reversed(TABLE.items())) | {"more": ["?"] * N}
    np.testing.assert_array_equal(here.predict(turned), here.predict(TABLE))
    one = {name: [cells[5]] for name, cells in TABLE.items()}
    np.testing.assert_allclose(here.predict(one), here.predict(TABLE)[5:6], rtol=1e-12)
    with_answer = TABLE | {"y": np.zeros(N)}
    np.testing.assert_array_equal(here.predict(with_answer), here.predict(TABLE))


def test_labels_never_seen_are_said() -> None:
    odd = TABLE | {"colour, dyed": ["violet"] * N}
    assert [note.key for note in model("number").notes(odd)] == ["data.unseen_labels"]
    assert np.isfinite(model("number").predict(odd)).all() and model("number").notes(TABLE) == ()


@pytest.mark.parametrize(
    ("change", "part"),
    [({"나이": None}, "나이"), ({"ok": None}, "ok"), ({"나이": ["forty"] * N}, "forty"),
     ({"나이": [*[1.0] * (N // 2), *["x?"] * (N - N // 2)]}, "row 41"), ({"gap": [[1.0]] * N}, "gap")],
)  # fmt: skip
def test_tables_that_do_not_fit(change: dict[str, Any], part: str) -> None:
    table = {name: cells for name, cells in (TABLE | change).items() if cells is not None}
    with pytest.raises(DataError) as caught:
        model("number").predict(table)
    assert part in str(caught.value) and "\n" not in str(caught.value)


def test_what_is_no_table(tmp_path: Path) -> None:
    for thing in (tmp_path / "none.csv", tmp_path, 5, np.zeros(3)):
        with pytest.raises(DataError):
            model("number").predict(thing)


# files --------------------------------------------------------------------------------------------------------------


def test_a_bare_network_is_no_table_model(tmp_path: Path) -> None:
    ub.save(ub.Network([ub.Dense(2, 1)]), tmp_path / "m")
    with pytest.raises(ModelError, match="network without column information"):
        Model.load(tmp_path / "m")
    assert ub.load(model("number").save(tmp_path / "n")).network.inputs == len(model("number").encoder.names)
    for place in (tmp_path / "none", tmp_path):
        with pytest.raises(ModelError, match="no model file"):
            Model.load(place)


DAMAGED: list[dict[str, Any]] = [
    {"encoder": None}, {"encoder": {}}, {"encoder": {"version": 99, "columns": []}}, {"encoder": {"version": 1}},
    {"encoder": {"version": 1, "columns": []}}, {"encoder": {"version": 1, "columns": [{"name": "a"}]}},
    {"encoder": {"version": 1, "columns": [{"os": "system"}]}}, {"encoder": [1]}, {"classes": None}, {"classes": 3},
    {"classes": ["a", "b", "c"]}, {"target": ...}, {"kind": "forest"}, {"kind": None},
]  # fmt: skip


@pytest.mark.parametrize("change", DAMAGED)
def test_damaged_descriptions(change: dict[str, Any], tmp_path: Path) -> None:
    here = model("number")
    whole = {"kind": "table", "target": "y", "classes": [], "encoder": here.encoder.to_dict()}
    save(here.network, tmp_path / "good", whole)
    assert Model.load(tmp_path / "good").predict(TABLE).tobytes() == here.predict(TABLE).tobytes()
    save(here.network, tmp_path / "bad", {name: v for name, v in (whole | change).items() if v is not ...})
    with pytest.raises(BadInput) as caught:
        Model.load(tmp_path / "bad")
    assert isinstance(caught.value, ModelError) and "\n" not in str(caught.value)


def test_nothing_in_the_file_can_run(tmp_path: Path) -> None:
    """Numbers and JSON alone: the bytes are a length, a JSON header, and as many numbers as it says."""
    raw = model("number").save(tmp_path / "m").read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    described = json.loads(header.pop("__metadata__")["unbend"])
    assert described["format"] == "unbend.network" and described["extra"]["kind"] == "table"
    assert len(raw) == 8 + length + max(t["data_offsets"][1] for t in header.values())
