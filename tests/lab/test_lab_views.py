"""What the pages compute, without a browser: texts, tables and drawings from the state of a page."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("anywidget")

import unbend as ub
from unbend.data.reader import parse_table
from unbend.errors import BadInput
from unbend.figures.axiom import draw_axiom, sides
from unbend.figures.plane import Plane, clip, ticks
from unbend.lab import bend, bend_pieces, combining, curve, fitting, numbers, points, slips, spaces, straight
from unbend.lab.apart import Apart
from unbend.lab.page import attempt
from unbend.lab.state import Field, Line
from unbend.widgets.controls import Controls


def usual(fields: Callable[[], list[Field]], **other: Any) -> dict[str, Any]:
    return {**{field.name: field.default for field in fields()}, **other}


def drawn(html: str) -> ElementTree.Element:
    """The first drawing in a text; it must be sound XML and have a title."""
    svg = ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
    assert svg.find("{http://www.w3.org/2000/svg}title") is not None
    return svg


@pytest.mark.parametrize("text", ["1 2; 3 4", "1, 2\n3, 4", "(1 2); (3 4)", " 1 2 ;3 4; "])
def test_rows_are_read(text: str) -> None:
    assert numbers.read_rows(text, "A") == [[1, 2], [3, 4]]


@pytest.mark.parametrize("text", ["", "1 2; 3", "a", "1/0", "__import__('os')", "1e999", "nan", "1 " * 99, "1;" * 99])
def test_what_is_no_rows_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="A"):
        numbers.read_rows(text, "A")


def test_an_axiom_that_fails_is_drawn_with_its_sides() -> None:
    space = ub.spaces["two crossing lines"]
    answer = ub.check_axioms(space)["V1"]
    found = sides(space, answer)
    assert set(found) == {"u", "v", "u + v"}
    np.testing.assert_array_equal(np.add(found["u"], found["v"]), found["u + v"])
    assert not space.contains(found["u + v"])
    svg = drawn(draw_axiom(space, answer).svg())
    assert "u + v" in [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize(
    ("n", "member"), [(1, "u == floor(u)"), (2, "u1 >= 0 and u2 == 0"), (2, "u1 == floor(u1) and u2 == floor(u2)"),
                      (2, None), (3, "u1 > 0"), (2, "u1**2 + u2**2 == 1 or u1 == 5"), (1, "u > 0")]
)  # fmt: skip
def test_sets_are_drawn(n: int, member: str | None) -> None:
    drawn(draw_axiom(ub.Space(n, member=member)).svg())


def test_the_picture_of_a_ray_ends_at_its_end() -> None:
    svg = drawn(draw_axiom(ub.Space(2, member="u2 == 0 and u1 >= 1")).svg())
    thick = [line for line in svg.iter("{http://www.w3.org/2000/svg}polyline") if line.get("stroke-width") == "3"]
    first = min(float(line.get("points", "").split(",")[0]) for line in thick)
    plane = Plane((-4.65, 4.65), (-3.0, 3.0))
    assert abs(first - plane.at(1, 0)[0]) < 8


def test_clip_and_ticks() -> None:
    assert clip((-2, 0), (2, 0), (-1, -1, 1, 1)) == ((-1, 0), (1, 0))
    assert clip((-2, 2), (2, 2), (-1, -1, 1, 1)) is None
    assert clip((0, float("nan")), (1, 1), (-1, -1, 1, 1)) is None
    assert ticks((-0.05, 1.05)) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    for interval in ((0, 1e-7), (-3e8, 5e8), (2.5, 2.6)):
        assert 2 <= len(ticks(interval)) <= 9


def test_a_space_of_the_catalogue_is_answered() -> None:
    values = usual(spaces.fields, space="two_crossing_lines")
    answered = spaces.ask(values)
    assert answered["kind"] == "bad" and "V1" in answered["pictures"]
    assert answered["table"].count("<tr>") == 11
    assert "V1" in spaces.picture(answered, "auto") and "V3" in spaces.picture(answered, "V3")
    assert json.loads(spaces.as_json(answered))["is_vector_space"] is False
    drawn(spaces.picture(answered, "auto"))


def test_own_spaces_are_read_by_the_grammar_alone() -> None:
    own = usual(spaces.fields, space="own", n=1)
    for bad in ({"add": "u + v)"}, {"scale": "__import__('os').getpid()"}, {"member": "u1 >"}, {"add": "x + v"}):
        with pytest.raises(BadInput):
            spaces.ask({**own, "member": "", **bad})


def test_an_own_space_is_asked_apart() -> None:
    answered = spaces.ask(usual(spaces.fields, space="own", n=1, add="u*v", scale="u**a", member="u > 0"))
    assert answered["json"]["is_vector_space"] is True and answered["kind"] == "good"


def test_work_apart_ends_in_time() -> None:
    values = usual(spaces.fields, space="own", n=1, add="log(exp(u) + exp(v))", scale="u + log(a)", member="")
    run = Apart("axioms", values=values)
    with pytest.raises(BadInput, match=r"within 0\.2 seconds"):
        run.wait(0.2)


def test_work_apart_ends_with_the_thread_that_asked() -> None:
    values = usual(spaces.fields, space="own", n=1, add="log(exp(u) + exp(v))", scale="u + log(a)", member="")
    begun: list[Apart] = []
    asker = threading.Thread(target=lambda: begun.append(Apart("axioms", values=values)))
    asker.start()
    asker.join()
    with pytest.raises(BadInput, match="stopped"):
        begun[0].wait(10)


def test_combinations_and_products() -> None:
    values = usual(spaces.fields, vectors="1 0 2; 0 1 1", coefficients="2 -1", wanted="0 0 1")
    said, shown = combining.combination(values)
    assert "(2, −1, 3)" in said and "no: w" in shown
    said, shown = combining.combination({**values, "wanted": "2 -1 3", "vectors": "1 0 2; 0 1 1; 2 -1 3",
                                         "coefficients": "1 1 1"})  # fmt: skip
    assert "yes: (2, −1, 3)" in shown and "no: the coefficients" in shown
    said, kind, _ = combining.products(values)
    assert kind == "bad" and "A B ≠ B A" in said
    assert combining.products({**values, "A": "2 0; 0 2"})[1] == "good"
    with pytest.raises(BadInput):
        combining.products({**values, "A": "1 2 3"})


@pytest.mark.parametrize(
    ("text", "kind"), [("y = a*x + b", "good"), ("y = a*x**2 + b*x + c", "good"), ("y = a*exp(b*x)", "bad"),
                       ("y = w1*x1**2 + w2*log(x2)", "good"), ("z = 1/(1 + exp(-(w1*x1 + w2*x2)))", "bad")]
)  # fmt: skip
def test_the_right_linearity_is_said(text: str, kind: str) -> None:
    formula = straight.read_formula(usual(straight.fields, formula=text))
    assert straight.summary(formula)[1] == kind
    table = straight.verdicts(formula)
    for name in (*formula.variables, *formula.parameters):
        judged = formula.linearity.of(name)
        assert f"{judged.verdict}</td>" in table and name in table


def test_points_are_fitted_as_numpy_does() -> None:
    values = usual(straight.fields)
    given = points.read_points(values["points"])
    made = curve.Fitted(straight.read_formula(values), given)
    a, b = np.polyfit(*np.array(given).T, 1)
    assert made.fit.values == pytest.approx({"a": a, "b": b}, rel=1e-9)
    for x, y, same, on in made.sticks():
        assert same == x and y - on == pytest.approx(y - (a * x + b), abs=1e-9)
    for part in (made.picture(), made.residuals()):
        drawn(part)
    assert "<mtable" in made.system() and json.loads(made.as_json())["rows"] == 20
    nonlinear = curve.Fitted(ub.Formula("y = a*exp(b*x)"), given)
    assert "no design matrix" in nonlinear.system()
    with pytest.raises(BadInput, match="one variable"):
        _ = curve.Fitted(ub.Formula("y = a*x1 + b*x2"), given).fit


def test_points_move_with_the_view_and_with_the_text() -> None:
    moving = points.Moving("0 1; 1 2")
    panel = Controls([Line("points", "0 1; 1 2", "Points", 1500)], {})
    view = points.plot(moving.points)
    view.points = [[0.0, 1.0], [1.0, 5.0]]  # dragged
    assert moving.settle(panel, view) == [[0, 1], [1, 5]] and panel.raw["points"] == "0 1; 1 5"
    panel.raw = {"points": "0 1; 1 5; 2 2"}  # typed
    assert moving.settle(panel, view) == [[0, 1], [1, 5], [2, 2]] == view.points
    panel.raw = {"points": "0 1; 1 nonsense"}
    with pytest.raises(BadInput):
        moving.settle(panel, view)
    assert moving.settle(panel, view) == [[0, 1], [1, 5], [2, 2]]
    panel.raw = {"points": "100 2000; 300 4000"}  # outside what is shown
    moving.settle(panel, view)
    assert view.x_range[0] <= 100 and view.x_range[1] >= 300 and view.y_range[1] >= 4000


def test_a_table_becomes_points() -> None:
    table = parse_table({"name": ["u", "v", "w"], "y": [1.0, 2.5, None], "t": [10, 20, 30], "z": [4.0, 5.0, 6.0]})
    assert points.table_points(table, "t", "z")[0] == [[10, 4], [20, 5], [30, 6]]
    found, said = points.table_points(table, "x", "y")  # no column x: the first two of numbers
    assert found == [[1, 10], [2.5, 20]] and "2 of the table's 3 rows" in said and "y across, t up" in said
    many = parse_table({"x": np.arange(200.0), "y": 3 * np.arange(200.0)})
    found, said = points.table_points(many, "x", "y")
    assert len(found) == points.MOST_POINTS and all(y == 3 * x for x, y in found) and "unbend check" in said
    for bad in ({"a": ["u", "v"], "b": [1.0, 2.0]}, {"a": [1.0, None], "b": [None, 2.0]}):
        with pytest.raises(BadInput):
            points.table_points(parse_table(bad), "x", "y")
    moving = points.Moving("0 1; 1 2")
    panel = Controls([Line("points", "0 1; 1 2", "Points", 1500)], {})
    moving.take(table, curve.names(ub.Formula("z = a*t + b")), panel)
    assert moving.settle(panel, points.plot(moving.points)) == [[10, 4], [20, 5], [30, 6]]
    panel.raw = {"points": "1 1; 2 2"}
    moving.take(table, ("t", "z"), panel)  # the same table again is not news
    assert panel.raw["points"] == "1 1; 2 2"


def test_points_are_written_as_they_are_read() -> None:
    some = [[123456.0, -0.00012345], [0.0, 1e-7], [-2.5, 3.0]]
    np.testing.assert_allclose(points.read_points(points.write_points(some)), some, rtol=1e-3)


@pytest.mark.parametrize("text", ["y = x", "y = a/(x - x)", "y = a", "z = 3", "log(y) = a*x", "y = step(a*x)"])
def test_odd_formulas_end_in_a_fit_or_in_one_plain_line(text: str) -> None:
    judged, problem = attempt(lambda: straight.judged(usual(straight.fields, formula=text)))
    assert judged and not problem
    made, problem = attempt(lambda: curve.Fitted(judged.formula, [[0, 1], [1, 2], [2, 4]]).system())
    assert (made or problem) and "\n" not in problem


def test_a_chain_collapses_to_its_closed_form() -> None:
    said, html = bend.chain(usual(bend.fields, depth=3, slope=2.0, shift=5.0))
    assert "8 x + 35" in said and "a³x + b(a² + a + 1) = 8 x + 35" in html


@pytest.mark.parametrize("inputs", ["1", "2"])
@pytest.mark.parametrize("h", ["identity", "relu", "step", "hard_tanh", "sigmoid", "gelu"])
def test_pieces_are_counted_and_drawn(h: str, inputs: str) -> None:
    values = usual(bend.fields, bend=h, inputs=inputs, layers=2, neurons=4, seed=3)
    said, kind, html = bend_pieces.pieces(values)
    svg = drawn(html)
    if h == "identity":
        assert kind == "good" and "collapse" in said
    elif h in ("sigmoid", "gelu"):
        assert "no straight pieces" in said
    else:
        count = ub.regions(bend_pieces.network(values), box=[[-3, 3]] * int(inputs)).count
        assert f"{count} straight pieces" in said
        if inputs == "2":
            assert len(list(svg.iter("{http://www.w3.org/2000/svg}polygon"))) == count


def test_a_neuron_says_its_numbers() -> None:
    said, html = bend.neuron(usual(bend.fields, h="sigmoid", x=1.0, w=2.0, b=-1.0))
    z = 1 / (1 + np.exp(-1))
    assert f"{z:.4g}" in said and f"{z * (1 - z):.4g}" in said
    drawn(html)
    for name in (*ub.activations, "own"):
        bend.neuron(usual(bend.fields, h=name, w=0.0))
    with pytest.raises(BadInput):
        bend.neuron(usual(bend.fields, h="own", own="y + 1"))


def test_every_slip_holds_and_stands_beside_what_is_written() -> None:
    assert len(slips.slips()) == 15
    for name in ("E01", "E07", "E12", "E13"):  # the article's own tests run them all
        row = slips.ran(name)
        assert slips.verdict(row)[1] == "good" and "`" not in slips.beside(row) and row.outcome.lines
        compile(slips.python(name), name, "exec")


def test_code_that_is_taken_away_runs() -> None:
    own = {"space": "own", "n": 1, "add": "u*v", "scale": "u**a", "member": "u > 0"}
    straight_values = usual(straight.fields)
    made = curve.Fitted(straight.read_formula(straight_values), points.read_points("0 1; 1 2; 2 4"))
    for code in (
        spaces.python(usual(spaces.fields)),
        spaces.python(usual(spaces.fields, **own)).replace("print(ub.check_axioms(space))", ""),
        combining.combination_python(usual(spaces.fields, vectors="1/2 0; 0 1")),
        made.python(),
        straight.python(ub.Formula("y = a*x + b", variables=["x"])),
        bend_pieces.python(usual(bend.fields, bend="relu")),
        bend_pieces.python(usual(bend.fields, bend="sigmoid")),
    ):
        exec(compile(code, "taken", "exec"), {"print": lambda *_: None})


def test_a_fit_starts_when_the_button_is_pressed_and_not_when_it_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[dict[str, Any]] = []

    class Begun:
        done, problem = False, ""

        def __init__(self, job: str, **given: Any) -> None:
            begun.append(given)

        def stop(self) -> None:
            begun.append({})

    monkeypatch.setattr(fitting, "Apart", Begun)
    runs = fitting.Runs()
    assert [runs.asked(count, {"seed": k}) for k, count in enumerate((0, 1, 1, 0, 0, 1))] == [0, 1, 0, 0, 0, 1]
    assert begun == [{"seed": 1}, {}, {"seed": 5}]


def test_tables_and_targets() -> None:
    table = fitting.dropped("../../data/내 표.csv", b"a,b\n1,2\n3,4\n")
    assert table.name == "내 표.csv" and table.columns == ("a", "b") and table.rows == 2
    fields, column, problem = fitting.asking(fitting.fields(), table, "a")
    target = next(field for field in fields if field.name == "target")
    assert (target.default, target.read("a"), column, problem) == ("b", "a", "a", "")
    assert "nonsense" in fitting.asking(fitting.fields(), table, "nonsense")[2]
    for content in (b"", b"\x00\x01\x02" * 50, b"a,b\n1\n2,3,4\n", b'a,"b\n1,2\n'):
        with pytest.raises(BadInput):
            fitting.dropped("broken.csv", content)
    assert fitting.shipped("concrete").rows == 1030
