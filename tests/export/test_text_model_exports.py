"""Models of text as C, JavaScript, Python and ONNX: run on random Unicode texts and compared with the model."""

from __future__ import annotations

import ctypes
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unbend as ub
from unbend.data import Encoder, pose_problem
from unbend.export import exported
from unbend.export.ngram_sums.lower_case import lower_case_runs
from unbend.sklearn import TextClassifier
from unbend.text.fasttext.int8_blocks import Int8Blocks
from unbend.text.ngrams import NGrams
from unbend.text.normalise import normalise
from unbend.text.weighting import Weighting
from unbend.verdict import Model
from unbend.verdict.text import TextModel, fit_text
from unbend.verdict.text.text_column_encoder import TextColumnEncoder
from unbend.verdict.text.text_features import TextFeatures

from .runners import C_FLAGS

PIECES = [
    "a good film", "NOT good!!", "영화가 정말 좋았다", "안 좋아ㅋㅋㅋ", "🙂🙂", "ÉCOLE naïve", "Straße", "don't",
    "3.14", "ΣΟΦΟΣ", "so bad", "별로였어요…", "\u200b\u00a0", "İstanbul", "e\u0301", "가\u1100\u1161", "no-one",
    "\ufeff", "x" * 20, "ПРИВЕТ",
]  # fmt: skip
assigned = st.characters(exclude_categories=("Cn",))
texts = st.lists(st.sampled_from(PIECES) | st.text(assigned, max_size=6), max_size=8).map(" ".join)
NEEDED = {"c": "gcc", "js": "node", "python": "python3"}


def corpus() -> list[str]:
    rng = np.random.default_rng(0)
    return [" ".join(rng.choice(PIECES, rng.integers(1, 6))) for _ in range(200)]


def text_model(kind: str) -> TextModel:
    rng = np.random.default_rng(1)
    rows = corpus()
    if kind == "numbers":
        return fit_text(rows, [len(text) + rng.normal() for text in rows], "regression")
    if kind == "five":
        return fit_text(
            rows, [f'{len(text) % 5} "é\\' for text in rows], grams=NGrams(longest=3, words=1, across=False)
        )
    return fit_text(rows, [str("good" in text) for text in rows])


def python_of(model: Any, folder: Path) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(compile(exported(model, "python", "m"), "m", "exec"), space)
    return space


class Node:
    """An exported module in node, called with one text after another."""

    def __init__(self, model: Any, folder: Path, call: str) -> None:
        (folder / "m.mjs").write_text(exported(model, "js", "m"), encoding="utf-8")
        (folder / "main.mjs").write_text(
            "import * as m from './m.mjs'; import { createInterface } from 'readline';\n"
            f"for await (const line of createInterface({{ input: process.stdin }})) {{ const t = JSON.parse(line); "
            f"console.log(JSON.stringify({call})); }}"
        )
        self._process = subprocess.Popen(
            ["node", "main.mjs"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, value: Any) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


def library(model: Any, folder: Path) -> ctypes.CDLL:
    (folder / "m.c").write_text(exported(model, "c", "m"), encoding="utf-8")
    subprocess.run(["gcc", *C_FLAGS, "-shared", "-fPIC", "-o", "m.so", "m.c", "-lm"], cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "m.so"))


def in_c(text: str) -> bytes:
    """As C takes it: normalised, without a zero in it."""
    return normalise(text).replace("\0", " ").encode("utf-8", "surrogatepass")


Output = Callable[[str], tuple[Any, Any, Any]]


def outputs_of(language: str, model: TextModel, folder: Path) -> tuple[Output, Callable[[], None]]:
    """(what gives output, probabilities and prediction of a text; what ends it)."""
    names = ("output", "probabilities", "predict") if model.classes else ("output", "predict", "predict")
    if language == "python":
        module = python_of(model, folder)
        return lambda text: tuple(module[name](text) for name in names), lambda: None
    if language == "js":
        node = Node(model, folder, f"[{', '.join(f'm.{name}(t)' for name in names)}]")
        return node, node.close
    code, k, classes = library(model, folder), len(model.intercepts), len(model.classes)

    def run(text: str) -> tuple[Any, Any, Any]:
        y = (ctypes.c_double * k)()
        assert code.m_output(in_c(text), y) == 0
        if not classes:
            return list(y), y[0], y[0]
        p = (ctypes.c_double * classes)()
        assert code.m_probabilities(in_c(text), p) == 0
        labels = (ctypes.c_char_p * classes).in_dll(code, "m_classes")
        found = labels[code.m_predict(in_c(text))]
        assert found is not None
        return list(y), list(p), found.decode()

    return run, lambda: None


