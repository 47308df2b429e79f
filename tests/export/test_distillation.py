"""``distill``: a small network in place of a table model, what it says, and ``unbend export --small``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.cli import run
from unbend.data import Encoder, pose_problem
from unbend.errors import BadInput, DataError, ModelError
from unbend.verdict import Model

distilling: Any = import_module("unbend.export.distillation")


@pytest.fixture(autouse=True)
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distilling, "_STEPS", 3000)


def table(n: int = 300) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    x = rng.uniform(-2, 2, n).round(2)
    colour = np.where(np.arange(n) % 3 == 0, "red", "blue")
    gap = [None if i % 8 == 0 else float(v) for i, v in enumerate(rng.normal(size=n).round(2))]
    y = np.abs(x) + (colour == "red") + rng.normal(0, 0.1, n)
    return {"x": x, "colour": colour, "gap": gap, "y": y}


def full_model(classes: tuple[str, ...] = ()) -> Model:
    """A network of known weights: |x| + 1 for red, or that as a score."""
    data = table()
    encoder = Encoder.fit(pose_problem(data, "y"))
    places = {name: i for i, name in enumerate(encoder.names)}
    W = np.zeros((len(places), 3))
    W[places["x"], :2] = 1, -1
    W[places["colour=red"], 2] = 1
    outputs = np.ones((3, 1)) if len(classes) < 3 else np.array([[1.0, -1.0, 0.0]] * 3)
    net = ub.Network.from_arrays(
        [(W, np.zeros(3)), (outputs, np.zeros(outputs.shape[1]))], ["relu", "identity"], "float64"
    )
    return Model(net, encoder, "y", classes)


def test_a_small_network_follows_the_full_one() -> None:
    full, data = full_model(), table()
    small = ub.distill(full, data, hidden=(12,), seed=1)
    network = small.model.network
    assert [layer.outputs for layer in network.layers] == [12, 1] and network.dtype == np.float64
    assert small.agreement > 0.98 and small.rows == 60
    assert small.error is not None and small.full_error == pytest.approx(0.1, rel=0.3)
    assert small.full_error <= small.error < 0.3
    np.testing.assert_allclose(small.model.predict(data), full.predict(data), atol=0.5)
    assert all(part in str(small) for part in ("12 hidden", "60 rows", f"{small.agreement:.1%}", "RMSE of y"))
    assert len(ub.collapse(network).layers) == 2 and ub.local_map(network, np.zeros(network.inputs)).exact


def test_same_seed_same_bits() -> None:
    networks = [ub.distill(full_model(), table(), hidden=(4,), seed=seed).model.network for seed in (3, 3, 4)]
    arrays = [np.concatenate([array.ravel() for array in net.parameters.values()]) for net in networks]
    np.testing.assert_array_equal(arrays[0], arrays[1])
    assert (arrays[0] != arrays[2]).any()


@pytest.mark.parametrize("classes", [("no", "yes"), ("a", "b", "c")])
def test_classes_are_told_by_log_loss(classes: tuple[str, ...]) -> None:
    full, data = full_model(classes), table()
    data["y"] = full.predict(data)
    small = ub.distill(full, data, hidden=(12,))
    assert small.model.classes == classes and small.agreement > 0.95
    assert small.error is not None and small.full_error is not None and small.error < small.full_error + 0.1
    assert "Log loss of y" in str(small)


def test_without_the_target_there_is_no_error() -> None:
    data = {name: values for name, values in table().items() if name != "y"}
    small = ub.distill(full_model(), data, hidden=(4,))
    assert small.error is None and "RMSE" not in str(small)


def test_points_stay_in_the_range_and_keep_labels_whole() -> None:
    full = full_model()
    x = full.encoder.transform(table())
    points = distilling._points(x, full.encoder, np.random.default_rng(0))
    assert len(points) >= 20_000
    assert (points.min(axis=0) >= x.min(axis=0)).all() and (points.max(axis=0) <= x.max(axis=0)).all()
    names = full.encoder.names
    colours = points[:, [i for i, name in enumerate(names) if name.startswith("colour=")]]
    assert (colours.sum(axis=1) == 1).all()
    missing = points[points[:, names.index("gap is missing")] == 1]
    assert np.unique(missing[:, names.index("gap")]).tolist() == [full.encoder.column_encoders[2].fill_value]


def test_what_cannot_be_distilled() -> None:
    full, few = full_model(), {name: values[:10] for name, values in table().items()}
    for call, error, part in [
        (lambda: ub.distill(ub.Network([ub.Dense(2, 1)], seed=0), table()), ModelError, "Network"),
        (lambda: ub.distill(full), DataError, "--data"),
        (lambda: ub.distill(full, few), DataError, "20"),
        (lambda: ub.distill(full, table(), hidden=()), BadInput, "hidden"),
    ]:
        with pytest.raises(error, match=part):
            call()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_command_line_says_what_it_costs(language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import pyarrow as pa
    import pyarrow.csv

    full_model().save(tmp_path / "model.safetensors")
    pyarrow.csv.write_csv(pa.table(table()), tmp_path / "rows.csv")
    model, rows, out = (str(tmp_path / name) for name in ("model.safetensors", "rows.csv", "small.txt"))
    assert run(["--lang", language, "export", model, "--to", "excel", "--small", "--data", rows, "--out", out]) == 0
    said = capsys.readouterr().err
    assert "RMSE" in said and ("작은 신경망" in said) == (language == "ko") and "LET(" in Path(out).read_text("utf-8")
    assert run(["--lang", language, "export", model, "--to", "c", "--small"]) == 2
    assert run(["--lang", language, "export", model, "--to", "c", "--data", rows]) == 2
    errors = capsys.readouterr().err
    assert errors.count("\n") == 2 and "--small" in errors


def test_export_of_a_small_one(tmp_path: Path) -> None:
    path = ub.export(full_model(), tmp_path / "m.py", small=True, data=table())
    space: dict[str, Any] = {}
    exec(path.read_text(encoding="utf-8"), space)
    assert len(space["COLUMNS"]) == len(full_model().encoder.names)
