import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import combinations, spaces
    from unbend.lab.export_panel import ExportPanel
    from unbend.lab.page import Page, attempt, say, section, status

    return ExportPanel, Page, attempt, combinations, mo, say, section, spaces, status


@app.cell
def _(Page, mo, spaces):
    page = Page("spaces", mo.query_params(), spaces.fields, ("combinations", "matrices", "export"))
    page.header()
    return (page,)


@app.cell
def _(page):
    choice = page.controls("space", "axiom")
    choice
    return (choice,)


@app.cell
def _(page):
    own = page.controls("n", "add", "scale", "member", "field")
    return (own,)


@app.cell
def _(choice, own, spaces):
    # the fields of a space of the reader's own are shown only for it
    own if spaces.is_own(choice.values) else None
    return


@app.cell
def _(attempt, choice, own, spaces, status):
    values = {**own.values, "space": choice.values["space"]}
    result, _error = attempt(lambda: spaces.check(values))
    status(_error, "bad") if result is None else status(result["summary"], result["kind"])
    return result, values


@app.cell
def _(choice, result, say, section, spaces):
    section(say("lab_pages.counterexample_title"), spaces.picture(result, choice.values["axiom"])) if result else None
    return


@app.cell
def _(result, say, section):
    section(say("lab_pages.axioms_title"), result["table"]) if result else None
    return


@app.cell
def _(mo, page, say, section):
    vectors = page.controls("vectors", "coefficients", "wanted")
    None if page.hides("combinations") else mo.vstack([section(say("lab_pages.combination_title")), vectors])
    return (vectors,)


@app.cell
def _(attempt, combinations, mo, page, section, status, vectors):
    def show_combination():
        answer, error = attempt(lambda: combinations.combination(vectors.values))
        return mo.vstack([status(answer[0]), section("", answer[1])]) if answer else status(error, "bad")

    None if page.hides("combinations") else show_combination()
    return


@app.cell
def _(mo, page, say, section):
    matrices = page.controls("A", "B")
    None if page.hides("matrices") else mo.vstack([section(say("lab_pages.products_title")), matrices])
    return (matrices,)


@app.cell
def _(attempt, combinations, matrices, mo, page, section, status):
    def show_products():
        answer, error = attempt(lambda: combinations.products(matrices.values))
        return mo.vstack([status(*answer[:2]), section("", answer[2])]) if answer else status(error, "bad")

    None if page.hides("matrices") else show_products()
    return


@app.cell
def _(choice, export_panel, result, spaces, values):
    def contents():
        return [f"<p>{result['summary']}</p>", result["table"], spaces.picture(result, choice.values["axiom"])]

    if result:
        export_panel.set_content(
            lambda: spaces.python(values), contents, {"unbend-spaces.json": lambda: spaces.as_json(result)}
        )
    else:
        export_panel.set_content(None)
    return


@app.cell
def _(ExportPanel, page):
    export_panel = ExportPanel(page, "unbend-spaces.json")
    export_panel.buttons()
    return (export_panel,)


if __name__ == "__main__":
    app.run()
