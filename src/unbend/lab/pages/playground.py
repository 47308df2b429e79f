import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import playground, run_report
    from unbend.lab.network_files import FILES, as_python, files_of
    from unbend.lab.page import Page, attempt, folded
    from unbend.lab.session import Session
    from unbend.lab.take_away import Taken
    from unbend.widgets import TableDrop

    return FILES, Page, Session, TableDrop, Taken, as_python, attempt, files_of, folded, mo, playground, run_report


@app.cell
def _(Page, mo, playground):
    page = Page("playground", mo.query_params(), playground.fields, ("table", "export"))
    page.header()
    return (page,)


@app.cell
def _(Session, TableDrop, mo, page, playground):
    session = Session(page.fields)
    data, network, learning = (page.controls(*names) for names in playground.PANELS)
    drop, target = mo.ui.anywidget(TableDrop()), page.panel([])  # the columns are asked for once a table is there
    return data, drop, learning, network, session, target


@app.cell
def _(data, drop, folded, learning, mo, network, page, session, target):
    # what moves comes first; on a wide screen the settings stand to its left
    _own = "" if page.hides("table") else f"{folded('lab_playground.own_table', drop, opened=False)}{target}"
    _settings = folded("lab_playground.part_data", data, _own)
    _settings += folded("lab_playground.part_network", network) + folded("lab_playground.part_learning", learning)
    _shown = {"run": session.runner, **session.views.by_name}
    _views = "".join(f'<div class="{name}">{mo.ui.anywidget(view)}</div>' for name, view in _shown.items())
    mo.Html(f'<div class="lab-play">{_views}<div class="settings">{_settings}</div></div>')
    return


@app.cell
def _(attempt, data, drop, learning, network, playground, session, target):
    drop.value  # runs again when a table comes or goes
    reading, problem = attempt(drop.widget.reading)
    if session.is_new(reading):
        target.widget.ask(playground.target_field(reading))
        data.widget.put("data", "own" if reading else "circle")  # what is learned from next
    asked = data.values | network.values | learning.values
    session.set_up(asked, reading, target.values.get("target", ""), problem)
    return


@app.cell
def _(as_python, files_of, run_report, session, taken):
    taken.hold(lambda: as_python(session.net), lambda: run_report.parts(session), files_of(lambda: session.net))
    return


@app.cell
def _(FILES, Taken, page):
    taken = Taken(page, *FILES)
    taken.buttons()
    return (taken,)


if __name__ == "__main__":
    app.run()
