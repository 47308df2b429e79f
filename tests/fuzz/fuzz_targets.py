"""What is fuzzed: one function per door through which something foreign comes in.

Each takes bytes. Whatever they are, nothing but the product's own errors (the family of ``BadInput``, one line) may
come out, and what is accepted must be of use. A target returns True where the input was accepted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from urllib.parse import parse_qs

import numpy as np

import unbend as ub
from unbend.errors import BadInput

FOLDER = Path(tempfile.mkdtemp(prefix="unbend-fuzz-"))
Target = Callable[[bytes], bool]


def accepted(work: Callable[[], None]) -> bool:
    """Whether the work was done; False for an error of the product's own that keeps the rules."""
    try:
        work()
    except BadInput as error:
        text = str(error)
        assert text.strip() and "\n" not in text and len(text) < 2000, repr(text)
        return False
    return True


def placed(name: str, data: bytes) -> Path:
    """The bytes in a file."""
    path = FOLDER / name
    path.write_bytes(data)
    return path


def formula(data: bytes) -> bool:
    """Text becomes a formula, is judged, printed, typeset and computed."""
    text = data.decode("utf-8", "replace")[:300]

    def work() -> None:
        made = ub.Formula(text)
        judged = made.linearity
        for name in made.parameters:
            assert judged.of(name).verdict in ("linear", "affine", "nonlinear", "undecided")
        assert str(ub.Formula(str(made))) == str(made)

    return accepted(work)


def csv(data: bytes) -> bool:
    """A text file becomes a table, and its last column is asked to be learned."""
    from unbend.data import Encoder, pose_problem, read_table

    path = placed("table.csv", data)

    def work() -> None:
        table = read_table(path)
        assert table.num_rows > 0 and len(set(table.column_names)) == table.num_columns
        problem = pose_problem(table, table.column_names[-1])
        features = Encoder.fit(problem).transform(problem)
        assert features.shape[0] == problem.rows and np.isfinite(features).all()

    return accepted(work)


def model(data: bytes) -> bool:
    """A safetensors file becomes a network, or a table's model."""
    from unbend.verdict import Model

    path = placed("model.safetensors", data)

    def work() -> None:
        loaded = ub.load(path)
        net = getattr(loaded, "network", loaded)  # of a table model
        assert all(np.isfinite(a).all() for a in net.parameters.values())
        net(np.zeros((2, net.inputs)))

    def table() -> None:
        Model.load(path)

    accepted(table)
    return accepted(work)


def model_json(data: bytes) -> bool:
    """The same as JSON text."""
    path = placed("model.json", data)

    def work() -> None:
        loaded = ub.load(path)
        net = getattr(loaded, "network", loaded)  # of a table model
        assert all(np.isfinite(a).all() for a in net.parameters.values())

    return accepted(work)


def onnx(data: bytes) -> bool:
    """An ONNX graph becomes a network."""
    from unbend.export.read import read_model

    path = placed("model.onnx", data)
    return accepted(lambda: void(read_model(path)))


def fasttext(data: bytes) -> bool:
    """A fastText model collapses and computes, or gives word vectors."""
    from unbend.text.fasttext import collapse_fasttext, read_fasttext

    path = placed("model.bin", data)

    def work() -> None:
        loaded = read_fasttext(path)
        if loaded.labels:
            table = collapse_fasttext(loaded)
            assert table.probabilities(TEXTS).shape == (len(TEXTS), len(table.classes))
            table.explain(TEXTS[0])

    return accepted(work)


def vec(data: bytes) -> bool:
    """A text file of word vectors answers questions."""
    path = placed("vectors.vec", data)

    def work() -> None:
        loaded = ub.load(path)
        assert np.isfinite(loaded.vectors).all() and len(loaded) == len(loaded.vectors)
        if len(loaded):
            loaded.near(loaded.words[0], 3)

    return accepted(work)


def checkpoint(data: bytes) -> bool:
    """A training goes on from a checkpoint."""
    path = placed("checkpoint.safetensors", data)
    net = ub.Network([ub.Dense(1, 1)], seed=0)

    def work() -> None:
        made, _ = ub.train(net, X, X, epochs=2, checkpoint=path.parent, resume=True)
        assert all(np.isfinite(a).all() for a in made.parameters.values())

    return accepted(work)


def url(data: bytes) -> bool:
    """The part of a lab's URL behind the question mark becomes the state of each page."""
    from unbend.lab.url_state import parse_url
    from unbend.widgets.fields import Button

    parameters = parse_qs(data.decode("utf-8", "replace"), max_num_fields=100, keep_blank_values=True)
    sound = True
    for fields in pages():
        state = parse_url(parameters, fields)
        assert set(state.values) == {field.name for field in fields}
        for field in fields:
            value = state.values[field.name]
            assert isinstance(field, Button) or field.read(field.write(value)) == value, (field.name, value)
        assert all(len(problem) < 2000 for problem in state.problems)
        sound &= not state.problems
    return sound


@cache
def pages() -> list[list[Any]]:
    """The fields of every page of the lab."""
    modules = (import_module(f"unbend.lab.{m.name}") for m in iter_modules(import_module("unbend.lab").__path__)
               if m.name not in ("pages", "server"))  # fmt: skip
    return [list(module.fields()) for module in modules if callable(getattr(module, "fields", None))]


def void(_: object) -> None:
    """Says that an answer is not wanted."""


TEXTS = ["what is my balance", "오늘 너무 힘들다", ""]
X = np.linspace(-1, 1, 8)[:, None]
TARGETS: dict[str, Target] = {t.__name__: t for t in (formula, csv, model, model_json, fasttext, vec, checkpoint, url)}
if find_spec("unbend.export.onnx.reader") and find_spec("onnx"):
    TARGETS["onnx"] = onnx
