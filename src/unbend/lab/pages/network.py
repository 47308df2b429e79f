import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab.network import fields
    from unbend.lab.page import Page, say, verdict

    return Page, fields, mo, say, verdict


@app.cell
def _(Page, fields, mo):
    page = Page("network", mo.query_params(), fields)
    page.header()
    return (page,)


@app.cell
def _(page):
    panel = page.controls()
    panel
    return (panel,)


@app.cell
def _(panel, say, verdict):
    verdict(say("lab.seed_is", seed=panel.values["seed"]))
    return


if __name__ == "__main__":
    app.run()
