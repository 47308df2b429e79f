import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    from unbend.lab import combining, spaces
    from unbend.lab.page import Page, attempt, part, say, verdict
    from unbend.lab.take_away import Taken

    return Page, attempt, Taken, combining, mo, part, say, spaces, verdict


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
    # the fields of a space of one's own are shown where it is asked for
    own if spaces.is_own(choice.values) else None
    return


@app.cell
def _(attempt, choice, own, spaces, verdict):
    given = {**own.values, "space": choice.values["space"]}
    answered, problem = attempt(lambda: spaces.ask(given))
    verdict(problem, "bad") if answered is None else verdict(answered["summary"], answered["kind"])
    return answered, given


@app.cell
def _(answered, choice, part, say, spaces):
    part(say("lab_pages.counterexample_title"), spaces.picture(answered, choice.values["axiom"])) if answered else None
    return


@app.cell
def _(answered, part, say):
    part(say("lab_pages.axioms_title"), answered["table"]) if answered else None
    return


@app.cell
def _(mo, page, part, say):
    vectors = page.controls("vectors", "coefficients", "wanted")
    None if page.hides("combinations") else mo.vstack([part(say("lab_pages.combination_title")), vectors])
    return (vectors,)


@app.cell
def _(attempt, combining, mo, page, part, vectors, verdict):
    def combined():
        made, wrong = attempt(lambda: combining.combination(vectors.values))
        return mo.vstack([verdict(made[0]), part("", made[1])]) if made else verdict(wrong, "bad")

    None if page.hides("combinations") else combined()
    return


@app.cell
def _(mo, page, part, say):
    matrices = page.controls("A", "B")
    None if page.hides("matrices") else mo.vstack([part(say("lab_pages.products_title")), matrices])
    return (matrices,)


@app.cell
def _(attempt, combining, matrices, mo, page, part, verdict):
    def multiplied():
        made, wrong = attempt(lambda: combining.products(matrices.values))
        return mo.vstack([verdict(*made[:2]), part("", made[2])]) if made else verdict(wrong, "bad")

    None if page.hides("matrices") else multiplied()
    return


@app.cell
def _(answered, choice, given, spaces, taken):
    def parts():
        return [f"<p>{answered['summary']}</p>", answered["table"], spaces.picture(answered, choice.values["axiom"])]

    if answered:
        taken.hold(lambda: spaces.python(given), parts, {"unbend-spaces.json": lambda: spaces.as_json(answered)})
    else:
        taken.hold(None)
    return


@app.cell
def _(Taken, page):
    taken = Taken(page, "unbend-spaces.json")
    taken.buttons()
    return (taken,)


if __name__ == "__main__":
    app.run()
