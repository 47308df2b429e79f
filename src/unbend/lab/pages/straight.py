import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import curve, points, straight
    from unbend.lab.page import Page, attempt, folded, part, say, verdict
    from unbend.lab.take_away import Taken
    from unbend.widgets import TableDrop

    return Page, TableDrop, Taken, attempt, curve, folded, mo, part, points, say, straight, verdict


@app.cell
def _(Page, mo, straight):
    page = Page("straight", mo.query_params(), straight.fields, ("drag", "table", "models", "export"))
    page.header()
    return (page,)


@app.cell
def _(mo, page, part, straight):
    panel = page.controls("formula", "variables")
    mo.vstack([panel, part("", straight.examples())])
    return (panel,)


@app.cell
def _(attempt, panel, straight, verdict):
    judged, problem = attempt(lambda: straight.judged(panel.values))
    formula = judged and judged.formula
    verdict(*judged.summary) if judged else verdict(problem, "bad")
    return formula, judged


@app.cell
def _(judged, part, say):
    part(say("lab_pages.verdicts_title"), judged.table) if judged else None
    return


@app.cell
def _(TableDrop, folded, mo, page, part, points, say, verdict):
    moving, trouble = points.start(page.state.values["points"], page.usual("points"))
    plot = mo.ui.anywidget(points.plot(moving.points))
    text = page.controls("points")
    drop = mo.ui.anywidget(TableDrop())
    _own = None if page.hides("table") else mo.Html(folded("lab_pages.points_table", drop, opened=False))
    _told = [verdict(trouble, "bad")] if trouble else []
    _title = part(say("lab_pages.drag_title"), f"<p>{say('lab_pages.drag_hint')}</p>")
    None if page.hides("drag") else mo.vstack([_title, *_told, plot, text, _own])
    return drop, moving, plot, text


@app.cell
def _(attempt, curve, drop, formula, moving, page, plot, text, verdict):
    # runs whenever a point was dragged, a table came, or the formula or the points' text changed
    def refit():
        moving.take(drop.widget.reading(), curve.names(formula), text.widget)
        made = curve.Fitted(formula, moving.settle(text.widget, plot.widget))
        plot.widget.show(lines=made.lines(*plot.widget.x_range), sticks=made.sticks())
        return made

    text.values, plot.value, drop.value
    fitted, open_end = attempt(refit) if formula and not page.hides("drag") else (None, "")
    if fitted is None:
        plot.widget.show(lines=[], sticks=[])
    _told = f"{moving.said} {fitted.sentence}".strip() if fitted else open_end
    verdict(_told, "plain" if fitted else "bad") if _told else None
    return (fitted,)


@app.cell
def _(fitted, part, say):
    part("", fitted.numbers()) if fitted else None
    return


@app.cell
def _(fitted, part, say):
    part(say("lab_pages.system_title"), fitted.system()) if fitted else None
    return


@app.cell
def _(fitted, part, say):
    part(say("lab_pages.residuals_title"), fitted.residuals()) if fitted else None
    return


@app.cell
def _(page, part, say, straight):
    None if page.hides("models") else part(say("lab_pages.models_title"), straight.linear_models())
    return


@app.cell
def _(fitted, formula, judged, straight, taken):
    def parts():
        shown = [judged.told, judged.table]
        return shown + ([fitted.picture(), fitted.numbers(), fitted.system(), fitted.residuals()] if fitted else [])

    if fitted:
        taken.hold(fitted.python, parts, {"unbend-fit.json": fitted.as_json})
    else:
        taken.hold((lambda: straight.python(formula)) if formula else None, parts)
    return


@app.cell
def _(Taken, page):
    taken = Taken(page, "unbend-fit.json")
    taken.buttons()
    return (taken,)


if __name__ == "__main__":
    app.run()
