import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import network
    from unbend.lab.network_files import FILES, as_python, files_of
    from unbend.lab.page import Page, part, say, verdict
    from unbend.lab.take_away import Taken
    from unbend.widgets import NetworkView

    return FILES, NetworkView, Page, Taken, as_python, files_of, mo, network, part, say, verdict


@app.cell
def _(Page, mo, network):
    page = Page("network", mo.query_params(), network.fields, ("arrays", "export"))
    page.header()
    return (page,)


@app.cell
def _(page):
    panel = page.controls()
    panel
    return (panel,)


@app.cell
def _(network, panel):
    lesson = network.lesson(**panel.values)
    return (lesson,)


@app.cell
def _(NetworkView, mo, network, page):
    # made once; the next cell puts other numbers in
    _start = network.lesson(**page.state.values)
    view = NetworkView(_start.net, _start.x[page.state.values["row"] - 1])
    mo.ui.anywidget(view)
    return (view,)


@app.cell
def _(lesson, panel, view):
    view.show(lesson.net, lesson.x[panel.values["row"] - 1])
    return


@app.cell
def _(lesson, network, panel, verdict):
    verdict(network.step_said(lesson, panel.values["steps"]))
    return


@app.cell
def _(lesson, network, page, panel, part, say):
    None if page.hides("arrays") else part(say("lab.arrays"), network.arrays_html(lesson, panel.values["row"]))
    return


@app.cell
def _(as_python, files_of, lesson, network, panel, taken):
    taken.hold(lambda: as_python(lesson.net), lambda: network.parts(lesson, panel.values), files_of(lambda: lesson.net))
    return


@app.cell
def _(FILES, Taken, page):
    taken = Taken(page, *FILES)
    taken.buttons()
    return (taken,)


if __name__ == "__main__":
    app.run()
