"""``fit`` with checkpoints: cut anywhere and resumed, it answers as if it had never been cut."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

import unbend as ub
from unbend.cli import run
from unbend.data.digest import digest
from unbend.errors import BadInput, ModelError
from unbend.verdict import Result

COMPARE = sys.modules["unbend.verdict.compare"]
PIPELINE = sys.modules["unbend.verdict.pipeline"]
pytestmark = pytest.mark.usefixtures("quick")


class Cut(Exception):
    """Ends a fit from outside, as a kill would."""


def table(rows: int = 60) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    a, b, noise = rng.normal(size=(3, rows))
    return {"a": a, "b": b, "kind": np.where(b + noise > 0, "p", "q").tolist(), "y": a + np.abs(b) + 0.3 * noise}


@contextmanager
def cut_at(call: int) -> Iterator[None]:
    """The n-th training of networks ends the fit."""
    calls = 0

    def sometimes(real: Any) -> Any:
        def train(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == call:
                raise Cut
            return real(*arguments, **named)

        return train

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Cut):
        patch.setattr(COMPARE, "fit_folds", sometimes(COMPARE.fit_folds))
        patch.setattr(PIPELINE, "fit_network", sometimes(PIPELINE.fit_network))
        patch.setattr(PIPELINE, "may_stop", lambda *a: False)
        yield


def same(a: Result, b: Result) -> bool:
    answers = [r.to_json() for r in (a, b)]
    for one in answers:
        one.pop("seconds")
    numbers = [
        [*r.network.model.network.parameters.values(), *r.linear.model.network.parameters.values(),
         *r.comparison.outputs.values(), r.comparison.losses]
        for r in (a, b)
    ]  # fmt: skip
    return answers[0] == answers[1] and all(x.tobytes() == y.tobytes() for x, y in zip(*numbers, strict=True))


@pytest.mark.parametrize(
    "more", [{}, {"formula": "p*a + q*abs(b)"}, {"target": "kind"}, {"time": "a", "model": "network"}], ids=str
)
def test_cut_and_resumed_twice_answers_as_an_unbroken_run(
    tmp_path: Path, more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments: dict[str, Any] = {"target": "y", "seed": 2, "budget": 600.0, **more}
    monkeypatch.setattr(PIPELINE, "may_stop", lambda *a: False)
    unbroken = ub.fit(table(), **arguments)
    for call in (1, 2):
        with cut_at(call):
            ub.fit(table(), **arguments, checkpoint=tmp_path, resume=True)
    assert same(unbroken, ub.fit(table(), **arguments, checkpoint=tmp_path, resume=True))
    assert same(unbroken, ub.fit(table(), **arguments, checkpoint=tmp_path, resume=True))


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """The checkpoint of a fit cut in its second repeat."""
    with cut_at(2):
        ub.fit(table(), "y", budget=600.0, checkpoint=tmp_path)
    return tmp_path / "checkpoint.safetensors"


CHANGES: dict[str, dict[str, Any]] = {
    "seed": {"seed": 1}, "budget": {"budget": 601.0}, "model": {"model": "linear"}, "formula": {"formula": "p*a"},
    "target": {"target": "a"}, "drop": {"drop": ["b"]}, "time": {"time": "b"}, "group": {"group": "kind"},
}  # fmt: skip


@pytest.mark.parametrize("name", [*CHANGES, "data", "version"])
def test_a_checkpoint_of_another_run_is_refused(name: str, cut: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, source = cut.read_bytes(), table()
    arguments = {"target": "y", "budget": 600.0} | CHANGES.get(name, {})
    if name == "data":
        source["a"][7] += 1e-9
    if name == "version":
        monkeypatch.setattr(sys.modules["unbend.train.checkpoint"], "__version__", "9.9")
    with pytest.raises(ModelError, match=rf"another run: {name} was .*, is now "):
        ub.fit(source, **arguments, checkpoint=cut.parent, resume=True)
    assert cut.read_bytes() == before


DAMAGES: dict[str, Any] = {
    "no time": lambda a, d: d["facts"].pop("spent"),
    "time no number": lambda a, d: d["facts"].update(spent=[1]),
    "time endless": lambda a, d: d["facts"].update(spent=float("inf")),
    "facts a list": lambda a, d: d.update(facts=[]),
    "losses NaN": lambda a, d: a["losses"].fill(np.nan),
    "fewer seconds": lambda a, d: a.update(seconds=a["seconds"][:-1]),
    "weights missing": lambda a, d: a.update(network=a["network"][:-1]),
    "networks unknown": lambda a, d: d["facts"]["network"].pop("networks"),
    "another table's outputs": lambda a, d: a.update({"outputs.bent": np.ones((7, 1))}),
    "a model more": lambda a, d: a.update(losses=np.ones((3, 4))),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_damaged_checkpoints(kind: str, cut: Path) -> None:
    from safetensors import safe_open

    with safe_open(cut, framework="numpy") as file:
        description = json.loads(file.metadata()["unbend"])
    arrays = load_file(cut)
    DAMAGES[kind](arrays, description)
    save_file(arrays, cut, metadata={"unbend": json.dumps(description)})
    with pytest.raises(ModelError, match="checkpoint, or is damaged"):
        ub.fit(table(), "y", budget=600.0, checkpoint=cut.parent, resume=True)


def test_the_time_spent_is_carried_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repeat that took nearly all of the budget leaves the resumed run no more than it left the unbroken one."""
    real, late = time.monotonic, 0.0
    monkeypatch.setattr(time, "monotonic", lambda: real() + late)
    fit_folds = COMPARE.fit_folds

    def slow(*arguments: Any, **named: Any) -> Any:
        nonlocal late
        late += 500.0
        return fit_folds(*arguments, **named)

    def cut(*arguments: Any) -> Any:
        raise Cut

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Cut):
        patch.setattr(COMPARE, "fit_folds", slow)
        patch.setattr(PIPELINE, "decide", cut)
        ub.fit(table(), "y", budget=1000.0, checkpoint=tmp_path)
    late = 0.0
    monkeypatch.setattr(PIPELINE, "may_stop", lambda *a: False)
    result = ub.fit(table(), "y", budget=1000.0, checkpoint=tmp_path, resume=True)
    assert result.comparison.out_of_time and result.comparison.repeats == 1


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = zip(*table().values(), strict=True)
    data = tmp_path / "t.csv"
    data.write_text("a,b,kind,y\n" + "\n".join(f"{a},{b},{kind},{y}" for a, b, kind, y in rows) + "\n")

    def answer(name: str, *more: str) -> dict[str, Any]:
        out = tmp_path / name
        assert run(["fit", str(data), "-t", "y", "--budget", "600", "--json", "--out", str(out), *more]) == 0
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return {k: v for k, v in answer.items() if k not in ("seconds", "model", "report", "out_of_fold")}

    unbroken, options = answer("unbroken"), ["--checkpoint", str(tmp_path / "kept")]
    with cut_at(1):
        run(["fit", str(data), "-t", "y", "--budget", "600", *options])
    assert answer("resumed", *options, "--resume") == unbroken
    first, second = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("unbroken", "resumed"))
    assert first == second
    refusals = (
        (["--resume"], "give its folder"),
        ([*options, "--resume", "--seed", "3"], "seed was 0, is now 3"),
        (["--checkpoint", str(data)], "cannot be written"),
    )
    for wrong, why in refusals:
        assert run(["fit", str(data), "-t", "y", "--budget", "600", *wrong]) == 2
        assert why in capsys.readouterr().err


