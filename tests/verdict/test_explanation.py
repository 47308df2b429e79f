"""Why this row: contributions that sum to the prediction, of columns as the table has them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import unbend as ub
from unbend.verdict import Model


@pytest.fixture(scope="module")
def results() -> dict[str, ub.verdict.Result]:  # type: ignore[name-defined]
    from unbend.verdict import Settings

    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 90))
    kind = rng.choice(["x", "y", "z"], 90)
    columns = {"a": a, "kind": kind, "b": np.where(b > 1, np.nan, b)}
    bend = np.abs(a) + (kind == "y")
    small = Settings(members=2, hidden=(8,), batch_size=16, steps=60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "for_rows", classmethod(lambda cls, rows: small))
        return {
            "number": ub.fit({**columns, "y": a + 2 * (kind == "y")}, "y", model="linear", budget=5),
            "network": ub.fit({**columns, "y": bend}, "y", model="network", budget=5),
            "two": ub.fit({**columns, "y": np.where(bend > 1, "yes", "no")}, "y", model="network", budget=5),
            "three": ub.fit({**columns, "y": np.digitize(bend, [0.6, 1.3]).astype(str)}, "y", budget=5),
        }


@pytest.mark.parametrize("kind", ["number", "network", "two", "three"])
def test_contributions_sum_to_the_output_of_the_model(kind: str, results: dict) -> None:  # type: ignore[type-arg]
    result = results[kind]
    for row in (0, 17, 89):
        why = result.explain(row)
        output = result.model.output(result.problem.table)[row]
        np.testing.assert_allclose(why.base + why.contributions.sum(axis=0), output, atol=1e-9)
        shares, base, shown = why.of_output()
        assert base + shares.sum() == pytest.approx(shown)
        assert why.columns == ("a", "kind", "b")  # one-hot levels and "is missing" are summed
        assert why.values[:2] == (result.problem.table["a"][row].as_py(), result.problem.table["kind"][row].as_py())
        predicted = result.predict(result.problem.table)[row]
        assert why.prediction == (pytest.approx(predicted) if kind in ("number", "network") else predicted)
    if kind in ("two", "three"):
        chances = result.probabilities(result.problem.table)[89]
        assert why.probability == pytest.approx(chances.max())


def test_a_linear_contribution_is_coefficient_times_distance_from_the_mean(results: dict) -> None:  # type: ignore[type-arg]
    result = results["number"]
    a = result.problem.table["a"].to_numpy()
    why = result.explain(5)
    slope = result.linear.model.network.layers[0].W[0, 0]
    assert why.linear and why.contributions[0, 0] == pytest.approx(slope * (a[5] - a.mean()))


def test_the_mean_row_of_a_linear_model_contributes_nothing(results: dict) -> None:  # type: ignore[type-arg]
    model = results["number"].model
    explained = model.explain({"a": 0.3, "kind": "x", "b": None})
    shifted = model.explain({"a": 0.3, "kind": "y", "b": None})
    assert shifted.contributions[1, 0] - explained.contributions[1, 0] == pytest.approx(2, abs=0.05)
    assert explained.contributions[0, 0] == pytest.approx(shifted.contributions[0, 0])


def test_a_loaded_model_explains_as_the_result_does(results: dict, tmp_path: Path) -> None:  # type: ignore[type-arg]
    result = results["network"]
    result.save(tmp_path / "model.safetensors")
    model = ub.load(tmp_path)
    assert isinstance(model, Model) and model.columns == ("a", "kind", "b")
    table = result.problem.table
    np.testing.assert_array_equal(model.explain(table, 7).contributions, result.explain(7).contributions)
    np.testing.assert_array_equal(model.predict(table), result.predict(table))
    np.testing.assert_array_equal(ub.load(result.save(tmp_path / "m.json")).predict(table), result.predict(table))
    assert "curved" not in repr(model) and not result.explain(7).exact  # gelu: a tangent


@pytest.mark.parametrize("row", [-1, 90, True, 1.5])
def test_a_row_that_is_not_there(row: object, results: dict) -> None:  # type: ignore[type-arg]
    model, table = results["number"].model, results["number"].problem.table
    with pytest.raises(ub.BadInput, match="counted from 0"):
        model.explain(table, row)


def test_a_model_without_means_says_so(results: dict) -> None:  # type: ignore[type-arg]
    model = results["number"].model
    bare = Model(model.network, model.encoder, model.target)
    with pytest.raises(ub.BadInput, match="mean row"):
        bare.explain(pa.table({"a": [1.0], "kind": ["x"], "b": [1.0]}))
