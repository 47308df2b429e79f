"""Straight models of text as C, JavaScript, Python and JSON: compiled or run, and compared with the table."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.export import exported
from unbend.text.fasttext import NgramTable, shrink_table

from .runners import C_FLAGS

MODELS = Path(__file__).parents[1] / "text" / "models"
NAMES = ("softmax_words", "softmax_subwords", "one_vs_all", "tree", "pruned", "small")
TEXTS = [
    "", "what is my balance", "WHAT   is\tmy\vbalance\f!", "cancel my flight to seoul", "오늘 너무 힘들다", "안 좋아",
    "a", "가", "🙂 good", "é e\u0301 naïve", "what </s> is", "__label__no what", "__label__love what", "play " * 40,
]  # fmt: skip


def table(name: str) -> NgramTable:
    if name == "small":
        return shrink_table(table("softmax_subwords"), TEXTS[:6]).table
    path = MODELS / f"{name}.bin"
    made: NgramTable = ub.collapse(ub.load(path if path.exists() else path.with_suffix(".ftz")))
    return made


@pytest.mark.skipif(not shutil.which("gcc"), reason="no C compiler")
@pytest.mark.parametrize("name", NAMES)
def test_c(name: str, tmp_path: Path) -> None:
    model = table(name)
    n, k = len(model.outputs), len(model.classes)
    (tmp_path / "m.c").write_text(exported(model, "c", "m"), encoding="utf-8")
    (tmp_path / "main.c").write_text(
        f"#include <stdio.h>\n#include <string.h>\nlong m_output(const char *, double *);\n"
        f"long m_probabilities(const char *, double *);\nint m_predict(const char *);\n"
        f"extern const char *const m_classes[{k}];\n"
        "int main(void) { static char line[4096]; while (fgets(line, sizeof line, stdin)) {\n"
        f'double y[{n}], p[{k}]; line[strcspn(line, "\\n")] = 0; m_output(line, y); m_probabilities(line, p);\n'
        f'for (int i = 0; i < {n}; i++) printf("%.17g ", y[i]);\n'
        f'for (int i = 0; i < {k}; i++) printf("%.17g ", p[i]);\n'
        'printf("%s\\n", m_classes[m_predict(line)]); } return 0; }\n'
    )
    subprocess.run(["gcc", *C_FLAGS, "-o", "m", "m.c", "main.c", "-lm"], cwd=tmp_path, check=True)
    lines = "\n".join(TEXTS) + "\n"
    printed = subprocess.run([tmp_path / "m"], input=lines, capture_output=True, text=True, check=True).stdout
    answers = [line.split(" ") for line in printed.splitlines()]
    numbers = np.array([[float(v) for v in answer[:-1]] for answer in answers])
    np.testing.assert_allclose(numbers[:, :n], model.logits(TEXTS), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(numbers[:, n:], model.probabilities(TEXTS), rtol=1e-10, atol=1e-12)
    assert [answer[-1] for answer in answers] == model.predict(TEXTS)


PYTHON = "import json, model; texts = json.loads(input())\nprint(json.dumps([[f(t) for t in texts] for f in (\
model.output, model.probabilities, model.predict)]))"
NODE = "import * as model from './model.mjs'; const texts = JSON.parse(process.argv[2]);\n\
console.log(JSON.stringify([model.output, model.probabilities, model.predict].map((f) => texts.map((t) => f(t)))));"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("to", ["python", "js"])
def test_python_and_javascript(name: str, to: str, tmp_path: Path) -> None:
    if to == "js" and not shutil.which("node"):
        pytest.skip("no node")
    model, texts = table(name), [*TEXTS, "nul\0in the text", "\ud800 what"]
    ub.export(model, tmp_path / {"python": "model.py", "js": "model.mjs"}[to], to)
    if to == "js":
        (tmp_path / "main.mjs").write_text(NODE)
        command, given = ["node", "main.mjs", json.dumps(texts)], None
    else:
        command, given = [sys.executable, "-c", PYTHON], json.dumps(texts)
    done = subprocess.run(command, input=given, cwd=tmp_path, capture_output=True, text=True, check=True)
    logits, shares, labels = json.loads(done.stdout)
    np.testing.assert_allclose(logits, model.logits(texts), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(shares, model.probabilities(texts), rtol=1e-10, atol=1e-12)
    assert labels == model.predict(texts)


def test_json_holds_the_table() -> None:
    model = table("small")
    answer = json.loads(exported(model, "json", "m"))
    assert answer["classes"] == list(model.classes)
    scales = np.repeat(answer["scales"], 64)[: np.size(answer["codes"])].reshape(np.shape(answer["codes"]))
    np.testing.assert_allclose(answer["codes"] * scales, model.rows(np.arange(model.weights.shape[0])), rtol=1e-12)
    assert len(answer["words"]) + len(answer["buckets"]) == len(answer["codes"])


def test_other_targets_say_which_are_there(tmp_path: Path) -> None:
    with pytest.raises(ub.BadInput, match="js"):
        ub.export(ub.load(MODELS / "bag.bin"), tmp_path / "m.onnx")
