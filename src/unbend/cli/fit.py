"""``unbend fit DATA --target COL``: the main job."""

from __future__ import annotations

import time as clock
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..memory import memory_limit
from ..words import say
from .fit_output import Places, write_answer, write_index, write_result
from .matplotlib_import import import_matplotlib
from .numbers import seconds
from .output import check_writable
from .settings_file import read_settings
from .settings_file import save_settings as write_settings
from .verbosity import tell

if TYPE_CHECKING:
    from ..verdict import Result


def fit(
    context: typer.Context,
    data: Annotated[str, typer.Argument(help=say("cli.data"))],
    target: Annotated[list[str] | None, typer.Option("--target", "-t", help=say("cli.target"))] = None,
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
    text: Annotated[list[str] | None, typer.Option("--text", metavar="COL", help=say("cli.text_column"))] = None,
    no_text: Annotated[list[str] | None, typer.Option("--no-text", metavar="COL", help=say("cli.no_text"))] = None,
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
    memory: Annotated[str | None, typer.Option("--memory", metavar="SIZE", help=say("cli.memory"))] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help=say("cli.skip_bad"))] = False,
    workers: Annotated[int | None, typer.Option("--workers", metavar="N", help=say("cli.workers"))] = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help=say("cli.scheduler"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
) -> None:
    from ..scale import fit_any_size, fit_each
    from ..scale.dask_map import cluster
    from ..verdict import Request
    from ..verdict.several_targets import file_names
    from .costs import class_weights, costs
    from .progress import progress

    start = clock.monotonic()
    import_matplotlib()  # for the report, while the networks are trained
    targets = _targets(data, target, sheet, query)
    places = Places.of(out, out_of_fold, figures)
    own = {targets[0]: places}
    if len(targets) > 1:
        own = {name: places.of_target(plain) for name, plain in file_names(targets).items()}
    for place in (places, *own.values()):
        place.check()
    if save_settings is not None:
        check_writable(save_settings)
    with cluster(workers, scheduler) as client, progress() as watch:
        request = Request(
            target=targets[0],
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
            text=tuple(text or ()),
            no_text=tuple(no_text or ()),
            sheet=sheet,
            query=query,
            positive=positive,
            trees=trees,
            ids=tuple(id or ()),
            class_weight=class_weights(class_weight),
            cost=costs(cost),
            memory=memory_limit(memory),
        )
        how = {"test": test, "checkpoint": checkpoint, "resume": resume, "skip_bad": skip_bad, "client": client}
        results: Mapping[str, Result]
        if len(targets) == 1:
            results = {targets[0]: fit_any_size(data, request, watch=watch, **how)}
        else:
            results = fit_each(data, targets, request, watch=watch, **how)
        watch.note(say("cli.writing"))
        answers = {t: write_result(result, own[t], id or None, data) for t, result in results.items()}
    if save_settings is not None:
        write_settings(context, save_settings)
    from .summary import index_summary, summary

    seconds = {"seconds": round(clock.monotonic() - start, 2)}
    if len(targets) == 1:
        answer_text = write_answer({**answers[targets[0]], **seconds}, out)
    else:
        for t, answer in answers.items():
            write_answer({**answer, **seconds}, own[t].folder)
        answer_text = write_answer([{"target": t, **answer, **seconds} for t, answer in answers.items()], out)
        write_index(results, places, own)
    if json:
        print(answer_text)
        return
    for t, result in results.items():
        model_path = answers[t]["model"]
        summary(result, model_path and Path(model_path), own[t].report)
    if len(targets) > 1:
        index_summary(results, places.report)
    tell(say("cli.took", seconds=f"{clock.monotonic() - start:.0f}"))


def _reserve(budget: float) -> float:
    """Seconds of the budget for reading, drawing and writing: about two."""
    return max(0.0, min(2.0, 0.2 * budget))


def _targets(data: str, targets: list[str] | None, sheet: str | None, query: str | None) -> list[str]:
    """The targets, each once. Raises ``DataError`` with the columns where none is given."""
    if targets:
        return list(dict.fromkeys(targets))
    from ..data import read_table
    from ..errors import DataError
    from ..scale.file_listing import is_pattern
    from ..scale.remote_files import is_address
    from ..scale.source import list_shards

    if query is None and (is_pattern(data) or is_address(data)):
        names = list(list_shards(data)[0][0].columns)
    else:
        names = read_table(data, sheet=sheet, query=query).column_names
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    raise DataError("cli.target_missing", names=shown, last=names[-1])


def _types(arguments: list[str]) -> dict[str, str]:
    """``["zip=category"]`` as a dict."""
    from ..errors import BadInput

    for argument in arguments:
        if not argument.rpartition("=")[0]:
            raise BadInput("cli.bad_type", got=argument)
    return {argument.rpartition("=")[0]: argument.rpartition("=")[2] for argument in arguments}
