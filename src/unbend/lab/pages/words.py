import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import table_input, text_fit, words
    from unbend.lab.export_panel import ExportPanel
    from unbend.lab.page import Page, attempt, collapsible, section, status
    from unbend.widgets import TableDrop

    return ExportPanel, Page, TableDrop, attempt, collapsible, mo, section, status, table_input, text_fit, words


@app.cell
def _(Page, mo, words):
    page = Page("words", mo.query_params(), words.fields, ("drop", "bends", "export"))
    page.header()
    return (page,)


@app.cell
def _(TableDrop, collapsible, mo, page, table_input):
    shipped = page.controls("set")
    drop = mo.ui.anywidget(TableDrop())
    uploads = table_input.latest_upload(drop.widget)
    _own = [] if page.hides("drop") else [mo.Html(collapsible("lab_words.own_title", drop, opened=False))]
    mo.vstack([shipped, *_own])
    return drop, shipped, uploads


@app.cell
def _(attempt, drop, page, shipped, status, text_fit, uploads, words):
    drop.value  # run again when a table comes or goes
    _own, _name = uploads.current(), shipped.values["set"]
    fit, _error = attempt(
        lambda: text_fit.table_fit(_own.name, _own.path) if _own else text_fit.shipped_fit(_name, page.language)
    )
    status(words.summary(fit)) if fit else status(_error, "bad")
    return (fit,)


@app.cell
def _(fit, page, words):
    _typed = page.state.values["sentence"]
    panel = page.panel(
        [field for field in page.fields if field.name != "set"],
        {"sentence": _typed or words.start(fit.name) or fit.texts[0][:500]} if fit else {},
    )
    panel if fit else None
    return (panel,)


@app.cell
def _(attempt, fit, mo, panel, section, status, words):
    def show():
        result, error = attempt(lambda: words.answer(fit, panel.values))
        return mo.vstack([status(result[0]), section("", result[1])]) if result else status(error, "bad")

    show() if fit else None
    return


@app.cell
def _(fit, mo, page, words):
    None if page.hides("bends") or not fit else mo.Html(f'<div class="lab-part">{words.bends(fit)}</div>')
    return


@app.cell
def _(export_panel, fit, panel, words):
    if fit:
        export_panel.set_content(lambda: words.python(fit, panel.values), lambda: words.contents(fit, panel.values))
    else:
        export_panel.set_content(None)
    return


@app.cell
def _(ExportPanel, page):
    export_panel = ExportPanel(page)
    export_panel.buttons()
    return (export_panel,)


if __name__ == "__main__":
    app.run()
