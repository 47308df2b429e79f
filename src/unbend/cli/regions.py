"""``unbend regions MODEL``: the straight pieces on a segment or a rectangle of the inputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import json_text
from ..words import say
from .verbosity import tell

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
    from ..geometry import regions as find_regions
    from ..network.files import load_with_extra
    from .geometry_arguments import parse_box, parse_numbers, parse_plane

    net, extra = load_with_extra(model / "model.safetensors" if model.is_dir() else model)
    columns = [f"x{i + 1}" for i in range(net.inputs)]
    if extra.get("kind") == "table":
        from ..verdict.model import Model

        columns = list(Model.load(model).encoder.names)
    origin = None if row is None else parse_numbers(row, "--row")
    ends, cut = parse_box(box), parse_plane(plane, columns, origin)
    result = find_regions(net, box=ends, plane=cut, samples=samples, seed=seed)
    if picture is not None:
        if isinstance(result, Regions):
            if result.slice.dimensions == 2:
                draw_regions(result, picture)
            else:
                draw_function(net, picture, box=ends, plane=cut)
            tell(say("geometry.picture_at", path=picture))
        else:
            tell(say("geometry.picture_needs_plane"))
    answer: dict[str, Any] = {"count": result.count, "proved": result.proved}
    if isinstance(result, Regions):
        answer |= _facts(result) | ({"pieces": _pieces(result)} if pieces else {})
    else:
        answer["samples"] = result.samples
    if json:
        print(json_text.dumps(answer))
    else:
        _print_text(answer)


def _print_text(answer: dict[str, Any]) -> None:
    key = "geometry.cli_counted" if answer["proved"] else "geometry.cli_seen"
    print(say(key, count=f"{answer['count']:,}", samples=f"{answer.get('samples', 0):,}"))
    if "lipschitz" in answer:
        print(say("geometry.cli_steepest", lipschitz=f"{answer['lipschitz'] or float('inf'):.6g}"))
    for k, piece in enumerate(answer.get("pieces", [])):
        print(f"{k}: A = {piece['A']}, c = {piece['c']}")


def _facts(result: Regions) -> dict[str, Any]:
    steepest = result.lipschitz
    return {
        "box": result.slice.box.tolist(),
        "merged": result.merged,
        "exact_decisions": result.exact_decisions,
        "lipschitz": steepest if steepest != float("inf") else None,
        "area": float(result.areas.sum()),
    }


def _pieces(result: Regions) -> list[dict[str, Any]]:
    return [
        {
            "polygon": polygon.tolist(),
            "A": result.maps[k].A.tolist(),
            "c": result.maps[k].c.tolist(),
            "pattern": result.patterns[k].tolist(),
            "neighbours": result.neighbours[k].tolist(),
        }
        for k, polygon in enumerate(result.polygons)
    ]
