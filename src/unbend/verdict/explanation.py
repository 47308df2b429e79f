"""Why this row? One prediction of a table model as a base value plus one contribution of each column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Array
from ..data import Encoder
from ..data.reader import read_table
from ..display import Displayed
from ..errors import BadInput, DataError
from ..network import Network
from .cost_rule import CostRule
from .scores import probabilities
from .text.row_texts import explain_texts
from .text.text_explanation import TextExplanation

if TYPE_CHECKING:
    from ..geometry import LocalMap


@dataclass(frozen=True, eq=False, kw_only=True)
class RowExplanation(Displayed):
    """One prediction as a sum: output = base + contributions of the columns, exactly.

    A contribution is a column's slope in the model's local map at this row, times how far the row is from the mean
    row. For the straight model the slopes are its coefficients, the same for every row. For a network of pieces
    (``relu``) the map is the network itself on the row's piece; for a curved one (``gelu``) it is the tangent at the
    row, and ``base`` the tangent's value at the mean row, not the network's.

    Attributes
    ----------
    columns : tuple of str
        The columns; the features of one column (labels, "is missing") are summed.
    values : tuple
        The row's cells, None where missing.
    outputs : tuple of str
        What is explained: the target, or the classes whose log odds or scores before the softmax the outputs are.
    contributions : ndarray of shape (columns, outputs)
        Of each column to each output, in the output's unit.
    base, output : ndarray of shape (outputs,)
        The output at the mean row by the local map, and the output for this row.
    prediction : float or str
        The predicted value or label.
    probability : float or None
        Of that label; None for numbers.
    local : LocalMap
        The map, with the distance within which it holds exactly.
    texts : mapping of str to TextExplanation
        For each text column what every word and n-gram adds to the outputs by the map; the rest of the row gives the
        rest.

    Examples
    --------
    >>> import numpy as np
    >>> import unbend as ub
    >>> x = np.linspace(1, 3, 40)
    >>> result = ub.fit({"size": x, "price": 2 * x + 1}, target="price", budget=5)
    >>> why = result.explain({"size": [3.0]})
    >>> float(round(why.contributions[0, 0], 6)), float(round(why.base[0], 6)), float(round(why.output[0], 6))
    (2.0, 5.0, 7.0)
    """

    columns: tuple[str, ...]
    values: tuple[Any, ...]
    outputs: tuple[str, ...]
    contributions: Array
    base: Array
    output: Array
    prediction: float | str
    probability: float | None
    local: LocalMap
    texts: Mapping[str, TextExplanation] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """Whether the map is the model itself around the row; False for a tangent."""
        return self.local.exact

    @property
    def linear(self) -> bool:
        """Whether the map is the model everywhere."""
        return self.local.exact and self.local.neuron is None

    @property
    def explained(self) -> int:
        """The output shown first: the predicted class's where there are several, else the only one."""
        return int(self.output.argmax())

    def of_output(self) -> tuple[Array, float, float]:
        """(contributions (columns,), base, output) of the output ``explained``.

        Of several classes minus the mean over the classes, which leaves their probabilities as they are.
        """
        k = self.explained
        shift, base, output = (
            a - a.mean(axis=-1, keepdims=True) if len(self.outputs) > 1 else a
            for a in (self.contributions, self.base, self.output)
        )
        return shift[:, k], float(base[k]), float(output[k])

    def strongest(self) -> list[int]:
        """The columns' indices, the largest contribution to the output ``explained`` first."""
        return list(np.argsort(-np.abs(self.of_output()[0]), kind="stable"))

    def to_dict(self) -> dict[str, Any]:
        """For JSON.

        Returns
        -------
        dict
            Plain values by name.
        """
        return {
            "prediction": self.prediction,
            "probability": self.probability,
            "outputs": list(self.outputs),
            "output": self.output.tolist(),
            "base": self.base.tolist(),
            "contributions": {n: c.tolist() for n, c in zip(self.columns, self.contributions, strict=True)},
            "exact": self.exact,
            **({"texts": {name: text.to_json() for name, text in self.texts.items()}} if self.texts else {}),
        }

    def __repr__(self) -> str:
        shares, base, output = self.of_output()
        terms = ", ".join(f"{self.columns[i]} {shares[i]:+.4g}" for i in self.strongest()[:6])
        more = ", …" if len(self.columns) > 6 else ""
        return f"RowExplanation({self.outputs[self.explained]} {output:.4g} = base {base:.4g}; {terms}{more})"


@dataclass(frozen=True, eq=False)
class RowExplainer:
    """Explains rows of a table model: its parts, and the mean row (features,) that contributions are measured from."""

    network: Network
    encoder: Encoder
    target: str
    classes: tuple[str, ...]
    means: Array | None
    rule: CostRule | None = None

    def __call__(self, table: Any, row: int = 0) -> RowExplanation:
        """Row ``row`` (from 0) of a table that `read_table` takes. Raises ``BadInput`` for a row that is not there,
        ``DataError`` where there is no mean row."""  # fmt: skip
        if self.means is None:
            raise DataError("verdict.no_means")
        encoder = self.encoder
        cells = read_table(table, types=encoder.types)
        if isinstance(row, bool) or not isinstance(row, int | np.integer) or not 0 <= row < cells.num_rows:
            raise BadInput("verdict.no_such_row", got=row, rows=cells.num_rows)
        one = cells.slice(int(row), 1)
        from ..geometry import explain  # many modules, which a fit does not need

        found = explain(self.network, encoder.transform(one)[0], encoder.names, self.means)
        contributions = np.zeros((len(encoder.columns), len(found.output)))
        np.add.at(contributions, [encoder.columns.index(name) for name in encoder.table_columns], found.shares)
        chances = probabilities(found.output[None])[0] if self.classes else None
        best = None
        if chances is not None:
            best = int(chances.argmax() if self.rule is None else self.rule.choose(chances[None])[0])
        outputs: tuple[str, ...] = self.classes or (self.target,)
        return RowExplanation(
            columns=encoder.columns,
            values=tuple(one[name][0].as_py() for name in encoder.columns),
            outputs=outputs[-1:] if len(found.output) == 1 else outputs,
            contributions=contributions,
            base=found.base,
            output=found.output,
            prediction=float(found.output[0]) if best is None else self.classes[best],
            probability=None if chances is None or best is None else float(chances[best]),
            local=found.local,
            texts=explain_texts(encoder, one, found.local.A.T, found.output, self.classes) if encoder.texts else {},
        )
