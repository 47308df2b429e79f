"""Draw the house from its imports: ``python tools/draw_architecture.py`` writes ``docs/architecture.svg``.

Rooms stand on the floors that CONTRIBUTING.md gives them. An arrow leads from a room to one that it imports; arrows
that follow from others (A imports B, B imports C, so A may import C) are left out (transitive reduction: Aho, Garey &
Ullman 1972), and so are those to floor 0, which every room uses.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from import_graph import floors, imports, modules

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCE, TABLE = REPOSITORY / "src" / "unbend", REPOSITORY / "CONTRIBUTING.md"
PICTURE = REPOSITORY / "docs" / "architecture.svg"

WIDTH, FLOOR, MARGIN = 1180, 92, 46  # pixels: the picture's width, a floor's height, room for the floors' numbers
BOX = 46  # a room's height


def room_imports(root: Path = SOURCE) -> dict[str, set[str]]:
    """room -> the other rooms that it imports."""
    found: dict[str, set[str]] = {room: set() for room in floors(TABLE)}
    for one in imports(root):
        if one.importer and one.target and one.importer[0] in found and one.target[0] in found:
            found[one.importer[0]].add(one.target[0])
    return {room: targets - {room} for room, targets in found.items()}


def reduced(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """The arrows from which all others follow."""

    def reach(room: str) -> set[str]:
        return graph[room].union(*(reach(target) for target in graph[room]))

    return {room: targets - set().union(*(reach(t) for t in targets)) for room, targets in graph.items()}


def lines_of(root: Path = SOURCE) -> dict[str, int]:
    """room -> lines of Python in it."""
    found: dict[str, int] = {}
    for name, path in modules(root).items():
        if name:
            found[name[0]] = found.get(name[0], 0) + len(path.read_text(encoding="utf-8").splitlines())
    return found


def svg() -> str:
    """The picture."""
    table, size = floors(TABLE), lines_of()
    top = max(floor for floor, _ in table.values())
    place = {room: _box(room, table, top) for room in table}
    arrows = [_arrow(place[room], place[target]) for room, targets in reduced(room_imports()).items()
              for target in sorted(targets) if table[room][0] == 0 or table[target][0] > 0]  # fmt: skip
    height = (top + 1) * FLOOR + 10
    stripes, boxes = [], []
    for floor in range(top + 1):
        y = (top - floor) * FLOOR + 5
        stripes.append(f'<rect x="2" y="{y}" width="{WIDTH - 4}" height="{FLOOR - 8}" rx="6" fill="{_shade(floor)}"/>')
        stripes.append(f'<text x="22" y="{y + FLOOR / 2}" class="floor">{floor}</text>')
    for room, (x, y, width) in place.items():
        boxes.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{BOX}" rx="5" class="room"/>')
        middle = x + width / 2
        boxes.append(f'<text x="{middle:.0f}" y="{y + 20:.0f}" class="name">{escape(room)}</text>')
        boxes.append(f'<text x="{middle:.0f}" y="{y + 37:.0f}" class="size">{size[room]:,} lines</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-label="The rooms of unbend on their floors; arrows lead from a room to those it imports">\n'
        "<style>text{font-family:sans-serif;text-anchor:middle;fill:#1c2733}.name{font-size:15px;font-weight:600}"
        ".size{font-size:11px;fill:#51606e}.floor{font-size:20px;fill:#7a8896}"
        ".room{fill:#fff;stroke:#33526b;stroke-width:1.2}path{fill:none;stroke:#33526b;stroke-width:1;opacity:.55}"
        "</style>\n"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" style="fill:#33526b;opacity:1"/></marker></defs>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n'
        + "\n".join([*stripes, *arrows, *boxes])
        + "\n</svg>\n"
    )


def _box(room: str, table: dict[str, tuple[int, int]], top: int) -> tuple[float, float, float]:
    """(left, top, width) of a room, the rooms of a floor side by side."""
    floor, order = table[room]
    count = sum(other == floor for other, _ in table.values())
    step = (WIDTH - 2 * MARGIN) / count
    width = min(step - 22, 170)
    return MARGIN + step * order + (step - width) / 2, (top - floor) * FLOOR + 22, width


def _arrow(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    (x1, y1, w1), (x2, y2, w2) = start, end
    if y1 == y2:  # rooms of one floor, to the left
        a, b, over = x1 + w1 / 4, x2 + 3 * w2 / 4, y1 - 22
        return _path(f"M{a:.0f} {y1:.0f}C{a:.0f} {over:.0f} {b:.0f} {over:.0f} {b:.0f} {y1 - 1:.0f}")
    a, b = x1 + w1 / 2 + 0.3 * (w1 / 2) * _sign(x2 - x1), x2 + w2 / 2 + 0.5 * (w2 / 2) * _sign(x1 - x2)
    top, bottom = y1 + BOX, y2
    bend = (bottom - top) * 0.45
    return _path(f"M{a:.0f} {top:.0f}C{a:.0f} {top + bend:.0f} {b:.0f} {bottom - bend:.0f} {b:.0f} {bottom - 1:.0f}")


def _path(curve: str) -> str:
    return f'<path d="{curve}" marker-end="url(#tip)"/>'


def _sign(value: float) -> int:
    return (value > 1) - (value < -1)


def _shade(floor: int) -> str:
    return "#f3f6f9" if floor % 2 else "#e9eff4"


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
    print(PICTURE.relative_to(REPOSITORY))
