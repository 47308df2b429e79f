import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import playground, training_report
    from unbend.lab.export_panel import ExportPanel
    from unbend.lab.network_export import FILES, as_python, file_writers
    from unbend.lab.page import Page, collapsible
    from unbend.lab.session import Session
    from unbend.lab.table_input import playground_table
    from unbend.widgets import TableDrop

    return (
        ExportPanel,
        FILES,
        Page,
        Session,
        TableDrop,
        as_python,
        collapsible,
        file_writers,
        mo,
        playground,
        playground_table,
        training_report,
    )


@app.cell
def _(Page, mo, playground):
    page = Page("playground", mo.query_params(), playground.fields, ("table", "export"))
    page.header()
    return (page,)


@app.cell
def _(Session, TableDrop, mo, page, playground, playground_table):
    session = Session(page.fields, page.earlier.get("session"))
    data, network, learning, included = (page.controls(*names) for names in playground.PANELS)
    drop = mo.ui.anywidget(page.earlier_table(TableDrop()))
    page.carry(session=session, table=drop.widget)
    table = playground_table(drop.widget)
    columns = page.panel([])  # it has fields once there is a table
    return columns, data, drop, included, learning, network, session, table


@app.cell
def _(collapsible, columns, data, drop, included, learning, mo, network, page, session):
    # the animated views come first; on a wide screen the settings are to their left
    _own_table = ""
    if not page.hides("table"):
        _opened = page.state.values["included"] != ""
        _own_table = f"{collapsible('lab_playground.own_table', included, drop, opened=_opened)}{columns}"
    _settings = collapsible("lab_playground.part_data", data, _own_table)
    _settings += collapsible("lab_playground.part_network", network) + collapsible(
        "lab_playground.part_learning", learning
    )
    _by_name = {"run": session.runner, **session.views.by_name}
    _views = "".join(f'<div class="{name}">{mo.ui.anywidget(view)}</div>' for name, view in _by_name.items())
    mo.Html(f'<div class="lab-play">{_views}<div class="settings">{_settings}</div></div>')
    return


@app.cell
def _(columns, data, drop, included, learning, network, page, playground, session, table):
    drop.value  # run again when a table comes or goes
    reading = table(included.values["included"])
    if session.table_changed(reading):
        page.set_fields(columns.widget, playground.table_fields(reading))
        data.widget.set_value(
            "data", "own" if reading else "circle"
        )  # train on the table that came, or back on a toy data set
    session.configure(data.values | network.values | learning.values | columns.values, reading)
    return


@app.cell
def _(as_python, export_panel, file_writers, session, training_report):
    export_panel.set_content(
        lambda: as_python(session.net), lambda: training_report.sections(session), file_writers(lambda: session.net)
    )
    return


@app.cell
def _(ExportPanel, FILES, page):
    export_panel = ExportPanel(page, *FILES)
    export_panel.buttons()
    return (export_panel,)


if __name__ == "__main__":
    app.run()
