import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import table_input, verdict, verdict_job
    from unbend.lab.export_panel import ExportPanel
    from unbend.lab.page import Page, say, section, status
    from unbend.widgets import Progress, TableDrop

    return ExportPanel, Page, Progress, TableDrop, mo, say, section, status, table_input, verdict, verdict_job


@app.cell
def _(Page, mo, verdict):
    page = Page("verdict", mo.query_params(), verdict.fields, ("drop", "export"))
    page.header()
    return (page,)


@app.cell
def _(TableDrop, mo, page, say, section, table_input):
    shipped = page.controls("set")
    drop = mo.ui.anywidget(page.earlier_table(TableDrop()))
    page.carry(table=drop.widget)
    uploads = table_input.latest_upload(drop.widget)
    _own = mo.Html(f'<div class="lab-own">{section(say("lab_pages.own_table_title"))}{drop}</div>')
    mo.vstack([shipped, *([] if page.hides("drop") else [_own])])
    return drop, shipped, uploads


@app.cell
def _(drop, section, shipped, table_input, uploads):
    drop.value  # run again when a table comes or goes
    table = uploads.current() or table_input.shipped_table(shipped.values["set"])
    section(table.heading, table.preview)
    return (table,)


@app.cell
def _(mo, page, status, table, verdict):
    _fields, _target, _unknown = verdict.fields_for(table, page.fields, page.state.values["target"])
    panel = page.panel(_fields, {"target": _target})
    mo.vstack([*([status(_unknown, "bad")] if _unknown else []), panel])
    return (panel,)


@app.cell
def _(Progress, mo, say, verdict_job):
    jobs = verdict_job.FitJobs()
    get_ended, set_ended = mo.state(None)
    progress = mo.ui.anywidget(Progress(say("lab_pages.stop")))
    progress
    return get_ended, jobs, progress, set_ended


@app.cell
def _(jobs, panel, progress, table, verdict):
    _arguments = verdict.fit_arguments(table, panel.values)
    if jobs.start_if_clicked(panel.values["fit"], _arguments):
        progress.widget.set_trait("running", True)
    return


@app.cell
def _(jobs, progress, set_ended, status):
    # run at every tick of the progress bar
    progress.value
    jobs.stop_if_clicked(progress.widget.stops)
    _status = jobs.update(progress.widget)
    if jobs.just_ended():
        set_ended(jobs.job)
    status(*_status)
    return


@app.cell
def _(get_ended, say, section, verdict):
    _job = get_ended()
    result = _job.result if _job else None
    section(verdict.report_title(result), verdict.report_frame(result)) if result else None
    return (result,)


@app.cell
def _(export_panel, panel, result, table, verdict):
    def contents():
        return [f"<h2>{table.heading}</h2>", table.preview, *([verdict.verdict_html(result)] if result else [])]

    files = {name: lambda name=name: verdict.export_file(result, name) for name in verdict.FILES} if result else {}
    export_panel.set_content(lambda: verdict.python(table, panel.values), contents, files)
    return


@app.cell
def _(ExportPanel, page, verdict):
    export_panel = ExportPanel(page, *verdict.FILES)
    export_panel.buttons()
    return (export_panel,)


if __name__ == "__main__":
    app.run()
