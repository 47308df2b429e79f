"""What passes save: the same object again, and nothing run that a file names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from unbend.errors import ModelError
from unbend.scale import open_source, survey
from unbend.scale.merged_pass import SavedPasses
from unbend.scale.shard_map import on_threads
from unbend.scale.state_record import from_record, to_record

from .test_source import write_parts


def test_a_survey_again(tmp_path: Path) -> None:
    folder = write_parts(tmp_path / "t", pq.write_table, "parquet")
    _, found = survey(open_source(folder, "color"), seed=1, shard_map=on_threads, per_class=20)
    arrays, record = to_record(found)
    again = from_record(arrays, json.loads(json.dumps(record)))
    assert again.digest == found.digest and again.sample.take(300, least=9).table.equals(
        found.sample.take(300, least=9).table
    )
    one, other = (s.columns["color"].distinct.most_frequent(3) for s in (found, again))
    assert one == other and again.columns["when"].least == found.columns["when"].least
    again.merge(found)
    assert again.rows == 2 * found.rows


@pytest.mark.parametrize(
    "record",
    [["object", "os", "system", ["dict"]], ["object", "unbend.scale.survey", "survey_shard", ["dict"]],
     ["object", "unbend.scale.survey", "np", ["dict"]], ["array", "9"], ["what"], []],
)  # fmt: skip
def test_what_is_no_state_is_refused(record: Any) -> None:
    with pytest.raises(ValueError):
        from_record({}, record)


def test_a_damaged_pass_is_one_line(tmp_path: Path) -> None:
    shards = open_source(write_parts(tmp_path / "t", pq.write_table, "parquet"), "y").shards
    saved = SavedPasses(tmp_path, resume=False).open("sums", shards, [1])
    assert saved.load() is None
    saved.write(np.arange(3), 2)
    assert SavedPasses(tmp_path, resume=True).open("sums", shards, [2]).load() is None
    saved = SavedPasses(tmp_path, resume=True).open("sums", shards, [1])
    total = saved.load()
    assert total is not None and total[0].tolist() == [0, 1, 2] and total[1] == 2
    saved.checkpoint.path.write_bytes(saved.checkpoint.path.read_bytes()[:-5])
    with pytest.raises(ModelError):
        saved.load()
