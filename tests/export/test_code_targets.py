"""Exported C, JavaScript and Python, compiled and run, against the exact answer: 4 ulp for every operation."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.activations import Activation
from unbend.errors import ModelError
from unbend.export import exported
from unbend.export.conversion import to_export_model
from unbend.export.export_model import fill_missing

from .models import FAR, LABELS, OWN, raw_rows, table_model
from .oracle import shares
from .runners import C_FLAGS, RUNNERS

RNG = np.random.default_rng(5)


def nets(kind: str) -> dict[str, tuple[Any, int, None]]:
    """Every activation alone, for the extremes, and inside a network."""
    found: dict[str, tuple[Any, int, None]] = {}
    for i, name in enumerate([*ub.activations, *OWN]):
        found[f"lone{i}"] = (ub.Network.from_arrays([([[1.0]], [0.0])], [name], dtype=kind), 1, None)
        layers = [ub.Dense(3, 4, name), ub.Dense(4, 2, "identity")]
        net = ub.Network(layers, seed=i, dtype=kind)
        moved = [(W * 1.5, b + RNG.normal(0, 0.5, b.shape)) for W, b in net.arrays]
        found[f"net{i}"] = (net.with_arrays(moved), 2, None)
    return found


def rows_of(models: dict[str, Any], kind: str) -> dict[str, np.ndarray]:
    inside = RNG.normal(0, 2, (5, 3))
    return {name: (FAR if name.startswith("lone") else inside).astype(kind) for name in models}


@pytest.mark.parametrize("target", RUNNERS)
@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_every_activation_within_four_ulp_per_operation(target: str, kind: str, tmp_path: Path) -> None:
    models = nets(kind)
    rows = rows_of(models, kind)
    answers = answer(target, tmp_path, models, rows)
    names = [*ub.activations, *OWN]
    for name, (net, _, _) in models.items():
        used = shares(net, rows[name], answers[name])
        assert used.max() <= 1, (names[int(name.lstrip("lonet"))], rows[name][used.max(axis=1).argmax()], used.max())


def answer(target: str, folder: Path, models: Any, rows: Any, call: str = "output") -> dict[str, Any]:
    program, run = RUNNERS[target]
    if shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    return run(folder, models, rows, call)


def test_the_oracle_tells_errors_apart() -> None:
    """The bound is no rubber stamp: float32 weights, or a constant wrong in its tenth digit, are far outside."""
    net = nets("float64")["net7"][0]  # selu
    x = RNG.normal(0, 2, (3, 3))
    assert shares(net, x, net(x)).max() <= 1
    short = ub.Network.from_arrays(net.arrays, [layer.activation for layer in net.layers], "float32")
    assert shares(net, x, short(x).astype(np.float64)).max() > 1e4
    assert shares(net, x, net(x) * (1 + 1e-10)).max() > 1e3


@pytest.mark.parametrize("target", RUNNERS)
def test_nan_and_infinity_are_handed_on_as_numpy_does(target: str, tmp_path: Path) -> None:
    own = ["max(0, min(x, 2))", "1/(1 + exp(-x))", "log1p(abs(x))", "sqrt(abs(x))", "floor(x)", "sinh(x/800)",
           "exp(min(x, 9))", "(x**2 + 1)**0.5", "atan(x)", "cosh(x/800)"]  # fmt: skip
    names = [n for n in ub.activations if n != "sin"] + own
    models = {f"m{i}": (ub.Network.from_arrays([([[1.0]], [0.0])], [n], dtype="float64"), 1, None)
              for i, n in enumerate(names)}  # fmt: skip
    x = np.array([[np.nan], [np.inf], [-np.inf], [1e200], [-1e200]])
    with np.errstate(all="ignore"):
        wanted = {name: net(x) for name, (net, _, _) in models.items()}
    got = answer(target, tmp_path, models, dict.fromkeys(models, x))
    for (name, expected), activation in zip(wanted.items(), names, strict=True):
        np.testing.assert_allclose(got[name], expected, rtol=1e-12, err_msg=activation)


# classes and tables -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", RUNNERS)
def test_a_table_of_numbers_is_filled_as_in_training(target: str, tmp_path: Path) -> None:
    model, table = table_model("numbers")
    x = raw_rows(table)
    x[5, 3], x[6, 1], x[8, 0] = np.nan, np.inf, -np.inf
    what = to_export_model(model)
    assert what.columns == ("나이 */", "when", "ok", "b") and what.features is not None and what.outputs == ("y",)
    wanted = model.network(fill_missing(what.features, x))
    calm = np.setdiff1d(np.arange(len(x)), [5, 6, 8])
    np.testing.assert_array_equal(wanted[calm], model.output(table)[calm])  # the filling is the encoder's
    got = answer(target, tmp_path, {"m": (model, 1, None)}, {"m": x})["m"]
    np.testing.assert_allclose(got, wanted, rtol=1e-12)


@pytest.mark.parametrize("target", RUNNERS)
@pytest.mark.parametrize("count", [2, 3])
def test_classes_have_outputs_probabilities_and_labels(target: str, count: int, tmp_path: Path) -> None:
    model, table = table_model("numbers", tuple(LABELS[:count]))
    x, k = raw_rows(table), model.network.outputs
    models = {"m": (model, k, None)}
    np.testing.assert_allclose(answer(target, tmp_path, models, {"m": x})["m"], model.output(table), rtol=1e-11)
    shares_ = {"m": (model, count, None)}
    p = answer(target, tmp_path, shares_, {"m": x}, "probabilities")["m"]
    np.testing.assert_allclose(p, model.probabilities(table), rtol=1e-11)
    if target != "c":
        labels = answer(target, tmp_path, models, {"m": x}, "predict")["m"]
        assert labels.ravel().tolist() == model.predict(table).tolist()


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no C compiler")
def test_labels_in_c(tmp_path: Path) -> None:
    net = ub.Network([ub.Dense(2, 3)], seed=0)
    (tmp_path / "m.c").write_text(exported(net, "c", "m", classes=LABELS), encoding="utf-8")
    (tmp_path / "main.c").write_text(
        '#include "m.c"\n#include <stdio.h>\nint main(void) { float x[2] = {1.0f, 2.0f};\n'
        "fputs(m_classes[m_predict(x)], stdout); return 0; }\n"
    )
    subprocess.run(["gcc", *C_FLAGS, "-o", tmp_path / "m", tmp_path / "main.c", "-lm"], check=True)
    printed = subprocess.run([tmp_path / "m"], capture_output=True, check=True).stdout.decode()
    assert printed == LABELS[int(net([1.0, 2.0]).argmax())]


@pytest.mark.parametrize("target", RUNNERS)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_encoded_columns_are_named_in_order(target: str, language: str) -> None:
    ub.set_language(language)
    model, _ = table_model("encoded")
    text = exported(model, target)
    assert isinstance(text, str)
    places = [text.index(f"  {i}: {name[:3]}") for i, name in enumerate(model.encoder.names)]
    assert places == sorted(places) and ("encoded" in text) == (language == "en")
    assert to_export_model(model).columns == model.encoder.names


@pytest.mark.parametrize("name", ["int", "9 lives", "나이", "a-b.c", "__x__", "", "double"])
def test_any_file_name_makes_a_good_c_name(name: str, tmp_path: Path) -> None:
    path = ub.export(ub.Network([ub.Dense(1, 1, "relu6")], seed=0), tmp_path / f"{name}.c", "c")
    if shutil.which("gcc"):
        subprocess.run(["gcc", *C_FLAGS, "-c", "-o", tmp_path / "o", path], check=True)


def test_a_record_of_ones_own_goes_everywhere(tmp_path: Path) -> None:
    record = Activation("double", "3*x + t", "", "lambda_ + 3*x", "3", (-np.inf, np.inf), (), (("lambda_", "abs(x)"),))
    net = ub.Network.from_arrays([([[1.0]], [0.5])], [record])
    x = {"m": np.array([[-2.0], [3.0]])}
    for target, (program, _) in RUNNERS.items():
        if shutil.which(program):
            assert answer(target, tmp_path, {"m": (net, 1, None)}, x)["m"].ravel().tolist() == [-3.0, 14.0]


def test_what_cannot_be_exported(tmp_path: Path) -> None:
    net = ub.Network([ub.Dense(2, 3)], seed=0)
    for call, part in [
        (lambda: ub.export(net, tmp_path / "m.xyz"), "m.xyz"),
        (lambda: ub.export(net, tmp_path / "m.c", "fortran"), "'fortran'"),
        (lambda: ub.export([1, 2], tmp_path / "m.c"), "got list"),
        (lambda: ub.export(net, tmp_path / "m.c", classes=["a", "b"]), "3 output"),
        (lambda: ub.export(net.from_arrays([([[np.nan]], [0.0])]), tmp_path / "m.c"), "NaN"),
    ]:
        with pytest.raises(ModelError) as caught:
            call()
        assert part in str(caught.value) and "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
