"""A large table: which rows are trained on, in how much memory, and which are judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.cli import run
from unbend.errors import BadInput
from unbend.verdict import Settings, fit_network
from unbend.verdict.folds import Splitter
from unbend.verdict.grouping import distinct_rows
from unbend.verdict.kind_training import FoldData, KindTraining
from unbend.verdict.linear_model import fit_linear, fit_linear_folds
from unbend.verdict.network_model import encodings
from unbend.verdict.training_memory import LIBRARY_BYTES, TrainingMemory, fewer_judged, row_bytes, training_rows

RNG = np.random.default_rng(2)
X = RNG.normal(size=(600, 3)).astype("float32")
Y = X[:, 0] ** 2 + 0.1 * RNG.normal(size=600)
QUICK = Settings(members=2, hidden=(8,), steps=120, batch_size=16)


def test_judged_rows_are_trained_on_and_others_at_random() -> None:
    folds = [(train, test[:20]) for train, test in Splitter(600).split(5, [0])]
    rows = training_rows(folds, 600, 250, 7)
    assert rows is not None and len(rows) == 250 == len(np.unique(rows))
    assert np.isin(np.concatenate([test for _, test in folds]), rows).all()
    assert training_rows(folds, 600, 600, 7) is None and training_rows(folds, 600, np.inf, 7) is None


def test_judged_rows_are_few_where_not_all_are_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unbend.verdict.training_memory.JUDGED", 60)
    folds = Splitter(600).split(5, [0])
    for (train, test), (same, fewer) in zip(folds, fewer_judged(folds, 0), strict=True):
        assert same is train and len(fewer) == 12 and np.isin(fewer, test).all()


@pytest.mark.parametrize("columns", [3, 100])
def test_a_row_takes_what_is_counted(columns: int) -> None:
    """Rows of columns with bins, 100 columns have none; both kinds of networks share their columns."""
    x = RNG.normal(size=(5_000, columns)).astype("float32")
    folds = Splitter(len(x)).split(5, [0])
    y = x[:, 0].astype("float64")
    data = FoldData.of(x, y, 0, folds, fit_linear_folds(x, y, 0, folds, 0))
    kinds = KindTraining.begin_all(data, x, encodings(x, QUICK), QUICK, 0)
    arrays = {id(a): a.nbytes for k in kinds for a in (k.features.columns, k.features.bins, k.features.position)}  # type: ignore[union-attr]
    numbers = sum(own.nbytes for fold in folds for own in fold)
    each = (sum(arrays.values()) + data.targets.nbytes + y.nbytes + numbers) / len(x)
    assert row_bytes(columns, 5) == each


def test_all_of_a_small_table_and_as_much_again_of_a_large_one() -> None:
    small, large = TrainingMemory.of(50_000, 20), TrainingMemory.of(1_000_000, 20)
    assert small.most_rows(20, 5) == np.inf
    assert 126_144 < large.most_rows(20, 5) < 1_000_000  # more than there would be with every bin as a number
    assert large.rows + large.rounds <= 3 * 80e6


def test_a_limit_leaves_what_is_left_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer rows and rounds, down to a limit that cannot be kept, which is refused with the sizes."""
    monkeypatch.setattr("unbend.verdict.training_memory.used_memory", lambda: 200_000_000)
    monkeypatch.setattr("unbend.verdict.training_memory.LOADED_BYTES", LIBRARY_BYTES)  # whatever ran before
    free, wide, narrow = (TrainingMemory.of(1_000_000, 20, limit) for limit in (None, 4 * 10**9, 8 * 10**8))
    assert wide == free
    assert narrow.rows + narrow.rounds <= 8 * 10**8 - 200_000_000 - 160_000_000 and narrow.rows < free.rows
    assert 40_000 <= narrow.most_rows(20, 5) < free.most_rows(20, 5)
    with pytest.raises(BadInput, match=r"1,000,000 rows and 20 features .* at least \d+ MB, but 300 MB are allowed"):
        TrainingMemory.of(1_000_000, 20, 3 * 10**8)


def test_a_fit_within_a_limit_or_a_line_at_the_start(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = {"a": X[:200, 0], "b": X[:200, 1], "y": Y[:200]}
    with pytest.raises(BadInput, match="at least"):
        ub.fit(table, "y", memory="10MB")
    result = ub.fit(table, "y", memory="64GB", budget=1, by_clock=False)
    assert result.training.rows == 200
    path = tmp_path / "t.csv"
    path.write_text("a,y\n" + "".join(f"{k % 7},{k}\n" for k in range(50)))
    assert run(["fit", str(path), "--target", "y", "--memory", "10MB"]) == 2
    assert run(["fit", str(path), "--target", "y", "--memory", "lots"]) == 2
    said = capsys.readouterr().err
    assert "10 MB are allowed" in said and "lots" in said and not list(tmp_path.glob("*.html"))


def test_a_network_of_some_of_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unbend.verdict.training_memory.JUDGED", 100)
    linear = fit_linear(X, Y, 0, 0)[0]
    memory = TrainingMemory(300.0 * row_bytes(3, 10), 2**18)
    model = fit_network(X, Y, 0, linear, 0, settings=QUICK, memory=memory)
    assert model.rows == 300 and len(model.curves[0].train) < QUICK.rounds  # rounds that can be stored
    errors = [np.mean((net(X)[:, 0] - Y) ** 2) for net in (linear, model.network)]
    assert errors[1] < 0.7 * errors[0]


def test_float32_gives_the_bits_of_float64() -> None:
    models = [fit_network(x, Y, 0, fit_linear(x, Y, 0, 0)[0], 0, settings=QUICK) for x in (X, X.astype("float64"))]
    assert models[0].network(X).tobytes() == models[1].network(X).tobytes()


def test_rows_told_apart_by_the_first_columns() -> None:
    """The other columns are not looked at: a generator would not be read."""
    unread = (column for column in [np.arange(9.0), None])
    number, first = distinct_rows(unread)  # type: ignore[arg-type]
    assert number.tolist() == first.tolist() == list(range(9))
    number, first = distinct_rows([np.array([1, 1, 2, 2.0]), np.array([5, 5, 6, 7.0])])
    assert number.tolist() == [0, 0, 1, 2] and first.tolist() == [0, 2, 3]
