"""Model files that version 0.1.0 wrote still load and answer as they did.

``models/expected.json`` holds each file's outputs, computed by the version that wrote it. The numbers in the two bare
networks are multiples of 1/32 and their activations exact in binary, so that their outputs are the same bits on every
machine; the table model was trained.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unbend as ub
from unbend.verdict import Model

MODELS = Path(__file__).parent / "models"
EXPECTED: dict[str, Any] = json.loads((MODELS / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["network-0.1.0.safetensors", "network-formula-0.1.0.json"])
def test_networks_give_the_same_bits(name: str) -> None:
    net, expected = ub.load(MODELS / name), EXPECTED[name]
    assert net.dtype == expected["dtype"]
    assert [layer.activation.name for layer in net.layers] == expected["activations"]
    output = net(expected["x"])
    assert output.dtype == net.dtype
    assert output.tolist() == expected["output"]


def test_a_table_model_predicts_the_same_values_and_intervals() -> None:
    name = "table-0.1.0.safetensors"
    model, expected = Model.load(MODELS / name), EXPECTED[name]
    np.testing.assert_allclose(model.predict(expected["table"]), expected["output"], rtol=1e-12)
    np.testing.assert_allclose(model.predict_interval(expected["table"]), expected["interval"], rtol=1e-12)
    loaded = ub.load(MODELS / name)
    np.testing.assert_array_equal(loaded.predict(expected["table"]), model.predict(expected["table"]))
    net = loaded.network  # the network inside, on encoded columns
    assert (net.inputs, net.outputs) == (len(model.encoder.names), 1)
