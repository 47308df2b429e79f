import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    import unbend as ub
    from unbend.lab import network
    from unbend.lab.page import Page, say, verdict

    return Page, mo, network, say, ub, verdict


@app.cell
def _(Page, mo, network):
    page = Page("network", mo.query_params(), network.fields, ("arrays",))
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
def _(mo, network, page, ub):
    # made once; the next cell puts other numbers in
    _start = network.lesson(**page.state.values)
    view = ub.widgets.NetworkView(_start.net, _start.x[page.state.values["row"] - 1])
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
def _(lesson, mo, network, page, panel, say):
    mo.stop(page.hides("arrays"))
    mo.Html(f"<h2>{say('lab.arrays')}</h2>{network.arrays_html(lesson, panel.values['row'])}")
    return


if __name__ == "__main__":
    app.run()