@pytest.fixture(scope="module", params=[(to, kind) for to in NEEDED for kind in ("two", "five", "numbers")], ids=str)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TextModel, Output]]:
    language, kind = request.param
    if not shutil.which(NEEDED[language]):
        pytest.skip(f"no {NEEDED[language]}")
    model = text_model(kind)
    run, close = outputs_of(language, model, tmp_path_factory.mktemp("m"))
    yield model, run
    close()


@settings(max_examples=40, deadline=None)
@given(text=texts)
def test_random_texts(running: tuple[TextModel, Output], text: str) -> None:
    model, run = running
    output, probabilities, label = run(text)
    np.testing.assert_allclose(output, model.output([text])[0], rtol=1e-6, atol=1e-6)
    if model.classes:
        np.testing.assert_allclose(probabilities, model.probabilities([text])[0], rtol=1e-6, atol=1e-6)
        first, second = np.sort(probabilities)[[-1, -2]]
        assert first - second < 1e-6 or label == model.predict([text])[0]
    else:
        np.testing.assert_allclose(label, model.predict([text])[0], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("text", ["", "\ud800 good \udfff", "nul\0good", "goooooooood " * 7_500, "\ufffd"])
def test_extreme_texts(running: tuple[TextModel, Output], text: str) -> None:
    model, run = running
    np.testing.assert_allclose(run(text)[0], model.output([text])[0], rtol=1e-6, atol=1e-6)


@pytest.mark.skipif(not shutil.which("gcc"), reason="no C compiler")
def test_c_makes_lower_case_and_reads_broken_utf8(tmp_path: Path) -> None:
    model = text_model("two")
    code = library(model, tmp_path)
    y = (ctypes.c_double * 1)()
    for text in ("A GOOD Film", "İSTANBUL ÉCOLE", "ПРИВЕТ Ǆ Ⱥ 𐐀"):
        code.m_output(text.encode(), y)
        np.testing.assert_allclose(list(y), model.output([text])[0], rtol=1e-6, atol=1e-6)
    for wrong in (b"good \xff", b"good \xe0", b"good \xc3"):
        code.m_output(wrong, y)
        np.testing.assert_allclose(list(y), model.output(["good \ufffd"])[0], rtol=1e-6, atol=1e-6)


def test_lower_case_runs_are_those_of_python() -> None:
    found = {c: c + shift for first, last, step, shift in lower_case_runs() for c in range(first, last + 1, step)}
    singles = {c: ord(chr(c).lower()) for c in range(0x110000) if len(chr(c).lower()) == 1}
    assert found == {c: low for c, low in singles.items() if low != c}


def test_onnx_takes_the_counts_of_the_code(tmp_path: Path) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    rows = [*corpus()[:20], ""]
    for kind in ("two", "five", "numbers"):
        model = text_model(kind)
        path = ub.export(model, tmp_path / f"{kind}.onnx")
        counts = [python_of(model, tmp_path)["counts"](text) for text in rows]
        longest = max(map(len, counts))
        numbers, amounts = np.zeros((len(rows), longest), np.int64), np.zeros((len(rows), longest), np.float32)
        for i, found in enumerate(counts):
            numbers[i, : len(found)], amounts[i, : len(found)] = list(found), list(found.values())
        session = onnxruntime.InferenceSession(str(path))
        y, *shares = session.run(None, {"rows": numbers, "counts": amounts})
        np.testing.assert_allclose(y, model.output(rows), rtol=1e-4, atol=1e-5)
        if model.classes:
            np.testing.assert_allclose(shares[0], model.probabilities(rows), rtol=1e-4, atol=1e-5)
            assert shares[1].tolist() == model.predict(rows).tolist()


@pytest.mark.skipif(not shutil.which("gcc"), reason="no C compiler")
def test_c_counts_as_python_does(tmp_path: Path) -> None:
    model = text_model("two")
    code, counts = library(model, tmp_path), python_of(model, tmp_path)["counts"]
    for text in corpus()[:20]:
        rows, amounts = (ctypes.c_int32 * 999)(), (ctypes.c_int32 * 999)()
        code.m_counts.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        code.m_counts.restype = ctypes.c_long
        found = code.m_counts(in_c(text), 999, rows, amounts)
        assert dict(zip(rows[:found], amounts[:found], strict=True)) == counts(text)


def test_json_and_files_and_the_estimator(tmp_path: Path) -> None:
    estimator = TextClassifier().fit(corpus(), [str("good" in text) for text in corpus()])
    model = estimator.model_
    answer = json.loads(exported(estimator, "json"))
    scales = np.repeat(answer["scales"], answer["block"])[: np.size(answer["codes"])]
    np.testing.assert_allclose(np.ravel(answer["codes"]) * scales, model.matrix.ravel(), rtol=1e-6)
    assert answer["buckets"] == model.weighting.buckets.tolist() and answer["classes"] == list(model.classes)
    loaded = ub.load(model.save(tmp_path / "m.safetensors"))
    assert loaded.output(corpus()).tolist() == model.output(corpus()).tolist()
    with pytest.raises(ub.BadInput, match="c, js, json, python"):
        ub.export(model, tmp_path / "m.sql")


def table_model(kind: str) -> tuple[Model, dict[str, list[Any]]]:
    """A network of two texts' scores and vectors beside a number, a label and a date, its weights drawn at random."""
    rng = np.random.default_rng(2)
    rows = corpus()
    table: dict[str, list[Any]] = {
        "votes": rng.integers(0, 99, 200).tolist(),
        "kind": rng.choice(["park", "학교"], 200).tolist(),
        "begun": [f"2024-{1 + i % 12:02d}-{1 + i % 28:02d}" for i in range(200)],
        "text": rows,
        "title": [text[:12] for text in rows],
        "y": rng.choice(["yes", "no", "open"], 200).tolist() if kind == "classes" else rng.normal(size=200).tolist(),
    }
    problem = pose_problem({name: table[name] for name in ("votes", "kind", "begun", "y")}, "y")
    outputs = 3 if kind == "classes" else 1

    def features(grams: NGrams, count: int, name: str) -> TextFeatures:
        counts = grams.count(table[name])
        weighting = Weighting.of(counts)
        return TextFeatures(grams, weighting, Int8Blocks.from_matrix(rng.normal(size=(len(weighting.buckets), count))))

    inside = NGrams(longest=3, words=1, across=False)
    parts = {"text": (features(NGrams(), outputs, "text"), features(inside, 4, "text")),
             "title": (features(NGrams(), outputs, "title"),)}  # fmt: skip
    encoders = [
        TextColumnEncoder(name, tuple(f"{name} {k}" for k in range(sum(p.count for p in own))), own)
        for name, own in parts.items()
    ]
    encoder = Encoder.fit(problem).with_texts(encoders)
    net = ub.Network([ub.Dense(len(encoder.names), 5, "relu"), ub.Dense(5, outputs)], seed=3, dtype="float64")
    return Model(net, encoder, "y", ("no", "open", "yes") if kind == "classes" else ()), table


@pytest.mark.parametrize("kind", ["numbers", "classes"])
@pytest.mark.parametrize("language", list(NEEDED))
def test_a_table_with_texts(language: str, kind: str, tmp_path: Path) -> None:
    if not shutil.which(NEEDED[language]):
        pytest.skip(f"no {NEEDED[language]}")
    model, table = table_model(kind)
    table["text"][3], table["title"][5] = None, ""
    names = [name for name in table if name != "y"]
    rows = [["" if v is None else str(v) for v in row] for row in zip(*(table[n] for n in names), strict=True)][:40]
    if language == "python":
        module = python_of(model, tmp_path)
        assert [column["name"] for column in module["CELLS"]] == names
        found = [module["output"](module["encode"](row)) for row in rows]
    elif language == "js":
        node = Node(model, tmp_path, "m.output(m.encode(t))")
        found = [node(row) for row in rows]
        node.close()
    else:
        code, width, k = library(model, tmp_path), len(model.encoder.names), model.network.outputs
        found = []
        for row in rows:
            x, y = (ctypes.c_double * width)(), (ctypes.c_double * k)()
            assert code.m_encode((ctypes.c_char_p * len(row))(*map(in_c, row)), x) == 0
            code.m_output(x, y)
            found.append(list(y))
    expected = model.network(model.encoder.transform(ub.data.read_table(table, types=model.encoder.types)))
    np.testing.assert_allclose(found, expected[:40], rtol=1e-5, atol=1e-6)


def test_a_table_with_texts_elsewhere(tmp_path: Path) -> None:
    model, table = table_model("numbers")
    loaded = ub.load(ub.export(model, tmp_path / "m.json"))
    assert loaded.predict(table).tolist() == model.predict(table).tolist()
    for target in ("sql", "excel"):
        with pytest.raises(ub.BadInput, match="title"):
            exported(model, target)
    onnxruntime = pytest.importorskip("onnxruntime")
    x = model.encoder.transform(ub.data.read_table(table, types=model.encoder.types))
    session = onnxruntime.InferenceSession(str(ub.export(model, tmp_path / "m.onnx")))
    np.testing.assert_allclose(session.run(None, {"x": x})[0], model.network(x), rtol=1e-9)
