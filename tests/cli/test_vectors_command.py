"""``unbend vectors`` makes word vectors and answers questions about them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import unbend as ub
from unbend.cli import run

MODELS = Path(__file__).parents[1] / "text" / "models"
LINES = ["the king rules", "the queen rules", "the man walks", "the woman walks", "a king is a man",
         "a queen is a woman", "개가 뼈를 먹는다", "개는 귀엽다"] * 6  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    (tmp_path / "corpus.txt").write_text("\n".join(LINES), encoding="utf-8")
    return str(tmp_path / "corpus.txt")


def test_made_and_questioned(corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "v.safetensors")
    assert run(["vectors", corpus, "--out", out, "--dimension", "6", "--ngrams", "1-3", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    made = ub.load(out)
    assert answer["words"] == len(made) and answer["dimension"] == 6 and answer["forgotten"] == 0
    np.testing.assert_array_equal(made.vectors, ub.vectors(LINES, dimension=6, ngrams=(1, 3)).vectors)
    assert run(["vectors", "near", out, "king", "-n", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(row["word"], pytest.approx(row["cosine"])) for row in found] == made.near("king", 3)
    assert run(["vectors", "analogy", out, "king - man + woman"]) == 0
    assert capsys.readouterr().out.split()[0] == made.analogy("king - man + woman")[0][0]
    assert run(["vectors", "near", out, "개를"]) == 0  # not a word of the corpus
    assert capsys.readouterr().out.split()[0] in ("개가", "개는")


def test_a_table_and_a_vec_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.csv"
    table.write_text("id,text\n" + "".join(f"{i},{line}\n" for i, line in enumerate(LINES)), encoding="utf-8")
    out = str(tmp_path / "v.vec")
    assert run(["vectors", str(table), "--text", "text", "--out", out, "--dimension", "4"]) == 0
    assert ub.load(out).words == ub.vectors(LINES, dimension=4).words


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_picture(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / f"words.{ending}"
    assert run(["vectors", "picture", str(MODELS / "cbow.vec"), "my", "i", "to", "the", "--out", str(out)]) == 0
    assert out.stat().st_size > 1000


def test_arrows_of_a_picture() -> None:
    made = ub.load(MODELS / "cbow.bin")
    figure = ub.draw_words(made, ["my", "i", "to"], arrows=[("my", "i")])
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert sorted(texts) == ["", "i", "my", "to"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["vectors", "CORPUS"],
        ["vectors", "near", "CORPUS"],
        ["vectors", "near", "MODEL", "king"],
        ["vectors", "near", "SKIPGRAM", "한국"],
        ["vectors", "analogy", "SKIPGRAM", "my i"],
        ["vectors", "picture", "SKIPGRAM", "my", "i"],
        ["vectors", "picture", "SKIPGRAM", "my", "--out", "x.png"],
        ["vectors", "CORPUS", "--out", "OUT", "--ngrams", "a"],
        ["vectors", "CORPUS", "--out", "OUT", "--dimension", "4000"],
        ["explain", "SKIPGRAM", "--text", "a"],
        ["collapse", "SKIPGRAM"],
        ["export", "SKIPGRAM", "--to", "js"],
    ],
)
def test_misuse_is_one_line(
    arguments: list[str], corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"CORPUS": corpus, "MODEL": str(MODELS / "bag.bin"), "SKIPGRAM": str(MODELS / "cbow.bin"),
              "OUT": str(tmp_path / "out.safetensors")}  # fmt: skip
    for language in ("en", "ko"):
        assert run([*(places.get(a, a) for a in arguments), "--lang", language]) == 2
        printed = capsys.readouterr()
        assert printed.out == "" and printed.err.count("\n") == 1
