"""The report's two scripts: the packed model answers as the network does; rows to explain, the first without one."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.export.blocks import block_layers
from unbend.report import what_if
from unbend.report.html_page import page
from unbend.verdict import Result

HOSTILE = "</script><b>x"


@pytest.fixture(scope="module")
def result() -> Result:
    from unbend.verdict import Settings

    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 90))
    kind = rng.choice([HOSTILE, "green", "blue"], 90)
    table = {
        "a": a,
        HOSTILE: kind,
        "b": np.where(b > 1, np.nan, b),
        "day": np.datetime64("2024-01-01") + rng.integers(0, 300, 90),
        "flag": b > 0,
        "y": np.where(np.abs(a) + (kind == "green") + 0.1 * b > 1, "yes", "no"),
    }
    small = Settings(members=2, hidden=(8,), batch_size=16, steps=60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "for_rows", classmethod(lambda cls, rows: small))
        return ub.fit(table, "y", model="network", budget=5)


def inside(text: str, name: str) -> Any:
    match = re.search(rf'id="unbend-{name}">(.*?)</script>', text, re.DOTALL)
    assert match is not None
    return json.loads(match[1])


def forward(layers: list[dict[str, Any]], x: np.ndarray, activations: list[Any]) -> np.ndarray:
    """What the page's script computes, in NumPy."""
    for layer, h in zip(layers, activations, strict=True):
        W = np.frombuffer(base64.b64decode(layer["W"]), {"d": "<f8", "f": "<f4", "h": "<i2"}[layer["form"]]).astype(
            float
        )
        b = np.frombuffer(base64.b64decode(layer["b"]), "<f8")
        y, start, place = np.zeros(len(b)), 0, 0
        for first, n, to, m in layer["blocks"]:
            rows = layer["rows"][-1 - first : -1 - first + n] if first < 0 else range(first, first + n)
            scale = layer["scales"][place : place + n] or [1.0] * n
            y[to : to + m] = (x[list(rows)] * scale) @ W[start : start + n * m].reshape(n, m)
            start, place = start + n * m, place + n
        x = h(y + b)
    return x


def test_the_packed_model_answers_as_the_network(result: Result) -> None:
    model = inside(page(result), "model")
    network = result.model.network
    activations = [layer.activation for layer in (block_layers(network) or network.layers)]
    for x in result.model.encoder.transform(result.problem)[:5]:
        np.testing.assert_allclose(forward(model["layers"], x, activations), network(x), rtol=1e-9)


def test_the_controls_make_the_encoders_features(result: Result) -> None:
    columns = {c["name"]: c for c in inside(page(result), "model")["columns"]}
    day = np.array([int(columns["day"]["value"])], "datetime64[D]")
    row: dict[str, Any] = {HOSTILE: ["blue"], "flag": [True], "day": day}
    row |= {name: [columns[name]["value"]] for name in ("a", "b")}
    features: list[float] = []
    for name, column in columns.items():
        if "choices" in column:
            wanted = "blue" if name == HOSTILE else "true"
            features += next(values for label, values in column["choices"] if label == wanted)
        else:
            features += [column["value"] if f == ["value"] else 0.0 for f in column["features"]]
    np.testing.assert_allclose(features, result.model.encoder.transform(row)[0], atol=1)  # day: the median may be half
    low, high = np.quantile(result.problem.table["a"].to_numpy(), [0.01, 0.99])
    assert (columns["a"]["low"], columns["a"]["high"]) == pytest.approx((low, high))


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_scripts_are_javascript(result: Result, tmp_path: Any) -> None:
    for i, code in enumerate(re.findall(r"<script>(.*?)</script>", page(result), re.DOTALL)):
        (tmp_path / f"{i}.js").write_text(code, encoding="utf-8")
        subprocess.run(["node", "--check", str(tmp_path / f"{i}.js")], check=True)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_months_and_weekdays_follow_the_date(tmp_path: Any) -> None:
    day = np.datetime64("2021-01-01") + np.arange(400)
    y = 5.0 * ((day.astype(int) + 3) % 7 >= 5) + np.random.default_rng(0).normal(size=400)
    found = ub.fit({"day": day.astype(str).tolist(), "y": y}, "y", model="linear", budget=3)
    text = page(found)
    model = inside(text, "model")
    assert [(c["name"], c["shown"]) for c in model["columns"]] == [("day", True), ("day: weekday", False)]
    code = next(c for c in re.findall(r"<script>(.*?)</script>", text, re.DOTALL) if "unbendWhatIf" in c)
    stub = """const element = () => ({ append() {}, add() {}, addEventListener() {} });
globalThis.window = {}; globalThis.Option = class {};
globalThis.document = { documentElement: { lang: "en" }, createElement: element,
  getElementById: (id) => (id === "unbend-model" ? { textContent: MODEL } : element()) };
""".replace("MODEL", json.dumps(json.dumps(model)))
    (tmp_path / "page.js").write_text(stub + code + "\nconsole.log(JSON.stringify(window.unbendWhatIf.features()));")
    done = subprocess.run(["node", str(tmp_path / "page.js")], capture_output=True, text=True, check=True)
    date = np.array([model["columns"][0]["value"] * 86_400e6]).astype("datetime64[us]")
    np.testing.assert_allclose(json.loads(done.stdout), found.model.encoder.transform({"day": date})[0])


def test_a_large_model_is_rounded_or_left_out(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    x = result.model.encoder.transform(result.compared)
    network = result.model.network
    full = what_if.pack(network, x)
    assert full is not None
    size = sum(len(layer["W"]) + len(layer["b"]) for layer, _ in full)
    assert {layer["form"] for layer, _ in full} == {"d"}
    for name in ("EXACT_BYTES", "MAX_BYTES"):
        monkeypatch.setattr(what_if, name, size - 1)
    smaller = what_if.pack(network, x)
    assert smaller is None or any(layer["form"] in "fh" for layer, _ in smaller)
    if smaller is not None:
        activations = [record for _, record in smaller]
        answer = np.array([forward([layer for layer, _ in smaller], row, activations)[0] for row in x])
        assert np.abs(answer - network(x)[:, 0]).max() <= what_if.MAX_ERROR * network(x).std()
    monkeypatch.setattr(what_if, "EXACT_BYTES", 100)
    monkeypatch.setattr(what_if, "MAX_BYTES", 100)
    assert what_if.pack(network, x) is None
    assert "too large to be put into this page" in page(result)


def test_a_network_of_usual_size_is_in_the_page() -> None:
    network = ub.Network(
        [ub.Dense(13, 400, "gelu"), ub.Dense(400, 700, "gelu"), ub.Dense(700, 1)], seed=0, dtype="float64"
    )
    x = np.random.default_rng(0).normal(size=(20, 13))
    packed = what_if.pack(network, x)
    assert packed is not None and [layer["form"] for layer, _ in packed] == ["d", "h", "d"]
    answer = np.array([forward([layer for layer, _ in packed], row, [h for _, h in packed])[0] for row in x])
    assert np.abs(answer - network(x)[:, 0]).max() <= what_if.MAX_ERROR * network(x).std()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_rows_to_explain(result: Result, language: str) -> None:
    ub.set_language(language)
    text = page(result)
    rows = inside(text, "why")["rows"]
    assert 10 <= len(rows) <= 50 and text.count("<option") == len(rows)
    first = rows[0]["bars"]
    shown = text[text.index('id="why-bars"') :]
    assert all(number in shown[: shown.index("</table>")] for _, _, number in first)  # without any script
    assert max(abs(share) for _, share, _ in first if share is not None) == 100
    assert HOSTILE not in text
