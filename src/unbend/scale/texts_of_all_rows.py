"""`texts_of_all_rows`: the linear model of a large table with a text, its n-grams' weights fitted to all rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from ..data import ColumnArrays, Encoder
from ..data.column_types import as_labels
from ..solve.linear_model.blas_threads import one_blas_thread
from ..text.fasttext.int8_blocks import Int8Blocks
from ..verdict import Model
from ..verdict.conformal import fit_intervals
from ..verdict.text.final_models import feature_names
from ..verdict.text.joined_columns import fit_join
from ..verdict.text.stream_reading import Batch
from ..verdict.text.streamed_fit import fit_stream
from ..verdict.text.text_blocks import ORDER
from ..verdict.text.text_column_encoder import TextColumnEncoder
from ..verdict.text.text_features import TextFeatures
from ..verdict.text.text_networks import linear_network
from ..verdict.text.text_target import MOST_DUAL_VARIABLES
from .hashing import hash_rows
from .source import Source

SEED = 2  # of the rows' hashes, where not all can be fitted to
FILLED = 0.9  # of the dual variables that there may be


@dataclass(frozen=True)
class AllTextsModel:
    """The linear model, how many ``rows`` it is fitted to, and its ``score`` on ``held_out`` rows beside these: the
    fraction of right labels, or the root mean squared error."""  # fmt: skip

    model: Model
    rows: int
    held_out: int
    score: float


def texts_of_all_rows(source: Source, model: Model, *, rows: int, seed: int) -> AllTextsModel | None:
    """A ``model`` of one text, fitted to a sample, as one of the ``rows`` of the source with a target.

    They are read once. The text's n-grams are fitted to them; then the text's scores are calibrated, and joined with
    the other columns, on some thousand rows that were held out. Where classes are many, rows are drawn at random. None
    where one of the classes is not among these.
    """
    pa.default_memory_pool().release_unused()
    (text,), classes = model.encoder.texts, model.classes
    others = model.encoder.with_texts(())
    share = FILLED * MOST_DUAL_VARIABLES / max(1, rows * len(classes))
    batches = _batches(source, others, text.name, classes, share)
    found = fit_stream(batches, "classification" if classes else "regression", ORDER, seed)
    target, scores, x = found.target, found.scores_in_bytes, found.columns
    if len(target.classes) != len(classes):
        return None
    with one_blas_thread():  # many small products: threads would mostly wait for each other
        join = fit_join(scores, x, target.y, len(classes))
    features = TextFeatures(found.grams, found.weighting, Int8Blocks.from_matrix(found.W))
    inputs, network = np.concatenate([x, scores], axis=1), linear_network(join, 1, 0, target)
    output = network(inputs)
    y = target.y if classes else target.y * target.unit + target.centre
    fitted = replace(
        model,
        network=network,
        encoder=others.with_texts([TextColumnEncoder(text.name, feature_names(text.name, classes, 0), (features,))]),
        means=inputs.mean(axis=0),
        intervals=None if classes else fit_intervals(y - output[:, 0], inputs, output[:, 0], seed),
    )
    right = fitted.prediction(output) == np.asarray(classes)[y] if classes else (y - output[:, 0]) ** 2
    score = float(right.mean()) if classes else float(np.sqrt(right.mean()))
    return AllTextsModel(fitted, found.rows - len(y), len(y), score)


def _batches(source: Source, others: Encoder, text: str, classes: Sequence[str], share: float) -> Iterator[Batch]:
    """Texts, targets (classes as labels that sort as they do) and other columns, of rows with a target."""
    labels, known_classes = [f"{k:05d}" for k in range(len(classes))], pa.array(classes, pa.string())
    form, names = source.form, [*others.columns, text, source.form.target]
    for shard in source.shards:
        first = 0
        for raw in shard.blocks(form.block_rows, set(names)):
            table = form.convert(raw, shard, first, names)
            target = table[form.target]
            if classes:
                target = pc.index_in(
                    target if pt.is_string(target.type) else as_labels(target), value_set=known_classes
                )
            chosen = target.is_valid().to_numpy()
            if share < 1:
                hashes = hash_rows(shard.key, shard.first_row + first, len(table), SEED)
                chosen = chosen & (hashes < np.uint64(share * 2**64))
            first += len(table)
            if chosen.any():
                mask = pa.array(chosen)
                arrays, own = ColumnArrays(table.filter(mask)), target.filter(mask).to_pylist()
                yield arrays.texts(text), [labels[k] for k in own] if classes else own, others.transform(arrays)
