import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import bend, bend_pieces
    from unbend.lab.network_files import FILES, files_of
    from unbend.lab.page import Page, attempt, part, say, verdict
    from unbend.lab.take_away import Taken

    return FILES, Page, Taken, attempt, bend, bend_pieces, files_of, mo, part, say, verdict


@app.cell
def _(Page, bend, mo):
    page = Page("bend", mo.query_params(), bend.fields, ("neuron", "chain", "pieces", "all", "models", "export"))
    page.header()
    return (page,)


@app.cell
def _(mo, page, part, say):
    one = page.controls("h", "own", "x", "w", "b")
    None if page.hides("neuron") else mo.vstack([part(say("lab_pages.activation_title")), one])
    return (one,)


@app.cell
def _(attempt, bend, mo, one, page, part, verdict):
    def neuron():
        made, wrong = attempt(lambda: bend.neuron(one.values))
        return mo.vstack([verdict(made[0]), part("", made[1])]) if made else verdict(wrong, "bad")

    None if page.hides("neuron") else neuron()
    return


@app.cell
def _(mo, page, part, say):
    row = page.controls("depth", "slope", "shift")
    None if page.hides("chain") else mo.vstack([part(say("lab_pages.chain_title")), row])
    return (row,)


@app.cell
def _(bend, mo, page, part, row, verdict):
    def chain():
        said, shown = bend.chain(row.values)
        return mo.vstack([verdict(said), part("", shown)])

    None if page.hides("chain") else chain()
    return


@app.cell
def _(mo, page, part, say):
    stack = page.controls("bend", "inputs", "layers", "neurons", "seed")
    None if page.hides("pieces") else mo.vstack([part(say("lab_pages.pieces_title")), stack])
    return (stack,)


@app.cell
def _(bend_pieces, mo, page, part, stack, verdict):
    def pieces():
        said, kind, shown = bend_pieces.pieces(stack.values)
        return mo.vstack([verdict(said, kind), part("", shown)])

    None if page.hides("pieces") else pieces()
    return


@app.cell
def _(bend, page, part, say):
    None if page.hides("models") else part(say("lab_pages.nonlinear_title"), bend.nonlinear_model())
    return


@app.cell
def _(bend, page, part, say):
    None if page.hides("all") else part(say("lab_pages.all_activations"), bend.all_activations(page.language))
    return


@app.cell
def _(bend, bend_pieces, files_of, page, taken):
    def parts():
        values = page.values()
        return [bend.neuron(values)[1], bend.chain(values)[1], bend_pieces.pieces(values)[2]]

    taken.hold(lambda: bend_pieces.python(page.values()), parts, files_of(lambda: bend_pieces.network(page.values())))
    return


@app.cell
def _(FILES, Taken, page):
    taken = Taken(page, *FILES)
    taken.buttons()
    return (taken,)


if __name__ == "__main__":
    app.run()
