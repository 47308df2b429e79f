import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import slips
    from unbend.lab.export_panel import ExportPanel
    from unbend.lab.page import Page, say, section, status

    return ExportPanel, Page, mo, say, section, slips, status


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
def _(panel, slips, status):
    # run again whenever another slip is selected or the button clicked
    row = slips.run_slip(panel.values["slip"])
    status(*slips.verdict(row))
    return (row,)


@app.cell
def _(row, section, slips):
    section("", slips.comparison(row))
    return


@app.cell
def _(row, say, section, slips):
    section(say("lab_pages.what_runs"), slips.calculation(row))
    return


@app.cell
def _(page, say, section, slips):
    section(say("lab_pages.all_slips"), slips.overview()) if not page.hides("overview") else None
    return


@app.cell
def _(export_panel, row, slips):
    export_panel.set_content(
        lambda: slips.python(row.id), lambda: [slips.comparison(row), slips.calculation(row), slips.overview()]
    )
    return


@app.cell
def _(ExportPanel, page):
    export_panel = ExportPanel(page)
    export_panel.buttons()
    return (export_panel,)


if __name__ == "__main__":
    app.run()
