"""Train the small fastText models that the tests read, and write down what fastText itself says of some texts.

    python tests/text/make_fasttext_models.py CHATBOT.csv CLINC150.csv

runs in an environment with fasttext-wheel 0.9.2 and numpy<2. The texts are from Chatbot data (Song Young-sook, MIT) and
CLINC150 (Larson et al. 2019, CC BY 3.0). One thread, so that the same version of fastText makes the same models again.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import fasttext

FOLDER = Path(__file__).with_name("models")
TEXTS = [
    "", " ", "what is my balance", "WHAT   is\tmy\vbalance\f!", "cancel my flight to seoul please", "xyzzy",
    "오늘 너무 힘들다", "안 좋아", "못 가겠어 ㅠㅠ", "헤어진 그 사람이 보고 싶어요", "a", "가", "🙂 good",
    "é e\u0301 naïve",
    "what </s> is my balance", "__label__no what is", "__label__0 what is", "nul\0in the text", "\u202eabc\u202c",
    "play " * 40 + "music",
]  # fmt: skip
COMMON = {"thread": 1, "epoch": 8, "lr": 0.5, "verbose": 0, "seed": 1}
SUPERVISED: dict[str, dict[str, Any]] = {
    "softmax_words.bin": {"dim": 6, "wordNgrams": 3, "bucket": 400, "loss": "softmax"},
    "softmax_subwords.bin": {"dim": 5, "minn": 1, "maxn": 3, "bucket": 700, "wordNgrams": 2, "loss": "softmax"},
    "one_vs_all.bin": {"dim": 4, "minn": 2, "maxn": 4, "bucket": 500, "loss": "ova"},
    "tree.bin": {"dim": 5, "wordNgrams": 2, "bucket": 300, "loss": "hs"},
    "bag.bin": {"dim": 3, "loss": "softmax"},
}
QUANTISED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "pruned.ftz": ({"dim": 6, "minn": 2, "maxn": 3, "bucket": 2000, "wordNgrams": 2}, {"cutoff": 300, "qnorm": True}),
    "codes.ftz": ({"dim": 5, "wordNgrams": 2, "bucket": 300}, {"qnorm": False}),
    "codes_out.ftz": ({"dim": 4, "wordNgrams": 2, "bucket": 200, "labels": 260}, {"qnorm": True, "qout": True}),
}
VECTORS: dict[str, dict[str, Any]] = {
    "skipgram.bin": {"model": "skipgram", "dim": 6, "minn": 2, "maxn": 3, "bucket": 200, "minCount": 20},
    "cbow.bin": {"model": "cbow", "dim": 6, "maxn": 0, "bucket": 0, "minCount": 20},
}


def read(path: str, label: str, text: str) -> list[tuple[str, str]]:
    """(label, text) of each row of a CSV file."""
    with open(path, encoding="utf-8", newline="") as file:
        return [(row[label], row[text].replace("\n", " ")) for row in csv.DictReader(file)]


def corpus(rows: list[tuple[str, str]], labels: int | None = None) -> str:
    """A training file for fastText; ``labels``: that many made-up ones in place of the rows' own."""
    lines = [f"__label__{name.replace(' ', '_') if labels is None else i % labels} {text}"
             for i, (name, text) in enumerate(rows)]  # fmt: skip
    path = Path(tempfile.mkdtemp()) / "corpus.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def said(model: Any, name: str) -> list[dict[str, Any]]:
    """What fastText computes of the texts: hidden vectors, scores, probabilities in the order of ``labels``."""
    answers = []
    hidden_size = model.get_dimension()
    output = None if name.endswith(".ftz") else model.get_output_matrix().astype(float)
    for text in TEXTS:
        hidden = model.get_sentence_vector(text).astype(float)
        assert hidden.shape == (hidden_size,)
        names, shares = model.predict(text, k=-1)
        shares = dict(zip(names, map(float, shares), strict=True))
        answers.append({"text": text, "logits": None if output is None else (output @ hidden).tolist(),
                        "probabilities": [shares.get(label) for label in model.labels]})  # fmt: skip
    return answers


def main() -> None:
    chatbot = read(sys.argv[1], "label", "text")
    clinc = [row for row in read(sys.argv[2], "label", "text") if hash_of(row[0]) % 12 == 0]
    rows = chatbot[::20] + clinc[::6]
    expected: dict[str, Any] = {}
    FOLDER.mkdir(exist_ok=True)
    for name, options in SUPERVISED.items():
        model = fasttext.train_supervised(corpus(rows), minCount=2, **COMMON, **options)
        model.save_model(str(FOLDER / name))
        expected[name] = {"labels": model.labels, "texts": said(model, name)}
    for name, (options, quantised) in QUANTISED.items():
        path = corpus(rows, options.pop("labels", None))
        model = fasttext.train_supervised(path, minCount=2, **COMMON, **options)
        model.quantize(path, thread=1, verbose=0, **quantised)
        model.save_model(str(FOLDER / name))
        expected[name] = {"labels": model.labels, "texts": said(model, name)}
    for name, options in VECTORS.items():
        model = fasttext.train_unsupervised(corpus(clinc), thread=1, verbose=0, epoch=2, **options)
        model.save_model(str(FOLDER / name))
        words = [*model.words[:5], "unseen", "한국", "</s>"]
        expected[name] = {word: model.get_word_vector(word).astype(float).tolist() for word in words}
    model = fasttext.load_model(str(FOLDER / "cbow.bin"))
    lines = [f"{len(model.words)} {model.get_dimension()}"]
    lines += [f"{word} {' '.join(f'{v:.5g}' for v in model.get_word_vector(word))}" for word in model.words]
    (FOLDER / "cbow.vec").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (FOLDER / "expected.json").write_text(json.dumps(expected, ensure_ascii=False), encoding="utf-8")


def hash_of(text: str) -> int:
    """The same number in every process."""
    return sum(ord(letter) * (i + 1) for i, letter in enumerate(text))


if __name__ == "__main__":
    main()
