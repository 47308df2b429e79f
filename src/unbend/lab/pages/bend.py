import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import bend, bend_pieces
    from unbend.lab.export_panel import ExportPanel
    from unbend.lab.network_export import FILES, file_writers
    from unbend.lab.page import Page, attempt, say, section, status

    return ExportPanel, FILES, Page, attempt, bend, bend_pieces, file_writers, mo, say, section, status


@app.cell
def _(Page, bend, mo):
    page = Page("bend", mo.query_params(), bend.fields, ("neuron", "chain", "pieces", "all", "models", "export"))
    page.header()
    return (page,)


@app.cell
def _(mo, page, say, section):
    neuron_panel = page.controls("h", "own", "x", "w", "b")
    None if page.hides("neuron") else mo.vstack([section(say("lab_pages.activation_title")), neuron_panel])
    return (neuron_panel,)


@app.cell
def _(attempt, bend, mo, neuron_panel, page, section, status):
    def show_neuron():
        result, error = attempt(lambda: bend.neuron(neuron_panel.values))
        return mo.vstack([status(result[0]), section("", result[1])]) if result else status(error, "bad")

    None if page.hides("neuron") else show_neuron()
    return


@app.cell
def _(mo, page, say, section):
    chain_panel = page.controls("depth", "slope", "shift")
    None if page.hides("chain") else mo.vstack([section(say("lab_pages.chain_title")), chain_panel])
    return (chain_panel,)


@app.cell
def _(bend, chain_panel, mo, page, section, status):
    def show_chain():
        sentence, html = bend.chain(chain_panel.values)
        return mo.vstack([status(sentence), section("", html)])

    None if page.hides("chain") else show_chain()
    return


@app.cell
def _(mo, page, say, section):
    pieces_panel = page.controls("bend", "inputs", "layers", "neurons", "seed")
    None if page.hides("pieces") else mo.vstack([section(say("lab_pages.pieces_title")), pieces_panel])
    return (pieces_panel,)


@app.cell
def _(bend_pieces, mo, page, pieces_panel, section, status):
    def show_pieces():
        sentence, style, html = bend_pieces.pieces(pieces_panel.values)
        return mo.vstack([status(sentence, style), section("", html)])

    None if page.hides("pieces") else show_pieces()
    return


@app.cell
def _(bend, page, say, section):
    None if page.hides("models") else section(say("lab_pages.nonlinear_title"), bend.nonlinear_model())
    return


@app.cell
def _(bend, page, say, section):
    None if page.hides("all") else section(say("lab_pages.all_activations"), bend.all_activations(page.language))
    return


@app.cell
def _(bend, bend_pieces, export_panel, file_writers, page):
    def contents():
        values = page.values()
        return [bend.neuron(values)[1], bend.chain(values)[1], bend_pieces.pieces(values)[2]]

    export_panel.set_content(
        lambda: bend_pieces.python(page.values()), contents, file_writers(lambda: bend_pieces.network(page.values()))
    )
    return


@app.cell
def _(ExportPanel, FILES, page):
    export_panel = ExportPanel(page, *FILES)
    export_panel.buttons()
    return (export_panel,)


if __name__ == "__main__":
    app.run()
