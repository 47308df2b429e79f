"""The report: one HTML page with data and pictures inside, nothing fetched, nothing run."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from shlex import join

import numpy as np

from .. import json_text
from ..verdict.formula_side import FormulaSide
from ..verdict.result import Result
from ..version import __version__
from ..words import language, say
from . import columns, pictures
from .html import confusion, paragraph, section, table
from .sentences import (
    advice,
    explanation,
    formula_gain,
    headline,
    number,
    percent,
    second_witness,
    side_numbers,
    urgent,
)
from .trust import trust
from .where import where


def page(result: Result) -> str:
    """The whole page as text, in the language in use."""
    title = f"{result.problem.target}: {headline(result)}"
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    sections = [
        _verdict(result),
        _numbers(result),
        *([_formula(result.formula)] if result.formula else []),
        _predictions(result),
        trust(result),
        where(result),
        columns.effects(result, result.where.bends),
        _curves(result),
        columns.coefficients(result),
        columns.data(result),
        _repeat(result),
    ]
    data = json_text.dumps(_data(result)).replace("<", "\\u003c")
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · unbend</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in sections if part)
        + f'\n</main>\n<script type="application/json" id="unbend-data">{data}</script>\n</body>\n</html>\n'
    )


def _verdict(result: Result) -> str:
    kicker = say(
        "report.kicker",
        target=result.problem.target,
        rows=f"{result.problem.rows:,}",
        columns=len(result.problem.inputs),
    )
    second = second_witness(result)
    return (
        f'<section>\n<p class="kicker">{escape(kicker)}</p>\n<h1>{escape(headline(result))}</h1>\n'
        + "\n".join(
            [
                paragraph(explanation(result)),
                pictures.gain_bar(result.gain, result.interval),
                *([paragraph(second)] if second else []),
                paragraph(advice(result)),
                *(paragraph(said, "note") for said in urgent(result)),
            ]
        )
        + "\n</section>"
    )


def _numbers(result: Result) -> str:
    folds = len(result.comparison.losses)
    constant = result.comparison.mean("constant")
    base = (
        f"RMSE {number(float(np.sqrt(constant)))} · R² 0"
        if result.task == "regression"
        else say("report.constant_loss", loss=number(constant))
    )
    rows = [
        (say("report.constant"), base),
        (say("report.straight"), side_numbers(result.linear)),
        (say("report.network"), side_numbers(result.network)),
    ]
    if result.formula:
        rows.append((say("report.formula"), f"RMSE {number(result.formula.rmse)} · R² {result.formula.score:.3f}"))
    head = (say("report.model"), say("report.held_out"))
    return section(
        say("report.numbers_title"),
        table(head, rows, kept=1 if result.chosen == "linear" else 2),
        paragraph(
            say("report.how_compared", folds=folds, rows=f"{result.comparison.outputs['bent'].shape[0]:,}"), "note"
        ),
    )


def _formula(side: FormulaSide) -> str:
    """The formula with its fitted numbers, and what it takes off the other models' errors."""
    rows = [(name, number(v), number(side.fit.standard_errors[name])) for name, v in side.fit.values.items()]
    head = (say("report.parameter"), say("report.value"), say("report.standard_error"))
    return section(
        say("report.formula_title"),
        f"<pre>{escape(side.text)}</pre>",
        paragraph(formula_gain(side)),
        table(head, rows, (1, 2)),
    )


def _predictions(result: Result) -> str:
    outputs = result.comparison.outputs
    reached = ~np.isnan(outputs["bent"][:, 0])
    named = [(say("report.straight"), outputs["straight"][reached]), (say("report.network"), outputs["bent"][reached])]
    y = result.judged.y[reached]
    if result.task == "regression":
        picture = pictures.predicted_against_actual(y, [(n, o[:, 0]) for n, o in named], result.problem.target)
        return section(say("report.predicted_title"), picture, paragraph(say("report.predicted_note"), "note"))
    tables = "".join(f"<div>{paragraph(name)}{confusion(y, o, result.problem.classes)}</div>" for name, o in named)
    return section(
        say("report.predicted_title"),
        f'<div class="pair">{tables}</div>',
        paragraph(say("report.confusion_note"), "note"),
    )


def _curves(result: Result) -> str:
    unit = (
        say("report.unit_squared", target=result.problem.target)
        if result.task == "regression"
        else say("report.unit_nats")
    )
    courses, share = result.bent.courses, percent(result.bent.settings.held_out)
    key = "report.curves_note" if len(courses) > 1 else "report.curves_note_one_kind"
    note = say(key, members=courses[0].train.shape[1], share=share, mix=percent(result.bent.mix))
    return section(say("report.curves_title"), pictures.loss_curves(result.bent, unit), paragraph(note, "note"))


def _repeat(result: Result) -> str:
    s = result.bent.settings
    words = ["unbend", "fit", result.source or "DATA", "--target", result.problem.target, "--task", result.task]
    if result.formula:
        words += ["--formula", result.formula.text]
    for option, names in (("--group", [result.group]), ("--time", [result.time]), ("--drop", result.drop)):
        words += [word for name in names if name is not None for word in (option, name)]
    command = join([*words, "--budget", f"{result.budget:g}", "--seed", str(result.seed)])
    settings = say(
        "report.settings",
        version=__version__,
        members=sum(course.train.shape[1] for course in result.bent.courses),
        hidden="-".join(str(h) for h in s.hidden),
        activation=s.activation,
        rate=s.rate,
        decay=s.decay,
        batch=s.batch_size,
        epochs=result.bent.epochs_done,
        folds=len(result.comparison.losses),
        seed=result.seed,
        seconds=f"{result.seconds:.0f}",
    )
    return section(say("report.repeat_title"), f"<pre>{escape(command)}</pre>", paragraph(settings, "note"))


def _data(result: Result) -> dict[str, object]:
    """What the page shows, for whoever wants to compute with it: numbers, and held-out outputs of both models."""
    outputs = {name: np.round(o, 6).tolist() for name, o in result.comparison.outputs.items() if name != "constant"}
    return {**result.to_json(), "actual": result.judged.y.tolist(), "held_out_outputs": outputs}
