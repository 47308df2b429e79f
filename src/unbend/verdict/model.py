"""`Model`: a fitted model for tables, the columns' encoder and a network, saved together in one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Array
from ..data import Encoder, Note
from ..display import Displayed
from ..engine import infer_rows
from ..errors import DataError, ModelError
from ..network import Network, save
from ..network.files import load_with_extra
from .conformal import ConformalIntervals
from .cost_rule import CostRule
from .explanation import RowExplainer, RowExplanation
from .scores import probabilities
from .text.text_column_encoder import TextColumnEncoder

KIND = "table"


@dataclass(frozen=True, eq=False)
class Model(Displayed):
    """A fitted model for tables: ``encoder`` turns columns into features, which are the inputs of ``network``.

    Parameters
    ----------
    network : Network
        Features -> outputs: values, the log odds of the second of two classes, or one number per class.
    encoder : Encoder
        Columns of a table -> features.
    target : str
        The column that it predicts.
    classes : tuple of str
        The labels of a classification, () for numbers.
    intervals : ConformalIntervals or None
        The prediction intervals of a model of numbers.
    means : ndarray of shape (features,), or None
        The features' means in the training table, from which `explain` measures; None in files of version 0.1.0.
    rule : CostRule or None
        Which label is predicted where wrong labels differ in cost; None: the most probable one.

    Attributes
    ----------
    columns : tuple of str
        The columns that a table to predict from needs.

    Examples
    --------
    >>> import numpy as np
    >>> import unbend as ub
    >>> x = np.linspace(1, 3, 40)
    >>> model = ub.fit({"size": x, "price": 2 * x + 1}, target="price", budget=5).model
    >>> model.columns, model.classes, model.network.bends
    (('size',), (), ())
    """

    network: Network
    encoder: Encoder
    target: str
    classes: tuple[str, ...] = ()
    intervals: ConformalIntervals | None = None
    means: Array | None = None
    rule: CostRule | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a table to predict from needs; others are ignored."""
        return self.encoder.columns

    def predict(self, table: Any) -> Array:
        """Predicted values, or labels.

        Parameters
        ----------
        table : path, data frame, Arrow table, dict or array
            Anything that `unbend.data.read_table` takes; extra columns are ignored.

        Returns
        -------
        numpy.ndarray of shape (n,)
            float64 in the target's unit, or the labels: of the most probable classes, or of least expected cost where
            costs were stated.

        Raises
        ------
        DataError
            For a missing column and for text where the training table had numbers.
        """
        return self.prediction(self.output(table))

    def prediction(self, output: Array) -> Array:
        """Values or labels, as of `predict`, from the network's outputs.

        Parameters
        ----------
        output : ndarray of shape (n, k)
            From `output`.

        Returns
        -------
        ndarray of shape (n,)
        """
        if not self.classes:
            return np.asarray(output[:, 0])
        p = probabilities(output)
        labels: Array = np.asarray(self.classes)[p.argmax(axis=1) if self.rule is None else self.rule.choose(p)]
        return labels

    def probabilities(self, table: Any) -> Array:
        """Predicted probabilities of the classes.

        Parameters
        ----------
        table : path, data frame, Arrow table, dict or array
            As for `predict`.

        Returns
        -------
        numpy.ndarray of shape (n, classes)
            In the order of ``classes``; rows sum to 1.

        Raises
        ------
        DataError
            For a model of numbers.
        """
        return self.class_probabilities(self.output(table))

    def class_probabilities(self, output: Array) -> Array:
        """Class probabilities from the network's outputs.

        Parameters
        ----------
        output : ndarray of shape (n, k)
            From `output`.

        Returns
        -------
        ndarray of shape (n, classes)

        Raises
        ------
        DataError
            For a model of numbers.
        """
        if not self.classes:
            raise DataError("verdict.no_probabilities", target=self.target)
        return probabilities(output)

    def predict_interval(self, table: Any, coverage: float = 0.9) -> Array:
        """Prediction intervals.

        Parameters
        ----------
        table : path, data frame, Arrow table, dict or array
            As for `predict`.
        coverage : float, default 0.9
            The fraction of values of new rows, distributed like the training rows, inside their intervals.

        Returns
        -------
        numpy.ndarray of shape (n, 2)
            Lower and upper ends in the target's unit.

        Raises
        ------
        DataError
            For a model of classes and for one without residuals of held-out rows.
        BadInput
            For a coverage outside 0 … 1, or too high for so few held-out rows.
        """
        x = self.encoder.transform(table)
        return self.interval_of(self.output_of(x), x, coverage)

    def interval_of(self, output: Array, x: Array, coverage: float) -> Array:
        """Prediction intervals, as of `predict_interval`, from the network's outputs.

        Parameters
        ----------
        output : ndarray of shape (n, 1)
            From `output`.
        x : ndarray of shape (n, features)
            What ``encoder.transform`` makes of the rows.
        coverage : float

        Returns
        -------
        ndarray of shape (n, 2)
        """
        if self.classes:
            raise DataError("verdict.no_interval", target=self.target)
        if self.intervals is None:
            raise DataError("verdict.no_spread")
        return self.intervals.interval(output[:, 0], x, coverage)

    def explain(self, table: Any, row: int = 0) -> RowExplanation:
        """Explain one prediction: what each column contributes, measured from the mean row of the training table.

        Parameters
        ----------
        table : path, data frame, Arrow table, dict or array
            As for `predict`; a dict may hold single values: ``{"age": 31, "room": "A"}``.
        row : int, default 0
            Which of its rows, from 0.

        Returns
        -------
        RowExplanation
            Output = base + contributions; notebooks draw it as bars.

        Raises
        ------
        BadInput
            For a row that is not there.
        DataError
            As `predict`; also for a model saved by version 0.1.0, which holds no mean row.
        """
        explainer = RowExplainer(self.network, self.encoder, self.target, self.classes, self.means, self.rule)
        return explainer(_one_row(table), row)

    def output(self, table: Any) -> Array:
        """Outputs of the network for a table.

        Parameters
        ----------
        table : table
            Anything that `unbend.fit` reads, with the columns in ``columns``.

        Returns
        -------
        ndarray of shape (n, outputs), float64
            Values, log odds, or numbers before the softmax.
        """
        return self.output_of(self.encoder.transform(table))

    def output_of(self, x: Array) -> Array:
        """Outputs of the network, as of `output`, for encoded rows.

        Parameters
        ----------
        x : ndarray of shape (n, features)
            What ``encoder.transform`` makes of the rows.

        Returns
        -------
        ndarray of shape (n, outputs), float64
            Those of ``network(x)`` up to rounding, compiled; a row's are the same bits in a table of any size.
        """
        return infer_rows(self.network, x)

    def unlike_training(self, table: Any) -> list[str]:
        """Which rows are unlike the training rows, and in which columns.

        Parameters
        ----------
        table : path, data frame, Arrow table, dict or array
            As for `predict`.

        Returns
        -------
        list of str
            For each row the names of the columns whose value lies far outside the training range (beyond the least or
            greatest value, and more than half the distance of the 1 % and 99 % quantiles beyond these) or is a label
            not seen in training, joined by ", "; "" for none.

        Raises
        ------
        DataError
            For a model saved by a version that did not keep the ranges.
        """
        columns = self.encoder.unlike(table)
        if columns is None:
            raise DataError("verdict.no_ranges")
        rows: list[list[str]] = [[] for _ in range(len(next(iter(columns.values()), ())))]
        for name, mask in columns.items():
            for row in np.flatnonzero(mask):
                rows[row].append(name)
        return [", ".join(names) for names in rows]

    def notes(self, table: Any) -> tuple[Note, ...]:
        """Notes on a table to predict from, such as labels not seen in training.

        Parameters
        ----------
        table : table

        Returns
        -------
        tuple of Note
            ``note.text()`` is the sentence.
        """
        return self.encoder.notes(table)

    def save(self, path: str | Path, extra: Mapping[str, Any] | None = None) -> Path:
        """Write everything to one .safetensors or .json file, atomically.

        Parameters
        ----------
        path : str or Path
        extra : mapping of str to object, optional
            More entries of the file's description, JSON-ready.

        Returns
        -------
        Path
            The file.
        """
        return save(self.network, path, {**self.description(), **(extra or {})})

    def description(self) -> dict[str, Any]:
        """Everything except the network.

        Returns
        -------
        dict
            JSON-ready.
        """
        return {
            "kind": KIND,
            "target": self.target,
            "classes": list(self.classes),
            "encoder": self.encoder.to_dict(),
            **({"texts": [text.to_dict() for text in self.encoder.texts]} if self.encoder.texts else {}),
            **({} if self.intervals is None else {"spread": self.intervals.to_dict()}),
            **({} if self.means is None else {"means": self.means.tolist()}),
            **({} if self.rule is None else {"cost_rule": self.rule.to_dict()}),
        }

    @classmethod
    def load(cls, path: str | Path) -> Model:
        """Read what ``save`` wrote; ``path`` may be the folder that contains it. Raises ``ModelError``."""
        place = Path(path)
        if place.is_dir():
            place = place / "model.safetensors"
        network, extra = load_with_extra(place)
        if extra.get("kind") != KIND:
            raise ModelError("verdict.not_a_table_model", path=place)
        return cls.from_description(network, extra, place)

    @classmethod
    def from_description(cls, network: Network, extra: Mapping[str, Any], path: Path) -> Model:
        """The model of a file's network and the description beside it. Raises ``ModelError`` naming ``path``."""
        try:
            texts = [TextColumnEncoder.from_dict(text) for text in extra.get("texts", ())]
            encoder = Encoder.from_dict(extra["encoder"]).with_texts(texts)
            target, classes = str(extra["target"]), tuple(str(c) for c in extra["classes"])
            saved = extra.get("spread")
            intervals = None if saved is None else ConformalIntervals.from_dict(saved, len(encoder.names))
            rule = None if extra.get("cost_rule") is None else CostRule.from_dict(extra["cost_rule"], len(classes))
            means = None if extra.get("means") is None else _means(extra["means"], len(encoder.names))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ModelError("verdict.damaged_description", path=path, reason=type(error).__name__) from error
        outputs = 1 if len(classes) in (0, 2) else len(classes)
        if len(encoder.names) != network.inputs or network.outputs != outputs:
            raise ModelError("verdict.damaged_description", path=path, reason=f"{network!r}")
        return cls(network, encoder, target, classes, intervals, means, rule)

    def __repr__(self) -> str:
        kind = (
            f"classes {', '.join(self.classes[:6])}{', …' if len(self.classes) > 6 else ''}"
            if self.classes
            else "numbers"
        )
        return f"Model({self.target}: {kind}; columns {', '.join(self.columns)}; {self.network!r})"


def _one_row(table: Any) -> Any:
    """A dict of single values as one of lists; anything else as it is."""
    if isinstance(table, Mapping) and all(v is None or isinstance(v, str) or np.ndim(v) == 0 for v in table.values()):
        return {name: [value] for name, value in table.items()}
    return table


def _means(saved: Any, features: int) -> Array:
    """(features,) the saved means. Raises ``ValueError`` for anything else than so many finite numbers."""
    means = np.asarray(saved, dtype=np.float64)
    if means.shape != (features,) or not np.isfinite(means).all():
        raise ValueError("means")
    return means
