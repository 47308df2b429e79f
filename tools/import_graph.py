"""The imports of a package, read from its source: at the top of files, inside functions, for type checkers alone, and
by ``import_module``.

Used by ``tests/test_layers.py`` and ``tools/draw_architecture.py``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Module = tuple[str, ...]  # ("verdict", "where", "shapes"); () is the package itself


@dataclass(frozen=True)
class Import:
    """One import of a module of the package; ``target`` is None where the name is made at run time."""

    importer: Module
    target: Module | None
    line: int

    def __str__(self) -> str:
        target = "a module whose name is made at run time" if self.target is None else dotted(self.target)
        return f"{dotted(self.importer)} (line {self.line}) imports {target}"


def dotted(module: Module) -> str:
    """The name as it is written in code, without the package's."""
    return ".".join(module) or "__init__"


def floors(table: Path) -> dict[str, tuple[int, int]]:
    """room -> (floor, place on it), from the Markdown table ``| floor | rooms | … |`` in CONTRIBUTING.md."""
    found = {}
    for line in table.read_text(encoding="utf-8").splitlines():
        row = re.match(r"\| (\d+) \| (.*?) \|", line)
        if row:
            rooms = re.findall(r"`(\w+)/?`", row[2])
            found.update({room: (int(row[1]), place) for place, room in enumerate(rooms)})
    return found


def modules(root: Path) -> dict[Module, Path]:
    """All modules below the package's folder, by name."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[parts[:-1] if parts[-1] == "__init__" else parts] = path
    return found


def imports(root: Path) -> list[Import]:
    """Every import of one module of the package by another."""
    known = modules(root)
    return [one for name, path in known.items() for one in _imports_of(name, path, root.name, known)]


def _imports_of(name: Module, path: Path, package: str, known: dict[Module, Path]) -> Iterator[Import]:
    parent = name if path.name == "__init__.py" else name[:-1]

    def resolve(text: str, level: int) -> Module | None:
        """The module that ``from {level dots}text`` names; None for other packages."""
        parts = tuple(text.split(".")) if text else ()
        if level == 0:
            return parts[1:] if parts[:1] == (package,) else None
        return parent[: len(parent) - level + 1] + parts

    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    target = resolve(alias.name, 0)
                    if target is not None:
                        yield Import(name, target, node.lineno)
            case ast.ImportFrom(module=text, names=names, level=level):
                base = resolve(text or "", level)
                if base is not None:
                    for alias in names:
                        inner = (*base, alias.name)
                        yield Import(name, inner if inner in known else base, node.lineno)
            case ast.Call(func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module")):
                yield from _by_call(name, node, resolve)


def _by_call(name: Module, call: ast.Call, resolve) -> Iterator[Import]:  # type: ignore[no-untyped-def]
    """``import_module("..activations", __package__)``: relative names are taken from the importer's package."""
    argument = call.args[0] if call.args else None
    match argument:
        case ast.Constant(value=str(text)):
            level = len(text) - len(text.lstrip("."))
            target = resolve(text.lstrip("."), level)
            if target is not None:
                yield Import(name, target, call.lineno)
        case ast.JoinedStr(values=[ast.Constant(value="."), *_]):  # f".{name}": a module of the importer's own package
            pass
        case _:
            yield Import(name, None, call.lineno)


def circles(graph: dict[Module, set[Module]]) -> list[list[Module]]:
    """Groups of modules that import each other in a circle (strongly connected components of two or more).

    Tarjan (1972), Depth-first search and linear graph algorithms.
    """
    index: dict[Module, int] = {}
    low: dict[Module, int] = {}
    stack: list[Module] = []
    found = []

    def visit(module: Module) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for target in graph.get(module, ()):
            if target not in index:
                visit(target)
                low[module] = min(low[module], low[target])
            elif target in stack:
                low[module] = min(low[module], index[target])
        if low[module] == index[module]:
            component = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(component) > 1:
                found.append(sorted(component))

    for module in graph:
        if module not in index:
            visit(module)
    return found
