"""What the fuzzed doors are fed with: good inputs, the words they are made of, and ways to spoil them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
from fuzz_targets import FOLDER, TARGETS, X
from hypothesis import strategies as st

import unbend as ub

MODELS = Path(__file__).parents[1] / "text" / "models"
FORMULAS = [
    "y = b1*(1 - exp(-b2*x))", "log(y) = a + b*log(x)", "a*x**2 + b*x + c", "where(x > 0, a*x, b) + max(x, 0.2*x)",
    "sin(pi*x)/cos(e^x)", "relu(a*x + b) + |x|", "sqrt(abs(x - t0))*gelu(x)", "(a + b)*(x - 1)^3/2.5e-3", "x = y",
    "erf(x)*sigmoid(-x)", "a!x", "min(x, t, a) + sign(x)*floor(x)", "2x", "나이*a + 키",
]  # fmt: skip
WORDS: dict[str, list[str]] = {
    "formula": [
        *"xyabtuvw+-*/^()|=,.<>!&%~ \t\n\u00b2\u03c0\u2212\u00d7", "**", "exp(", "log(", "sin(", "where(", "max(",
        "abs(", "relu(", "softplus(", "erf(", "1e308", "1e-320", "0", "1/3", "2.5", "pi", "e", "inf", "nan", "lambda ",
        "__import__", "((((((((", "))))))))", "-" * 30, "^x" * 12, "9" * 60, "b1", "log(log(", "x[0]", "x.y", "'", "e^",
    ],
    "csv": [
        ",", ";", "\t", "|", "\n", "\r\n", "\r", '"', '""', "'", " ", "NaN", "inf", "-", "1e999", "1,5", "1.234,5",
        "\0", "2024-01-31", "31/12/2024", "true", "nein", "yes", "\ufeff", "\u00a0", "0x1f", "1_000", "9" * 20,
        "a" * 400, ",,,,,,,,", "\n\n\n", "#", "\u2212", "12:30", "1e-400", "10000-01-01", "=1+1", "\u200b", "NA",
        "null",
    ],
    "model": ['"F64"', '"F32"', '"BOOL"', '"shape"', "[1,1]", "[1000000000000]", "-8", "1e400", "null", "tanh", "x*x",
              "../../etc/passwd", "\\u0000", "[[[[", '{"a":', "unbend.network", "9" * 40],
    "url": ["&", "=", "%", "%00", "%ff", "%EA%B0%80", "+", ";", "_hide=", "v=2", "lang=ko", "lang=xx", "nan", "inf",
            "1e999", "-1", "true", "0.1", "9" * 400, "<script>", "&amp;", "[]", "\u2028", "a=b&a=c"],
}  # fmt: skip
WORDS["fasttext"] = [
    "\xff" * 4,
    "\x7f" + "\xff" * 3,
    "\0" * 8,
    "</s>\0",
    "__label__",
    "\x01",
    "\x02",
    "\x80" * 30,
    "\x0c\0\0\0",
]
WORDS["vec"] = ["2 3\n", "99999999999 2\n", "1 99999999999\n", " ", "\n", "nan", "1e999", "\0", "9" * 400, "\r\n"]
WORDS |= dict.fromkeys(("model_json", "checkpoint", "onnx"), WORDS["model"])


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    """Good inputs of a target."""
    if target == "formula":
        return tuple(text.encode() for text in FORMULAS)
    if target == "csv":
        return tuple(_tables())
    if target == "fasttext":
        return tuple(path.read_bytes() for path in sorted(MODELS.iterdir()) if path.suffix in (".bin", ".ftz"))
    if target == "vec":
        return b"2 3\nthe 0.5 -1 2e-3\n\xea\xb0\x80 1 2 3\n", b"a 1 2\nb 3 4\n", b"0 2\n"
    if target == "url":
        return (b"", b"v=1&lang=ko", b"_hide=rate,arrays", *_states())
    net = ub.Network([ub.Dense(1, 2, "tanh"), ub.Dense(2, 1, "max(x, 0.2*x)")], seed=0)
    if target == "checkpoint":
        ub.train(ub.Network([ub.Dense(1, 1)], seed=0), X, X, epochs=2, checkpoint=FOLDER / "good")
        return ((FOLDER / "good" / "checkpoint.safetensors").read_bytes(),)
    if target == "onnx":
        from unbend.export import export

        return (export(net, FOLDER / "good.onnx").read_bytes(),)
    ending = {"model": "safetensors", "model_json": "json"}[target]
    table = {"a": X[:, 0].repeat(2), "k": ["p", "q"] * 8, "y": X[:, 0].repeat(2)}
    from unbend.verdict import Settings

    good, of_rows = Settings.for_rows, Settings(members=1, hidden=(2,), steps=10)
    Settings.for_rows = classmethod(lambda cls, rows: of_rows)  # type: ignore[method-assign,assignment]
    try:
        fitted = ub.fit(table, "y").network.model.save(FOLDER / f"table.{ending}").read_bytes()
    finally:
        Settings.for_rows = good  # type: ignore[method-assign]
    return ub.save(net, FOLDER / f"good.{ending}").read_bytes(), fitted


def _tables() -> list[bytes]:
    rng = np.random.default_rng(0)
    numbers = [f"{a:.3f},{b:.2e},{'ja' if a > 0 else 'nein'},{i}" for i, (a, b) in enumerate(rng.normal(size=(14, 2)))]
    german = [row.replace(",", ";").replace(".", ",") for row in numbers]
    dates = [f"2024-{1 + i % 12:02d}-0{1 + i % 9}\t{i % 3}\t\t{i}" for i in range(14)]
    return [
        ("a,b,c,y\n" + "\n".join(numbers) + "\n").encode(),
        ("\ufeffä;b;c;y\r\n" + "\r\n".join(german)).encode(),
        ("day\tgroup\tempty\ty\n" + "\n".join(dates)).encode("utf-16"),
        ("나이,값\n" + "\n".join(f"{i},높음" if i % 2 else f"{i},낮음" for i in range(14))).encode("cp949"),
        json.dumps(numbers).encode(),
    ]


def _states() -> list[bytes]:
    from fuzz_targets import pages

    return ["&".join(f"{f.name}={f.write(f.default)}" for f in fields).encode() for fields in pages()]


def spoiled(target: str) -> st.SearchStrategy[bytes]:
    """Good inputs with some places overwritten, cut, doubled or mixed; for formulas and URLs also words in a row."""
    encoding = "latin-1" if target == "fasttext" else "utf-8"
    words = st.sampled_from([word.encode(encoding, "surrogatepass") for word in WORDS[target]])
    piece = words | st.binary(max_size=8)
    edit = st.tuples(st.floats(0, 1), st.sampled_from(["insert", "overwrite", "cut", "double", "flip"]), piece)

    def spoil(seed: bytes, edits: list[tuple[float, str, bytes]]) -> bytes:
        for where, how, with_ in edits:
            at = round(where * len(seed))
            if how == "insert":
                seed = seed[:at] + with_ + seed[at:]
            elif how == "overwrite":
                seed = seed[:at] + with_ + seed[at + len(with_) :]
            elif how == "cut":
                seed = seed[:at] + seed[at + len(with_) + 1 :]
            elif how == "double":
                seed = seed[: at + 40] + seed[at:]
            elif at < len(seed):
                seed = seed[:at] + bytes([seed[at] ^ (1 << len(with_) % 8)]) + seed[at + 1 :]
        return seed

    edited = st.builds(spoil, st.sampled_from(seeds(target)), st.lists(edit, max_size=6))
    return (
        edited
        if target in ("model", "checkpoint", "onnx", "fasttext")
        else edited | st.lists(words, max_size=25).map(b"".join)
    )


assert set(TARGETS) <= set(WORDS)
