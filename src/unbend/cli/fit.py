"""``unbend fit DATA --target COL``: the main job."""

from __future__ import annotations

import time as clock
from pathlib import Path
from typing import Annotated

import typer

from .. import json_text, log
from ..words import say
from .numbers import seconds
from .output import check_writable
from .settings_file import read_settings
from .settings_file import save_settings as write_settings
from .verbosity import tell


def fit(
    context: typer.Context,
    data: Annotated[str, typer.Argument(help=say("cli.data"))],
    target: Annotated[str | None, typer.Option("--target", "-t", help=say("cli.target"))] = None,
    task: Annotated[str | None, typer.Option(help=say("cli.task"))] = None,
    formula: Annotated[str | None, typer.Option(help=say("cli.formula"))] = None,
    model: Annotated[str, typer.Option(help=say("cli.model"))] = "auto",
    out: Annotated[Path | None, typer.Option("--out", "-o", help=say("cli.out"))] = None,
    budget: Annotated[float, typer.Option(parser=seconds, metavar="SECONDS", help=say("cli.budget"))] = 60.0,
    seed: Annotated[int, typer.Option(help=say("cli.seed"))] = 0,
    group: Annotated[str | None, typer.Option(help=say("cli.group"))] = None,
    time: Annotated[str | None, typer.Option(help=say("cli.time"))] = None,
    drop: Annotated[list[str] | None, typer.Option(help=say("cli.drop"))] = None,
    type: Annotated[list[str] | None, typer.Option("--type", help=say("cli.type"))] = None,
    keep: Annotated[list[str] | None, typer.Option(help=say("cli.keep"))] = None,
    sheet: Annotated[str | None, typer.Option(help=say("cli.sheet"))] = None,
    query: Annotated[str | None, typer.Option(help=say("cli.query"))] = None,
    positive: Annotated[str | None, typer.Option(metavar="LABEL", help=say("cli.positive"))] = None,
    class_weight: Annotated[
        str | None, typer.Option("--class-weight", metavar="balanced|LABEL=W,…", help=say("cli.class_weight"))
    ] = None,
    cost: Annotated[str | None, typer.Option("--cost", metavar="FP=C,FN=C", help=say("cli.cost"))] = None,
    trees: Annotated[bool, typer.Option("--trees", help=say("cli.trees"))] = False,
    test: Annotated[str | None, typer.Option("--test", metavar="FILE", help=say("cli.test"))] = None,
    out_of_fold: Annotated[
        Path | None, typer.Option("--out-of-fold", metavar="FILE", help=say("cli.out_of_fold"))
    ] = None,
    id: Annotated[list[str] | None, typer.Option("--id", help=say("cli.fit_id"))] = None,
    figures: Annotated[Path | None, typer.Option("--figures", metavar="DIR", help=say("cli.figures_out"))] = None,
    checkpoint: Annotated[Path | None, typer.Option(help=say("cli.checkpoint"))] = None,
    resume: Annotated[bool, typer.Option("--resume", help=say("cli.resume"))] = False,
    settings: Annotated[
        Path | None,
        typer.Option("--settings", is_eager=True, callback=read_settings, metavar="FILE", help=say("cli.settings")),
    ] = None,
    save_settings: Annotated[
        Path | None, typer.Option("--save-settings", metavar="FILE", help=say("cli.save_settings"))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
) -> None:
    from ..file_access import write_file
    from ..report import page
    from ..report.pictures import collect_figures, write_figures
    from ..train.checkpoint import open_checkpoint
    from ..verdict import Request, fit_table
    from ..verdict.out_of_fold import out_of_fold_table
    from .costs import class_weights, costs
    from .progress import progress
    from .tables import check_ending, write_table

    start = clock.monotonic()
    report_path = _report_path(out)
    check_writable(report_path)
    if save_settings is not None:
        check_writable(save_settings)
    if out_of_fold is not None:
        check_ending(out_of_fold)
        check_writable(out_of_fold)
    with progress() as watch:
        request = Request(
            target=_target(data, target, sheet, query),
            task=task,
            model=model,
            formula=formula,
            budget=budget,
            reserve=_reserve(budget),
            seed=seed,
            group=group,
            time=time,
            drop=tuple(drop or ()),
            types=_types(type or []),
            keep=tuple(keep or ()),
            sheet=sheet,
            query=query,
            positive=positive,
            trees=trees,
            ids=tuple(id or ()),
            class_weight=class_weights(class_weight),
            cost=costs(cost),
        )
        result = fit_table(data, request, test=test, watch=watch, checkpoint=open_checkpoint(checkpoint, resume))
        watch.note(say("cli.writing"))
        phases = log.Stopwatch()
        with collect_figures() as drawn:
            html = page(result)
        phases.done("log.report")
    saved_model = result.save(out / "model.safetensors") if out is not None else None
    write_file(report_path, html)
    held_out = out_of_fold or (out and out / "out_of_fold.csv")
    if held_out is not None:
        write_table(out_of_fold_table(result.compared, result.comparison, ids=id or None, first_row=1), held_out)
    if save_settings is not None:
        write_settings(context, save_settings)
    if figures is not None:
        pictures = write_figures(drawn, figures)
        tell(say("cli.figures_at", count=len(pictures), path=figures))
    answer = {
        **result.to_json(),
        "model": str(saved_model) if saved_model else None,
        "report": str(report_path),
        "out_of_fold": None if held_out is None else str(held_out),
        "data": data if data == "-" or not Path(data).exists() else str(Path(data).resolve()),
        "sheet": sheet,
        "query": query,
        "seconds": round(clock.monotonic() - start, 2),
    }
    text = json_text.dumps(answer)
    if out is not None:
        write_file(out / "result.json", text + "\n")
    if json:
        print(text)
        return
    from .summary import summary

    summary(result, saved_model, report_path)
    tell(say("cli.took", seconds=f"{clock.monotonic() - start:.0f}"))


def _reserve(budget: float) -> float:
    """Seconds of the budget for reading, drawing and writing: about two."""
    return max(0.0, min(2.0, 0.2 * budget))


def _target(data: str, target: str | None, sheet: str | None, query: str | None) -> str:
    if target is None:
        from ..data import read_table
        from ..errors import DataError

        names = read_table(data, sheet=sheet, query=query).column_names
        shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
        raise DataError("cli.target_missing", names=shown, last=names[-1])
    return target


def _report_path(out: Path | None) -> Path:
    """DIR/report.html; without DIR report.html here, but never overwriting a file that is not a report."""
    if out is not None:
        return out / "report.html"
    report_path, count = Path("report.html"), 1
    while report_path.exists() and 'id="unbend-data"' not in report_path.read_text(encoding="utf-8", errors="replace"):
        count += 1
        report_path = Path(f"report-{count}.html")
    return report_path


def _types(arguments: list[str]) -> dict[str, str]:
    """``["zip=category"]`` as a dict."""
    from ..errors import BadInput

    for argument in arguments:
        if not argument.rpartition("=")[0]:
            raise BadInput("cli.bad_type", got=argument)
    return {argument.rpartition("=")[0]: argument.rpartition("=")[2] for argument in arguments}
