"""Views of local maps, explanations, ranges, differences and pieces of networks."""

from __future__ import annotations

import numpy as np

from ...figures import draw_regions
from ...geometry import Difference, Equality, Explanation, LocalMap, OutputRange, Regions, Shrunk
from ...words import say
from ..html import MAX_ROWS, cut, paragraph, table
from ..number_text import number
from ..pictures import svg

MAX_DRAWN = 50_000  # pieces; a browser takes no more


def local_map(found: LocalMap) -> str:
    """A, transposed, and c; how far they hold."""
    outputs = _numbered("y", len(found.c))
    rows = [(f"x{i + 1}", *map(number, slopes)) for i, slopes in enumerate(found.A.T[:MAX_ROWS])]
    rows.append((say("views.constant"), *map(number, found.c)))
    body = table((say("views.input"), *outputs), rows, range(1, 1 + len(outputs)))
    return cut(body, found.A.shape[1]) + paragraph(_reach(found))


def explanation(found: Explanation) -> str:
    """The contributions, strongest first, base and output."""
    outputs = _numbered("y", len(found.base))
    order = np.argsort(-np.abs(found.shares).max(axis=1), kind="stable")[:MAX_ROWS]
    rows = [(found.columns[i], *map(number, found.shares[i])) for i in order]
    rows.append((say("geometry.explain_base"), *map(number, found.base)))
    rows.append((say("views.output"), *map(number, found.output)))
    body = table((say("views.input"), *outputs), rows, range(1, 1 + len(outputs)), bold_row=len(rows) - 1)
    return cut(body, len(found.columns)) + paragraph(_reach(found.local))


def _reach(found: LocalMap) -> str:
    if not found.exact:
        return say("views.map_tangent")
    if found.neuron is None:
        return say("views.map_everywhere")
    bend = found.neuron
    return say("views.map_reach", distance=found.distance, layer=bend.layer + 1, neuron=bend.neuron + 1)


def output_range(found: OutputRange) -> str:
    """Of each output the proved ends and what was seen."""
    columns = (found.low, found.high, found.attained_low, found.attained_high)
    rows = [(f"y{i + 1}", *map(number, ends)) for i, ends in enumerate(zip(*columns, strict=True))][:MAX_ROWS]
    head = [say(f"views.{key}") for key in ("low", "high", "attained_low", "attained_high")]
    body = table((say("views.output"), *head), rows, (1, 2, 3, 4))
    return body + paragraph(say("views.range_exact" if found.exact else "views.range_bounds"))


def difference(found: Difference) -> str:
    """The largest difference and the bound, in one sentence."""
    at = np.round(found.at, 6).tolist()
    return paragraph(say("views.difference", value=found.value, output=found.output + 1, at=at, bound=found.bound))


def sentence(found: Equality | Shrunk) -> str:
    """What the record prints."""
    return paragraph(str(found))


def regions(pieces: Regions) -> str:
    """How many pieces, and the pieces of a rectangle drawn."""
    summary = paragraph(repr(pieces))
    if pieces.slice.dimensions != 2 or pieces.count > MAX_DRAWN:
        return summary
    return svg(draw_regions(pieces), repr(pieces)) + summary


def _numbered(letter: str, count: int) -> list[str]:
    return [f"{letter}{i + 1}" for i in range(count)]
