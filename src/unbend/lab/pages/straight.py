import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import curve_fit, draggable_points, straight
    from unbend.lab.export_panel import ExportPanel
    from unbend.lab.page import Page, attempt, collapsible, say, section, status
    from unbend.lab.table_input import LatestTable
    from unbend.widgets import TableDrop

    return (
        ExportPanel,
        LatestTable,
        Page,
        TableDrop,
        attempt,
        collapsible,
        curve_fit,
        draggable_points,
        mo,
        say,
        section,
        status,
        straight,
    )


@app.cell
def _(Page, mo, straight):
    page = Page("straight", mo.query_params(), straight.fields, ("drag", "table", "models", "export"))
    page.header()
    return (page,)


@app.cell
def _(mo, page, section, straight):
    panel = page.controls("formula", "variables")
    mo.vstack([panel, section("", straight.examples())])
    return (panel,)


@app.cell
def _(attempt, mo, panel, status, straight):
    report, _error = attempt(lambda: straight.linearity_report(panel.values))
    formula = report and report.formula
    _read = [status(report.reading)] if report and report.reading else []
    mo.vstack([*_read, status(*report.summary) if report else status(_error, "bad")])
    return formula, report


@app.cell
def _(report, say, section):
    section(say("lab_pages.verdicts_title"), report.table) if report else None
    return


@app.cell
def _(LatestTable, TableDrop, collapsible, draggable_points, mo, page, say, section, status):
    points, _error = draggable_points.points_from_url(page.state.values["points"], page.default("points"))
    plot = mo.ui.anywidget(draggable_points.point_plot(points.points))
    text = page.controls("points")
    drop = mo.ui.anywidget(TableDrop())
    table = LatestTable(drop.widget, drop.widget.reading)
    _own_table = None if page.hides("table") else mo.Html(collapsible("lab_pages.points_table", drop, opened=False))
    _errors = [status(_error, "bad")] if _error else []
    _title = section(say("lab_pages.drag_title"), f"<p>{say('lab_pages.drag_hint')}</p>")
    None if page.hides("drag") else mo.vstack([_title, *_errors, plot, text, _own_table])
    return drop, plot, points, table, text


@app.cell
def _(attempt, curve_fit, drop, formula, page, plot, points, status, table, text):
    # run again when a point is dragged, a table comes, or the formula or the points' text changes
    def refit():
        points.load_table(table.current(), curve_fit.column_names(formula), text.widget)
        fit = curve_fit.CurveFit(formula, points.synchronize(text.widget, plot.widget))
        plot.widget.show(lines=fit.lines(*plot.widget.x_range), segments=fit.residual_segments())
        return fit

    text.values, plot.value, drop.value
    fitted, _error = attempt(refit) if formula and not page.hides("drag") else (None, "")
    if fitted is None:
        plot.widget.show(lines=[], segments=[])
    _sentence = f"{points.message} {fitted.sentence}".strip() if fitted else _error
    status(_sentence, "plain" if fitted else "bad") if _sentence else None
    return (fitted,)


@app.cell
def _(fitted, say, section):
    section("", fitted.numbers()) if fitted else None
    return


@app.cell
def _(fitted, say, section):
    section(say("lab_pages.system_title"), fitted.system()) if fitted else None
    return


@app.cell
def _(fitted, say, section):
    section(say("lab_pages.residuals_title"), fitted.residuals()) if fitted else None
    return


@app.cell
def _(page, say, section, straight):
    None if page.hides("models") else section(say("lab_pages.models_title"), straight.linear_models())
    return


@app.cell
def _(export_panel, fitted, formula, report, straight):
    def contents():
        linearity = [report.summary_html, report.table]
        return linearity + ([fitted.picture(), fitted.numbers(), fitted.system(), fitted.residuals()] if fitted else [])

    if fitted:
        export_panel.set_content(fitted.python, contents, {"unbend-fit.json": fitted.as_json})
    else:
        export_panel.set_content((lambda: straight.python(formula)) if formula else None, contents)
    return


@app.cell
def _(ExportPanel, page):
    export_panel = ExportPanel(page, "unbend-fit.json")
    export_panel.buttons()
    return (export_panel,)


if __name__ == "__main__":
    app.run()
