"""The report: one HTML page with data, pictures and its own two scripts inside; nothing is fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files

import numpy as np

from .. import json_text
from ..solve.linear_model.blas_threads import one_blas_thread
from ..verdict.formula_model import FormulaModel
from ..verdict.own_test import OwnTest
from ..verdict.result import Result
from ..verdict.text.bend_network import BendSettings
from ..version import __version__
from ..words import language, say
from . import columns, pictures
from .costs import costs
from .html import command, paragraph, section, table
from .importance import importance
from .number_text import number, percent
from .predictions import predictions
from .sentences import (
    advice,
    as_sentence,
    caveats,
    constant_scores,
    explanation,
    formula_gain,
    formula_scores,
    headline,
    judged_rows,
    model_scores,
    own_test_rows,
    own_test_sentence,
    rare_class,
    specification_test_sentence,
    tree_scores,
    trees_sentence,
)
from .text_questions import text_questions, text_views
from .trust import trust
from .what_if import what_if
from .where import where
from .why import why

# model -> its name in the page's data
_OUTPUT_NAMES = {"linear": "straight", "network": "bent", "formula": "formula", "trees": "trees"}


def page(result: Result) -> str:
    """The full page as text, in the language in use."""
    title = f"{result.problem.target}: {headline(result)}"
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    with one_blas_thread():  # many small products: threads would mostly wait for each other
        sections = _sections(result)
    data = json_text.dumps(_data(result)).replace("<", "\\u003c")
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} · unbend</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in sections if part)
        + f'\n</main>\n<script type="application/json" id="unbend-data">{data}</script>\n</body>\n</html>\n'
    )


def _sections(result: Result) -> list[str]:
    """All sections in order, "" for those that the result has nothing for."""
    effects = columns.effects_of(result)
    return [
        _verdict(result),
        _scores(result),
        text_questions(result),
        *([_formula(result.formula)] if result.formula else []),
        *([_own_test(result, result.test)] if result.test else []),
        predictions(result),
        trust(result),
        costs(result),
        where(result, effects),
        text_views(result),
        importance(result),
        columns.effects(result, effects, result.where.bends),
        why(result),
        what_if(result),
        _learning_curves(result),
        columns.coefficients(result),
        columns.data(result),
        _how_to_repeat(result),
    ]


def _gain(result: Result) -> list[str]:
    """The gain and its interval as a picture."""
    if not result.decision.is_known:
        return [paragraph(say("report.gain_unknown"), "note")]
    bar = pictures.gain_bar(result.gain, result.interval)
    return [bar, paragraph(as_sentence(say("report.gain_axis")), "note")]


def _verdict(result: Result) -> str:
    kicker = say(
        "report.kicker",
        target=result.problem.target,
        rows=f"{result.rows:,}",
        columns=len(result.problem.inputs),
    )
    test = specification_test_sentence(result)
    parts = [
        paragraph(explanation(result)),
        *_gain(result),
        *([paragraph(rare)] if (rare := rare_class(result)) else []),
        *([paragraph(test)] if test else []),
        paragraph(advice(result)),
        *([paragraph(trees)] if (trees := trees_sentence(result)) else []),
        *(paragraph(text, "note") for text in caveats(result)),
    ]
    return (
        f'<section>\n<p class="kicker">{escape(kicker)}</p>\n<h1>{escape(headline(result))}</h1>\n'
        + "\n".join(parts)
        + "\n</section>"
    )


def _scores(result: Result) -> str:
    rows = [
        (say("report.constant"), constant_scores(result)),
        (say("report.straight"), model_scores(result.linear)),
        (say("report.network"), model_scores(result.network)),
    ]
    if result.formula:
        rows.append((say("report.formula"), formula_scores(result.formula)))
    if result.trees:
        rows.append((say("report.trees"), tree_scores(result.trees)))
    compared = f"{result.comparison.outputs['network'].shape[0]:,}"
    judged = f"{judged_rows(result):,}"
    how = say("report.how_compared", folds=len(result.comparison.losses), rows=compared, judged=judged)
    return section(
        say("report.numbers_title"),
        table((say("report.model"), say("report.held_out")), rows, bold_row=_bold_row(result)),
        paragraph(how, "note"),
    )


def _own_test(result: Result, test: OwnTest) -> str:
    """Both final models on the user's own test set."""
    parts = [paragraph(as_sentence(note.text()), "note") for note in test.notes]
    return section(
        say("report.test_title"),
        table((say("report.model"), say("report.test_score")), own_test_rows(test), bold_row=_bold_row(result)),
        paragraph(own_test_sentence(result) or ""),
        *parts,
        paragraph(say("report.test_note" if test.groups is None else "report.test_note_groups"), "note"),
    )


