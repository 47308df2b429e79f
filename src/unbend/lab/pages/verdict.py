import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import fitting
    from unbend.lab.page import Page, attempt, part, say, verdict
    from unbend.lab.take_away import Taken
    from unbend.widgets import Progress, TableDrop

    return Page, attempt, Taken, Progress, TableDrop, fitting, mo, part, say, verdict


@app.cell
def _(Page, fitting, mo):
    page = Page("verdict", mo.query_params(), fitting.fields, ("drop", "export"))
    page.header()
    return (page,)


@app.cell
def _(TableDrop, mo, page, part, say):
    shipped = page.controls("set")
    drop = mo.ui.anywidget(TableDrop())
    mo.vstack([shipped, *([] if page.hides("drop") else [part(say("lab_pages.own_table_title")), drop])])
    return drop, shipped


@app.cell
def _(attempt, drop, fitting, part, shipped, verdict):
    drop.value  # runs again when a table comes or goes
    table, trouble = attempt(lambda: fitting.opened(drop.widget, shipped.values["set"]))
    verdict(trouble, "bad") if table is None else part(fitting.heading(table), table.preview)
    return (table,)


@app.cell
def _(fitting, mo, page, table, verdict):
    panel = None
    if table:
        fields, column, unknown = fitting.asking(page.fields, table, page.state.values["target"])
        panel = page.panel(fields, {"target": column})
    mo.vstack([*([verdict(unknown, "bad")] if unknown else []), panel]) if table else None
    return (panel,)


@app.cell
def _(Progress, fitting, mo, say):
    runs = fitting.Runs()
    get_answer, set_answer = mo.state(None)
    progress = mo.ui.anywidget(Progress(say("lab_pages.stop")))
    progress
    return get_answer, progress, runs, set_answer


@app.cell
def _(fitting, panel, progress, runs, table):
    if panel is not None:
        given = fitting.arguments(table, panel.values)
        if runs.asked(panel.values["fit"], given):
            progress.widget.set_trait("running", True)
    return


@app.cell
def _(progress, runs, say, set_answer, verdict):
    # looks how far the fit is, as long as the bar ticks
    progress.value
    runs.stop(progress.widget.stops)
    said = runs.look(progress.widget)
    if runs.ended():
        set_answer(runs.run)
    verdict(*said)
    return


@app.cell
def _(fitting, get_answer, part, say):
    done = get_answer()
    answer = done.answer if done else None
    part(say("lab_pages.report_title"), fitting.report_frame(answer)) if answer else None
    return (answer,)


@app.cell
def _(answer, fitting, panel, table, taken):
    def parts():
        return [f"<h2>{fitting.heading(table)}</h2>", table.preview, *([fitting.told(answer)] if answer else [])]

    files = {name: lambda name=name: fitting.file(answer, name) for name in fitting.FILES} if answer else {}
    code = (lambda: fitting.python(table, panel.values)) if table else None
    taken.hold(code, parts, files)
    return


@app.cell
def _(Taken, page):
    taken = Taken(page, "report.html", "model.safetensors", "result.json")
    taken.buttons()
    return (taken,)


if __name__ == "__main__":
    app.run()
