"""``unbend regions MODEL``: the straight pieces on a segment or a rectangle of the inputs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import json_text
from ..words import say

if TYPE_CHECKING:
    from ..geometry import Regions


def regions(
    model: Annotated[Path, typer.Argument(help=say("geometry.cli_model"))],
    box: Annotated[str | None, typer.Option(help=say("geometry.cli_box"))] = None,
    plane: Annotated[str | None, typer.Option(help=say("geometry.cli_plane"))] = None,
    row: Annotated[str | None, typer.Option(help=say("geometry.cli_plane_row"))] = None,
    picture: Annotated[Path | None, typer.Option("--picture", help=say("geometry.cli_picture"))] = None,
    pieces: Annotated[bool, typer.Option("--pieces", help=say("geometry.cli_pieces"))] = False,
    samples: Annotated[int, typer.Option(help=say("geometry.cli_samples"))] = 100_000,
    seed: Annotated[int, typer.Option(help=say("geometry.cli_seed"))] = 0,
    json: Annotated[bool, typer.Option("--json", help=say("geometry.cli_json"))] = False,
) -> None:
    from ..figures import draw_function, draw_regions
    from ..geometry import Regions
    from ..geometry import regions as find
    from ..network.files import load_with_extra
    from .geometry_arguments import parse_box, parse_numbers, parse_plane

    net, extra = load_with_extra(model / "model.safetensors" if model.is_dir() else model)
    columns = [f"x{i + 1}" for i in range(net.inputs)]
    if extra.get("kind") == "table":
        from ..verdict.model import Model

        columns = list(Model.load(model).encoder.names)
    origin = None if row is None else parse_numbers(row, "--row")
    ends, cut = parse_box(box), parse_plane(plane, columns, origin)
    found = find(net, box=ends, plane=cut, samples=samples, seed=seed)
    if isinstance(found, Regions):
        if picture is not None and found.slice.dimensions == 2:
            draw_regions(found, picture)
        elif picture is not None:
            draw_function(net, picture, box=ends, plane=cut)
        if picture is not None:
            print(say("geometry.picture_at", path=picture), file=sys.stderr)
    elif picture is not None:
        print(say("geometry.picture_needs_plane"), file=sys.stderr)
    answer: dict[str, Any] = {"count": found.count, "proved": found.proved}
    if isinstance(found, Regions):
        answer |= _facts(found) | ({"pieces": _pieces(found)} if pieces else {})
    else:
        answer["samples"] = found.samples
    if json:
        print(json_text.dumps(answer))
    else:
        print(say("geometry.cli_counted" if found.proved else "geometry.cli_seen", count=f"{found.count:,}",
                  samples=f"{getattr(found, 'samples', 0):,}"))  # fmt: skip
        if isinstance(found, Regions):
            print(say("geometry.cli_steepest", lipschitz=f"{answer['lipschitz'] or float('inf'):.6g}"))
            for k, piece in enumerate(answer.get("pieces", [])):
                print(f"{k}: A = {piece['A']}, c = {piece['c']}")


def _facts(found: Regions) -> dict[str, Any]:
    steepest = found.lipschitz
    return {
        "box": found.slice.box.tolist(),
        "merged": found.merged,
        "exact_decisions": found.exact_decisions,
        "lipschitz": steepest if steepest != float("inf") else None,
        "area": float(found.areas.sum()),
    }


def _pieces(found: Regions) -> list[dict[str, Any]]:
    return [
        {
            "polygon": polygon.tolist(),
            "A": found.maps[k].A.tolist(),
            "c": found.maps[k].c.tolist(),
            "pattern": found.patterns[k].tolist(),
            "neighbours": found.neighbours[k].tolist(),
        }
        for k, polygon in enumerate(found.polygons)
    ]
