import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import network
    from unbend.lab.export_panel import ExportPanel
    from unbend.lab.network_export import FILES, as_python, file_writers
    from unbend.lab.page import Page, say, section, status
    from unbend.widgets import NetworkView

    return ExportPanel, FILES, NetworkView, Page, as_python, file_writers, mo, network, say, section, status


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
    demo = network.minibatch_demo(**panel.values)
    return (demo,)


@app.cell
def _(NetworkView, mo, network, page):
    # created once; the next cell updates it
    _first = network.minibatch_demo(**page.state.values)
    view = NetworkView(_first.net, _first.x[page.state.values["row"] - 1])
    mo.ui.anywidget(view)
    return (view,)


@app.cell
def _(demo, panel, view):
    view.show(demo.net, demo.x[panel.values["row"] - 1])
    return


@app.cell
def _(demo, network, panel, status):
    status(network.step_summary(demo, panel.values["steps"]))
    return


@app.cell
def _(demo, network, page, panel, say, section):
    None if page.hides("arrays") else section(say("lab.arrays"), network.arrays_html(demo, panel.values["row"]))
    return


@app.cell
def _(as_python, demo, export_panel, file_writers, network, panel):
    export_panel.set_content(
        lambda: as_python(demo.net), lambda: network.sections(demo, panel.values), file_writers(lambda: demo.net)
    )
    return


@app.cell
def _(ExportPanel, FILES, page):
    export_panel = ExportPanel(page, *FILES)
    export_panel.buttons()
    return (export_panel,)


if __name__ == "__main__":
    app.run()
