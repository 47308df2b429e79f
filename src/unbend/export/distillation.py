"""``distill``: one small network trained on the predictions of a model that is too large to take along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from ..arrays import Array
from ..data import Encoder, read_table
from ..data.column import Column
from ..data.column_arrays import ColumnArrays
from ..data.column_reading import ColumnType
from ..errors import BadInput, DataError, ModelError
from ..network import Dense, Network, Scaler, fold
from ..train import train
from ..verdict.model import Model
from ..verdict.scores import row_losses
from ..words import say

HELD_OUT = 0.2  # fraction of the rows on which the small network is compared
FEWEST_ROWS = 20
_POINTS = 20_000  # at least so many points to train on, drawn from the rows
_MOST_POINTS = 100_000
_STEPS = 40_000  # of the optimiser
_BATCH = 32
_SWAPPED = 0.15  # probability that a drawn row has a column's value from another row
_JITTER = 0.15  # standard deviations by which the numbers of drawn rows are moved


@dataclass(frozen=True, eq=False, kw_only=True)
class Distilled:
    """A small network in place of a table model, and what that costs.

    Attributes
    ----------
    model : Model
        The table model with the small network; `unbend.export` takes the whole record.
    agreement : float
        R² of its outputs about the full model's, on rows that it was not trained on: 1 is equal. For classes the
        outputs are log odds.
    rows : int
        Number of these rows.
    weights, full_weights : int
        Weights and biases that are not 0, of the small network and of the full one.
    error, full_error : float or None
        Root mean squared error (log loss for classes) of both against the truth on these rows; None where the table has
        no target. The full model may have been fitted to them.
    """

    model: Model
    agreement: float
    rows: int
    weights: int
    full_weights: int
    error: float | None = None
    full_error: float | None = None

    def __str__(self) -> str:
        sizes = {"weights": self.weights, "full_weights": self.full_weights}
        hidden = "-".join(str(layer.outputs) for layer in self.model.network.layers[:-1])
        lines = [say("export.distilled_size", hidden=hidden, **sizes)]
        lines.append(say("export.distilled_agreement", rows=self.rows, agreement=f"{self.agreement:.1%}"))
        if self.error is not None and self.full_error is not None:
            key = "export.distilled_log_loss" if self.model.classes else "export.distilled_rmse"
            lines.append(say(key, error=f"{self.error:.4g}", full=f"{self.full_error:.4g}", target=self.model.target))
        return "\n".join(lines)


def distill(
    model: Any, table: Any = None, *, hidden: Sequence[int] = (32,), activation: str = "relu", seed: int = 0
) -> Distilled:
    """One small network in place of a table model: it is trained on the model's predictions.

    The points to train on are rows of the table, with some values exchanged between rows and numbers moved a little,
    within the range of each column; the model says what the answer is there, so that they are not limited to the
    rows at hand. A network of ReLU is piecewise linear: `collapse`, `shrink` and `regions` work on it.

    Parameters
    ----------
    model : Result or Model
        The result of ``fit``, or a table model.
    table : path, data frame, Arrow table or dict, optional
        Rows like those that the model was fitted to, at least 20; by default the result's own. With the target among
        its columns both networks are compared with the truth.
    hidden : sequence of int, default (32,)
        Neurons of each hidden layer.
    activation : str, default "relu"
        Their activation.
    seed : int, default 0
        Of the drawn points, the initial weights and the minibatches.

    Returns
    -------
    Distilled
        With the small ``model``; as text it says how far the small network is from the full one.

    Raises
    ------
    ModelError
        For anything that is no table model.
    DataError
        For a table with too few rows or without the model's columns; where there is no table.
    BadInput
        For hidden layers without neurons.

    References
    ----------
    Bucila, Caruana & Niculescu-Mizil, KDD 2006 (model compression); Ba & Caruana, NeurIPS 2014.

    Examples
    --------
    >>> import unbend as ub
    >>> result = ub.fit("concrete.csv", target="strength")  # doctest: +SKIP
    >>> small = ub.distill(result)  # doctest: +SKIP
    >>> print(small)  # doctest: +SKIP
    A small network (32 hidden neurons, 321 weights) in place of 93,650 weights.
    On 206 rows that it was not trained on it reproduces 95.1% of the variation of the full model's predictions.
    RMSE of strength on these rows: 4.322, full model 1.844 (which may have been fitted to them).
    >>> ub.export(small, "model.c").name, small.model.save("small.safetensors").name  # doctest: +SKIP
    ('model.c', 'small.safetensors')
    """
    full = getattr(model, "model", model)
    if not isinstance(full, Model):
        raise ModelError("export.no_table_model", got=type(full).__name__)
    sizes = tuple(hidden)
    if not sizes or not all(isinstance(n, int) and n > 0 for n in sizes):
        raise BadInput("export.distill_hidden", got=str(hidden))
    data = _table(model, full, table)
    x = full.encoder.transform(data)
    if len(x) < FEWEST_ROWS:
        raise DataError("export.distill_rows", got=len(x), least=FEWEST_ROWS)
    rng = np.random.default_rng([seed, 7])
    order = rng.permutation(len(x))
    count = max(1, round(HELD_OUT * len(x)))
    test, rows = order[:count], order[count:]
    points = _points(x[rows], full.encoder, rng)
    network = _trained(full.network, points, sizes, activation, seed)
    small = Model(network, full.encoder, full.target, full.classes)
    outputs, wanted = network(x[test]), full.network(x[test])
    spread = float(((wanted - wanted.mean(axis=0)) ** 2).sum())
    errors = _errors(full, data, test, (outputs, wanted))
    return Distilled(
        model=small,
        agreement=1 - float(((outputs - wanted) ** 2).sum()) / spread if spread > 0 else 1.0,
        rows=count,
        weights=_count(network),
        full_weights=_count(full.network),
        error=errors[0] if errors else None,
        full_error=errors[1] if errors else None,
    )


def _count(network: Network) -> int:
    return int(sum(np.count_nonzero(array) for array in network.parameters.values()))


def _table(model: Any, full: Model, table: Any) -> Any:
    """The rows, as an Arrow table or as the result's own problem."""
    if table is not None:
        types = dict(full.encoder.types)
        if full.classes:
            types[full.target] = ColumnType("category", remembered=True)
        return table if isinstance(table, pa.Table) else read_table(table, types=types)
    problem = getattr(model, "problem", None)
    if problem is None:
        raise DataError("export.distill_table")
    return problem.table


