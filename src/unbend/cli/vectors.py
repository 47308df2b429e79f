"""``unbend vectors CORPUS --out FILE``, ``vectors near FILE WORD``, ``vectors analogy FILE EXPRESSION``, ``vectors
picture FILE WORD …``: word vectors by linear algebra."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.cells import cell_len

from .. import json_text
from ..errors import BadInput
from ..words import say
from .verbosity import tell

if TYPE_CHECKING:
    from ..text.vectors import WordVectors

_QUESTIONS = ("near", "analogy", "picture")


def vectors(
    arguments: Annotated[
        list[str], typer.Argument(help=say("vectors.cli_arguments"), metavar="CORPUS|near|analogy|picture …")
    ],
    out: Annotated[Path | None, typer.Option("--out", "-o", help=say("vectors.cli_out"))] = None,
    text: Annotated[str | None, typer.Option("--text", help=say("vectors.cli_text"))] = None,
    dimension: Annotated[int, typer.Option(help=say("vectors.cli_dimension"))] = 100,
    window: Annotated[int, typer.Option(help=say("vectors.cli_window"))] = 5,
    weighting: Annotated[str, typer.Option(help=say("vectors.cli_weighting"))] = "linear",
    min_count: Annotated[int, typer.Option(help=say("vectors.cli_min_count"))] = 5,
    most_words: Annotated[int, typer.Option(help=say("vectors.cli_most_words"))] = 20_000,
    shift: Annotated[float, typer.Option(help=say("vectors.cli_shift"))] = 1.0,
    ngrams: Annotated[str | None, typer.Option(help=say("vectors.cli_ngrams"))] = None,
    seed: Annotated[int, typer.Option(help=say("geometry.cli_seed"))] = 0,
    count: Annotated[int, typer.Option("--count", "-n", help=say("vectors.cli_count"))] = 10,
    json: Annotated[bool, typer.Option("--json", help=say("geometry.cli_json"))] = False,
) -> None:
    if arguments[0] in _QUESTIONS:
        _answer(arguments[0], arguments[1:], out, count, json)
        return
    if out is None or len(arguments) > 1:
        raise BadInput("vectors.cli_usage")
    from ..text.vectors import vectors as make
    from .output import check_writable

    check_writable(out)
    made = make(
        _corpus(arguments[0], text), dimension=dimension, window=window, weighting=weighting, min_count=min_count,
        most_words=most_words, shift=shift, ngrams=_lengths(ngrams), seed=seed,
    )  # fmt: skip
    made.save(out)
    if json:
        about = {name: value for name, value in made.about.items() if name != "singular_values"}
        print(json_text.dumps({"words": len(made), "dimension": made.dimension, "out": str(out), **about}))
    else:
        print(made)
    if made.about["forgotten"]:
        tell(say("vectors.forgotten", weight=f"{made.about['forgotten']:,.0f}"))
    tell(say("geometry.collapsed_at", path=out))


def _answer(question: str, arguments: list[str], out: Path | None, count: int, json: bool) -> None:
    """One question about vectors in a file."""
    if len(arguments) < 2 or (question == "near" and len(arguments) > 2):
        raise BadInput("vectors.cli_usage")
    made = _load(Path(arguments[0]))
    if question == "picture":
        from ..figures import draw_words

        if out is None:
            raise BadInput("vectors.cli_usage")
        draw_words(made, arguments[1:], out)
        tell(say("geometry.collapsed_at", path=out))
        return
    question_words = " ".join(arguments[1:])
    found = made.near(question_words, count) if question == "near" else made.analogy(question_words, count)
    if json:
        print(json_text.dumps([{"word": word, "cosine": cosine} for word, cosine in found]))
        return
    width = max((cell_len(word) for word, _ in found), default=0)
    for word, cosine in found:
        print(f"{word}{' ' * (width - cell_len(word))}  {cosine:.4f}")


def _load(path: Path) -> WordVectors:
    from ..model_file import load
    from ..text.vectors import WordVectors

    made = load(path)
    if not isinstance(made, WordVectors):
        raise BadInput("vectors.no_vectors", path=path)
    return made


def _corpus(path: str, column: str | None) -> Any:
    """A text file as it is; of a table a column of texts, read again each time it is gone through."""
    if column is None and not path.lower().endswith((".csv", ".tsv", ".parquet", ".feather", ".xlsx", ".jsonl")):
        return path
    from .text_models import read_texts

    return read_texts(path, column)


def _lengths(text: str | None) -> tuple[int, int] | None:
    """Such as 2-4."""
    if text is None:
        return None
    first, _, last = text.partition("-")
    if not (first.strip().isdigit() and last.strip().isdigit()):
        raise BadInput("vectors.ngrams", got=text)
    return int(first), int(last)
