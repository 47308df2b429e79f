"""Names are the field's: words that said nothing to a reader from outside do not come back as names.

Modules, classes, functions, arguments and variables count; the words are those of the first names this code had.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import unbend

ROOT = Path(unbend.__file__).parent

# word -> what to say instead
NOWHERE = {
    "apart": "stride; subprocess job",
    "asked": "requested; arguments",
    "carve": "arrangement",
    "carried": "export model",
    "chords": "cell cuts",
    "course": "learning curve",
    "deal": "splitter",
    "described": "header",
    "gathered": "merged cases",
    "hinges": "piecewise linear encoding",
    "judging": "hold-out",
    "kept": "mask; selected; checkpoint",
    "kin": "groups",
    "kinship": "groups; autocorrelation of errors",
    "lose": "loss",
    "tiles": "small kernel",
    "together": "atomics; joint",
    "told": "message; description",
}
# (room, word): words that are right elsewhere
IN_ROOM = {
    **{(room, "lesson"): "training task" for room in ("train", "engine", "bench", "network", "verdict", "scale")},
    ("engine", "room"): "workspace",
    ("engine", "rooms"): "workspace",
    ("engine", "pieces"): "stubs",
    ("engine", "hands"): "workers",
    ("engine", "helpers"): "workers",
    ("engine", "leave"): "store",
    ("engine", "take"): "fetch_add",
    ("geometry", "stages"): "scaled layers",
    ("solve", "finish"): "polish",
    ("solve", "outcome"): "inference",
    ("formula", "witness"): "counterexample search",
    ("verdict", "bent"): "network",
    ("verdict", "witness"): "specification test",
    ("report", "witness"): "specification test",
}
MODULES = (
    "formula/proof/places",
    "formula/proof/parts",
    "verdict/rows",
    "sklearn/rows",
    "solve/parts",
    "engine/rows",
    "engine/lanes",
)


def names_in(path: Path) -> Iterator[tuple[int, str]]:
    """(line, name) of everything that the file names."""
    yield 0, path.parent.name if path.name == "__init__.py" else path.stem
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case _:
                pass


def words_of(name: str) -> list[str]:
    """``rowLossOf_x1`` -> row, loss, of, x1."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)]


def test_no_former_word_is_used() -> None:
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT)
        for line, name in names_in(path):
            for word in words_of(name):
                better = NOWHERE.get(word) or IN_ROOM.get((place.parts[0], word))
                if better:
                    found.append(f"{place}:{line}: {name} (say {better})")
    assert found == []


def test_no_module_has_a_former_name() -> None:
    assert [name for name in MODULES if (ROOT / f"{name}.py").exists()] == []


def test_planted_name_is_detected(tmp_path: Path) -> None:
    file = tmp_path / "lanes.py"
    file.write_text("def f(keptRows, *, a): x = 1; self.told_once = a\nclass Kin: pass\n")
    words = {word for _, name in names_in(file) for word in words_of(name)}
    assert {"lanes", "kept", "rows", "told", "kin", "x"} <= words