def _points(x: Array, encoder: Encoder, rng: np.random.Generator) -> Array:
    """The rows x (n, features), and points drawn from them."""
    count = min(max(_POINTS, 4 * len(x)), _MOST_POINTS)
    drawn = x[rng.integers(0, len(x), count)]
    start = 0
    for column in encoder.column_encoders:
        places = slice(start, start + len(column.names))
        start = places.stop
        swapped = rng.random(count) < _SWAPPED
        drawn[swapped, places] = x[rng.integers(0, len(x), int(swapped.sum())), places]
        if column.kind in ("number", "date") and column.plain:
            values = x[:, places.start]
            moved = drawn[:, places.start] + rng.normal(0, _JITTER * values.std(), count)
            if column.indicator:  # a filled value stays what it is
                moved = np.where(drawn[:, places.stop - 1] > 0, drawn[:, places.start], moved)
            drawn[:, places.start] = np.clip(moved, values.min(), values.max())
    return np.concatenate([x, drawn])


def _trained(full: Network, x: Array, hidden: Sequence[int], activation: str, seed: int) -> Network:
    """The small network of raw features, in float64."""
    y = full(x)
    scale_x, scale_y = Scaler.of(x), Scaler.of(y)
    sizes = (x.shape[1], *hidden)
    layers = [Dense(a, b, activation) for a, b in pairwise(sizes)]
    start = Network([*layers, Dense(sizes[-1], y.shape[1])], seed=seed)
    trained, _ = train(
        start,
        scale_x(x).astype(np.float32),
        scale_y(y).astype(np.float32),
        loss="squared",
        learning_rate=0.01,
        schedule="cosine",
        batch_size=_BATCH,
        epochs=max(1, round(_STEPS * _BATCH / len(x))),
        seed=seed,
    )
    doubles = Network.from_arrays(trained.arrays, [layer.activation for layer in trained.layers], "float64")
    return fold(doubles, scale_x, scale_y)


def _errors(full: Model, data: Any, test: Array, outputs: Sequence[Array]) -> list[float] | None:
    """The error of each of the outputs on the rows ``test`` with a known target; None where there are none."""
    if full.target not in data.column_names:
        return None
    arrays = ColumnArrays(data.take(pa.array(test)))
    if full.classes:
        codes, labels = arrays.codes(full.target)
        places = np.array([*(full.classes.index(v) if v in full.classes else -1 for v in labels), -1])
        y = places[codes]
        known = y >= 0
    else:
        y = arrays.values(Column(full.target, "number"))
        known = np.isfinite(y)
    if not known.any():
        return None
    losses = [float(row_losses(output[known], y[known], len(full.classes)).mean()) for output in outputs]
    return losses if full.classes else [loss**0.5 for loss in losses]
