"""``unbend check FORMULA``: is it linear, in which names, and why; fitted when data is given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import json_text
from ..words import say
from .verbosity import tell

if TYPE_CHECKING:
    from ..formula import Judgement
    from ..solve import Formula
    from ..solve.result import Fit


def check(
    formula: Annotated[str, typer.Argument(help=say("solve.cli_formula"))],
    data: Annotated[str | None, typer.Option("--data", "-d", help=say("solve.cli_data"))] = None,
    sheet: Annotated[str | None, typer.Option(help=say("cli.sheet"))] = None,
    query: Annotated[str | None, typer.Option(help=say("cli.query"))] = None,
    variables: Annotated[str | None, typer.Option(help=say("solve.cli_variables"))] = None,
    sigma: Annotated[str | None, typer.Option(help=say("solve.cli_sigma"))] = None,
    plot: Annotated[Path | None, typer.Option("--plot", help=say("solve.cli_plot"))] = None,
    seed: Annotated[int, typer.Option(help=say("solve.cli_seed"))] = 0,
    json: Annotated[bool, typer.Option("--json", help=say("solve.cli_json"))] = False,
) -> int:
    from ..errors import BadInput
    from ..solve import Formula

    names = [n.strip() for n in variables.split(",") if n.strip()] if variables is not None else None
    checked = Formula(formula, variables=names)
    if plot is not None and data is None:
        raise BadInput("solve.plot_needs_data")
    table: Any = None
    fit: Fit | None = None
    if data is not None:
        from ..data import read_table
        from ..solve.named_functions import column_identifiers

        table = read_table(data, sheet=sheet, query=query)
        checked = checked.with_columns(tuple(column_identifiers(table.column_names).values()))
        fit = checked.fit(table, sigma=sigma, seed=seed)
    if plot is not None and fit is not None:
        from ..figures.fit import draw_fit

        draw_fit(fit, plot)
        tell(say("solve.picture_at", path=plot))
    if json:
        _print_json(checked, fit)
    else:
        _print_text(checked, table, fit)
    joint = checked.linearity.parameters or checked.linearity.variables
    return 0 if joint is None or joint.verdict in ("linear", "affine") else 1


def _print_text(formula: Formula, table: Any, fit: Fit | None) -> None:
    from ..formula.language.roles import possible_products
    from ..formula.language.tokens import shorten
    from ..formula.proof.shown_judgements import MAX_SINGLE, joint_judgements, single_judgements

    print(formula)
    if formula.guessed and fit is None and (formula.variables or formula.parameters):
        names = shorten(", ".join(formula.variables), 200) or "–"
        tell(say("solve.guessed", names=names))
    for name in possible_products(formula.variables, formula.parameters, () if table is None else table.column_names):
        tell(say("solve.one_name", name=name, product="*".join(name)))
    print()
    judgements, left_out = single_judgements(formula.linearity)
    for judgement in judgements:
        role = "variable" if judgement.subject[0] in formula.variables else "parameter"
        _print_judgement(f"{judgement.subject[0]} ({say(f'solve.{role}')})", judgement)
    if left_out:
        tell(say("solve.not_alone", count=len(left_out), most=MAX_SINGLE))
    for key, judgement in joint_judgements(formula.linearity):
        _print_judgement(f"{say(f'solve.all_{key}')} ({shorten(', '.join(judgement.subject), 200)})", judgement)
    if fit is None:
        return
    print()
    if fit.method == "exact" and formula.parameters:
        print(say("solve.system"))
        print(formula.system(table).text())
        print()
    print(fit)


def _print_judgement(subject: str, judgement: Judgement) -> None:
    print(f"{subject}: {say('formula.verdict_' + judgement.verdict)}")
    print(f"    {judgement.reason}")
    if judgement.counterexample is not None:
        print(f"    {judgement.counterexample}")


def _print_json(formula: Formula, fit: Fit | None) -> None:
    from ..formula.proof.shown_judgements import joint_judgements, single_judgements

    judgements, left_out = single_judgements(formula.linearity)
    answer: dict[str, Any] = {
        "formula": str(formula),
        "tex": formula.tex(),
        "variables": list(formula.variables),
        "parameters": list(formula.parameters),
        "guessed": formula.guessed,
        "verdicts": {judgement.subject[0]: _as_json(judgement) for judgement in judgements},
        "not_judged_alone": list(left_out),
        "together": {key: _as_json(judgement) for key, judgement in joint_judgements(formula.linearity)},
    }
    if fit is not None:
        answer["fit"] = {
            "values": fit.values,
            "standard_errors": fit.standard_errors,
            "rss": fit.rss,
            "residual_sd": fit.residual_sd,
            "r2": fit.r2,
            "rows": fit.rows,
            "dof": fit.dof,
            "method": fit.method,
            "digits_lost": fit.digits_lost,
            "undetermined": list(fit.undetermined),
            "minima": [{"values": m.values, "rss": m.rss} for m in fit.minima],
            "converged": fit.converged,
            "notes": list(fit.notes),
        }
    print(json_text.dumps(answer, indent=2))


def _as_json(judgement: Judgement) -> dict[str, Any]:
    counterexample = judgement.counterexample
    return {
        "verdict": judgement.verdict,
        "evidence": judgement.evidence,
        "reason": judgement.reason,
        "coefficients": judgement.coefficients,
        "constant": judgement.constant,
        "remainder": judgement.remainder,
        "after": judgement.after,
        "counterexample": None
        if counterexample is None
        else {
            "alpha": str(counterexample.alpha),
            "beta": str(counterexample.beta),
            **{key: {n: str(v) for n, v in getattr(counterexample, key).items()} for key in ("u", "v", "others")},
            "left": str(counterexample.left),
            "right": str(counterexample.right),
        },
    }
