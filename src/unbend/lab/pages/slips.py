import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import slips
    from unbend.lab.page import Page, part, say, verdict
    from unbend.lab.take_away import Taken

    return Page, Taken, mo, part, say, slips, verdict


@app.cell
def _(Page, mo, slips):
    page = Page("slips", mo.query_params(), slips.fields, ("overview", "export"))
    page.header()
    return (page,)


@app.cell
def _(page):
    panel = page.controls()
    panel
    return (panel,)


@app.cell
def _(panel, slips, verdict):
    # run again whenever another slip is picked or the button pressed
    row = slips.ran(panel.values["slip"])
    verdict(*slips.verdict(row))
    return (row,)


@app.cell
def _(part, row, slips):
    part("", slips.beside(row))
    return


@app.cell
def _(part, row, say, slips):
    part(say("lab_pages.what_runs"), slips.calculation(row))
    return


@app.cell
def _(page, part, say, slips):
    part(say("lab_pages.all_slips"), slips.overview()) if not page.hides("overview") else None
    return


@app.cell
def _(row, slips, taken):
    taken.hold(lambda: slips.python(row.id), lambda: [slips.beside(row), slips.calculation(row), slips.overview()])
    return


@app.cell
def _(Taken, page):
    taken = Taken(page)
    taken.buttons()
    return (taken,)


if __name__ == "__main__":
    app.run()