def test_a_disk_that_fills_up_later_costs_no_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, count = os.replace, 0

    def full(*places: Any) -> None:
        nonlocal count
        count += 1
        if count > 2:
            raise OSError(28, "No space left on device")
        real(*places)

    monkeypatch.setattr(os, "replace", full)
    result = ub.fit(table(), "y", budget=600.0, checkpoint=tmp_path)
    assert any("No space left on device" in text for text in result.messages()) and len(result.comparison.losses) >= 5


CELLS = st.lists(st.one_of(st.none(), st.floats(allow_nan=False), st.integers(-5, 5)), min_size=1, max_size=8)


@given(CELLS, st.integers(0, 7), st.integers(1, 7))
@settings(max_examples=60, deadline=None)
def test_tables_are_told_apart_by_values_alone(cells: list[Any], at: int, chunk: int) -> None:
    column = pa.array([None if v is None else float(v) for v in cells], pa.float64())
    table = pa.table({"a": column})
    chunked = pa.table({"a": pa.chunked_array([column[i : i + chunk] for i in range(0, len(cells), chunk)])})
    hidden = pa.table({"a": pa.Array.from_buffers(pa.float64(), len(cells), [column.buffers()[0],
        pa.py_buffer(np.array([9.0 if v is None else float(v) for v in cells]))])})  # fmt: skip
    assert digest(table) == digest(chunked) == digest(hidden)
    at %= len(cells)
    other = [None if v is None else float(v) for v in cells]
    other[at] = 17.25 if other[at] is None else None
    assert digest(table) != digest(pa.table({"a": pa.array(other, pa.float64())}))
    assert digest(table) != digest(table.rename_columns(["b"]))


def test_resume_alone_is_refused() -> None:
    with pytest.raises(BadInput, match="give its folder"):
        ub.fit(table(), "y", resume=True)


def test_other_types_of_columns_count() -> None:
    def of(value: Any, kind: Any = None) -> str:
        return digest(pa.table({"a": pa.array([value, None], kind)}))

    seen = [of("x"), of("y"), of(True), of(False), of(b"x"), of([1]), of(1.0), of(1), of("x", pa.dictionary(
        pa.int32(), pa.string())), of(0, pa.timestamp("us")), of(1, pa.timestamp("us"))]  # fmt: skip
    assert len(set(seen)) == len(seen)
