"""Package layers: no import of a higher layer, none within a layer except where the table allows it, no cycles.

The table is the one in CONTRIBUTING.md. Imports inside functions, under TYPE_CHECKING and by ``import_module`` count.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from import_graph import Import, Module, circles, dotted, floors, imports

import unbend

ROOT = Path(unbend.__file__).parent
TABLE = Path(__file__).resolve().parents[1] / "CONTRIBUTING.md"
ORDERED = (0, 9, 10)  # floors on which a room may use those written before it
TOP = 11  # the package's __init__ and __main__, which may import all

# Modules that import by a name made at run time, and why none of these names is one of a higher floor.
BY_NAME = {
    "cli.diagnosis": "packages of others, such as numpy",
    "formula": "its own modules",
    "solve": "its own modules",
    "export.optional_packages": "packages of others, such as onnx and torch",
    "lab.subprocess_job": "the module of the function that its caller, one of the lab's, hands to it",
}


def broken(root: Path) -> list[str]:
    """What is against the floors, one sentence each."""
    table = floors(TABLE)
    found = []
    for one in imports(root):
        if one.target is None:
            if dotted(one.importer) not in BY_NAME:
                found.append(str(one))
        elif not _allowed(one, table):
            found.append(str(one))
    return found


def _allowed(one: Import, table: dict[str, tuple[int, int]]) -> bool:
    assert one.target is not None
    (floor, place), (target_floor, target_place) = _place(one.importer, table), _place(one.target, table)
    if (floor, place) == (target_floor, target_place) or floor == TOP:
        return True
    return target_floor < floor or (floor == target_floor and floor in ORDERED and target_place < place)


def _place(module: Module, table: dict[str, tuple[int, int]]) -> tuple[int, int]:
    return (TOP, 0) if module in ((), ("__main__",)) else table[module[0]]


def test_every_room_is_on_a_floor() -> None:
    rooms = {path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__", "__main__", "__pycache__"} == set(floors(TABLE))


def test_no_import_runs_up() -> None:
    assert broken(ROOT) == []


def test_no_imports_in_a_circle() -> None:
    graph: dict[Module, set[Module]] = {}
    for one in imports(ROOT):
        if one.target is not None and one.target != one.importer:
            graph.setdefault(one.importer, set()).add(one.target)
    assert circles(graph) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("network/dense.py", "from ..verdict import fit\n"),
        ("network/dense.py", "from .. import report\n"),
        ("network/dense.py", "import unbend.report.html_page\n"),
        ("network/dense.py", "def f():\n    from ..engine import run_epoch\n"),
        ("network/dense.py", "if TYPE_CHECKING:\n    from ..train import train\n"),
        ("solve/fit.py", 'import_module("..geometry", __package__)\n'),
        ("solve/fit.py", 'importlib.import_module("unbend.report")\n'),
        ("solve/fit.py", "import_module(name)\n"),
        ("figures/make.py", "from ..lab import site\n"),
        ("lab/site.py", "from ..cli import main\n"),
    ],
)
def test_planted_import_is_detected(tmp_path: Path, file: str, text: str) -> None:
    root = tmp_path / "unbend"
    for room in floors(TABLE):
        (root / room).mkdir(parents=True)
        (root / room / "__init__.py").touch()
    (root / "__init__.py").touch()
    (root / file).write_text("from ..errors import BadInput\n")
    assert broken(root) == []
    (root / file).write_text(text)
    assert len(broken(root)) == 1


def test_planted_circle_is_detected(tmp_path: Path) -> None:
    graph = {("a",): {("b",)}, ("b",): {("c",)}, ("c",): {("a",), ("d",)}, ("d",): set()}
    assert circles(graph) == [[("a",), ("b",), ("c",)]]
