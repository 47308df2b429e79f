import marimo

app = marimo.App(width="full", app_title="unbend")


@app.cell
def _():
    import marimo as mo

    import unbend as ub
    from unbend.lab import playground
    from unbend.lab.network_files import makers
    from unbend.lab.page import Page, say
    from unbend.lab.session import Session

    return Page, Session, makers, mo, playground, say, ub


@app.cell
def _(Page, mo, playground):
    page = Page("playground", mo.query_params(), playground.fields, ("table", "export"))
    page.header()
    return (page,)


@app.cell
def _(mo, page, playground, say):
    data = page.controls(*playground.DATA)
    network = page.controls(*playground.NETWORK)
    learning = page.controls(*playground.LEARNING)
    mo.vstack(
        [
            mo.Html(f"<h2>{say('lab_playground.part_data')}</h2>"),
            data,
            mo.Html(f"<h2>{say('lab_playground.part_network')}</h2>"),
            network,
            mo.Html(f"<h2>{say('lab_playground.part_learning')}</h2>"),
            learning,
        ]
    )
    return data, learning, network


@app.cell
def _(mo, page, say, ub):
    drop = mo.ui.anywidget(ub.widgets.TableDrop())
    _hidden = "hidden" if page.hides("table") else ""
    mo.Html(f"<details {_hidden}><summary>{say('lab_playground.own_table')}</summary>{drop}</details>")
    return (drop,)


@app.cell
def _(drop, playground):
    reading, problem = playground.read_table(drop)
    return problem, reading


@app.cell
def _(mo, playground, reading):
    # the column to be predicted, asked for once a table is there
    target = mo.ui.anywidget(playground.target_control(reading))
    target
    return (target,)


@app.cell
def _(Session, page):
    session = Session(page.fields)
    return (session,)


@app.cell
def _(data, learning, network, problem, reading, session, target):
    if session.is_new(reading):  # a table that was dropped is what is learned from next
        data.widget.put("data", "own")
    session.set_up(data.values | network.values | learning.values, reading, target.values.get("target", ""), problem)
    return


@app.cell
def _(mo, session):
    _left = mo.vstack([mo.ui.anywidget(session.runner), mo.ui.anywidget(session.curve)])
    mo.Html(f'<div class="lab-two">{_left}{mo.ui.anywidget(session.surface)}</div>')
    return


@app.cell
def _(mo, session):
    mo.ui.anywidget(session.network)
    return


@app.cell
def _(makers, mo, page, say, session, ub):
    mo.stop(page.hides("export"))
    mo.vstack([mo.Html(f"<h2>{say('lab.take_away')}</h2>"), mo.ui.anywidget(ub.widgets.TakeAway(makers(session)))])
    return


if __name__ == "__main__":
    app.run()