def _bold_row(result: Result) -> int:
    """The selected model's row below the constant's."""
    return 1 if result.chosen == "linear" else 2


def _formula(model: FormulaModel) -> str:
    """The formula with its fitted parameters, and its gain over the other models."""
    rows = [(name, number(v), number(model.fit.standard_errors[name])) for name, v in model.fit.values.items()]
    head = (say("report.parameter"), say("report.value"), say("report.standard_error"))
    return section(
        say("report.formula_title"),
        f"<pre>{escape(model.text)}</pre>",
        paragraph(formula_gain(model)),
        table(head, rows, (1, 2)),
    )


def _learning_curves(result: Result) -> str:
    unit = (
        say("report.unit_squared", target=pictures.short_label(result.problem.target, 24))
        if result.task == "regression"
        else say("report.unit_nats")
    )
    training = result.training
    plain = "report.curves_note" if training.curves[-1].encoded else "report.curves_note_one_kind"
    note = say(
        "report.curves_note_text" if result.text else plain,
        folds=training.curves[0].train.shape[1],
        members=training.members,
        mix=percent(training.encoded_weight),
    )
    return section(say("report.curves_title"), pictures.learning_curves(training, unit), paragraph(note, "note"))


def _how_to_repeat(result: Result) -> str:
    training = result.training
    settings = training.settings
    words = ["unbend", "fit", result.source or "DATA", "--target", result.problem.target, "--task", result.task]
    if result.formula:
        words += ["--formula", result.formula.text]
    request = result.request
    options: tuple[tuple[str, Sequence[str | int | None]], ...] = (
        ("--sheet", [request.sheet]),
        ("--query", [request.query]),
        ("--group", [result.group]),
        ("--time", [result.time]),
        ("--drop", result.drop),
        ("--type", [f"{column}={kind}" for column, kind in request.types.items()]),
        ("--keep", request.keep),
        ("--text", request.text),
        ("--no-text", request.no_text),
        ("--positive", [request.positive]),
        ("--class-weight", [_pairs(request.class_weight)]),
        ("--cost", [_pairs(request.cost)]),
        ("--model", [None if request.model == "auto" else request.model]),
    )
    for option, names in options:
        words += [word for name in names if name is not None for word in (option, str(name))]
    words += ["--trees"] * result.request.trees
    words += ["--budget", f"{result.budget:g}", "--seed", str(result.seed)]
    text = say(
        "report.settings_text" if result.text else "report.settings",
        version=__version__,
        members=training.members * len(training.curves),
        hidden="-".join(str(h) for h in settings.hidden),
        activation=settings.activation,
        vector=BendSettings().vector,
        rate=settings.learning_rate,
        decay=settings.weight_decay,
        batch=settings.batch_size,
        epochs=training.epochs_done,
        folds=len(result.comparison.losses),
        seed=result.seed,
        seconds=f"{result.seconds:.0f}",
    )
    return section(say("report.repeat_title"), command(words), paragraph(text, "note"))


def _pairs(values: object) -> str | None:
    """A mapping of numbers as the command line takes it; None for what comes from a file."""
    if isinstance(values, Mapping) and not any(isinstance(value, Mapping) for value in values.values()):
        return ",".join(f"{name}={value:g}" for name, value in values.items())
    return values if isinstance(values, str) else None


def _data(result: Result) -> dict[str, object]:
    """The page's numbers and the held-out outputs of the models, for further computing."""
    outputs = {
        _OUTPUT_NAMES[name]: np.round(output, 6).tolist()
        for name, output in result.comparison.outputs.items()
        if name != "constant"
    }
    return {**result.to_json(), "actual": result.compared.y.tolist(), "held_out_outputs": outputs}
