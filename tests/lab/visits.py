"""What a reader does on each page: one visit in English from the default state, one in Korean from a URL's state.

Every page is visited in both languages by ``test_pages.py``; a page without an entry here gets the general checks, with
a state that its own first control wrote into the URL.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

import unbend as ub
from unbend.lab.network import minibatch_demo
from unbend.words import catalogue

from .conftest import LAST, Open, Opened, with_message

RUN = ".ub-runner button.main"
STRAIGHT = "'a,b,y\\n' + Array.from({length: 80}, (_, i) => `${i % 20},${i % 7},${3 * (i % 20) - (i % 7)}`).join('\\n')"


@dataclass(frozen=True)
class Visit:
    """``state`` of the URL for the Korean visit, after which ``control`` shows ``value``; what ``hide`` takes away.

    ``problem`` stands in the notice on invalid URL values (none by default). ``english`` and ``korean`` are what a
    reader does then: called with the page, the ``browse`` fixture and a temporary folder.
    """

    state: Mapping[str, str] = field(default_factory=dict)
    control: str = ""
    value: str = ""
    hide: str = ""
    hidden: str = ""
    problem: str = ""
    english: Callable[[Opened, Open, Path], None] | None = None
    korean: Callable[[Opened, Open, Path], None] | None = None


def query(opened: Opened) -> dict[str, list[str]]:
    """The parameters of the URL as it is now."""
    return parse_qs(urlsplit(opened.page.url).query)


def network_formulas(opened: Opened, browse: Open, folder: Path) -> None:
    """A neuron shows the library's formula for the row and the steps chosen; every control is reached by Tab."""
    for name in ("row", "steps"):
        for _ in range(2):
            opened.page.locator(f"[data-name={name}] input").press("ArrowRight")
    opened.waits(".lab-verdict:has-text('Minibatch 2')")
    demo = minibatch_demo(4, "sigmoid", 2, 100, 0.5, 0)
    opened.waits(".ub-network .neuron[tabindex]").focus()
    formula = demo.net.formula(0, 0, numbers=True, x=demo.x[2], digits=4)
    shown = opened.waits(f".ub-network .formula:has-text({json.dumps(formula)})").inner_text()
    assert demo.net.formula(0, 0) in shown
    opened.page.keyboard.press("ArrowDown")
    opened.waits(".ub-network .formula:has-text('h2 =')")
    assert opened.page.locator(".ub-network [tabindex='0']").count() == 1
    reached = "(e) => { while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e.textContent; }"
    buttons = set(opened.waits(LAST).locator("button").all_inner_texts())
    for _ in range(60):  # by Tab on to the last control of the page
        opened.page.keyboard.press("Tab")
        buttons.discard(opened.page.evaluate(f"({reached})(document.activeElement)"))
        if not buttons:
            return
    raise AssertionError(f"not reached: {buttons}")


def spaces_bad_text(opened: Opened, browse: Open, folder: Path) -> None:
    """An invalid formula is named, and the page lives on."""
    opened.waits("[data-name=space] select").select_option("own")
    opened.waits("[data-name=B] input").fill("x")
    opened.waits(with_message(".lab-verdict.bad:has-text(\"'x'\")", "lab_pages.not_a_number"))
    opened.waits("[data-name=member] input").fill("__import__('os')")
    opened.waits(".lab-verdict.bad:has-text('__import__')")
    opened.waits("[data-name=space] select").select_option("two_crossing_lines")
    opened.waits("figcaption:has-text('V1')")
    opened.waits(".lab-verdict.bad:has-text('V1')")
    assert query(opened)["space"] == ["two_crossing_lines"]


def spaces_own_from_url(opened: Opened, browse: Open, folder: Path) -> None:
    """A space of the reader's own is restored from the URL and checked."""
    opened.waits(with_message(".lab-verdict.good", "spaces.is_one", "ko"))


def straight_points(opened: Opened, browse: Open, folder: Path) -> None:
    """The line follows a dragged point; the linearity of other formulas; points from a table."""
    text = opened.waits("[data-name=points] textarea")
    text.fill("0 0; 1 1; 2 2; 3 3")
    text.blur()
    opened.waits(".lab-verdict:has-text('a = 1, b = ')")
    before = opened.waits(".ub-plot .lines path").get_attribute("d")
    point = opened.page.locator(".ub-plot .movable").nth(3)
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = opened.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y + 80, steps=4)
    mouse.up()
    opened.until(
        "() => [...document.querySelectorAll('.lab-verdict')].some((v) => /a = 0\\.\\d|a = −/.test(v.textContent))"
    )
    assert opened.page.locator(".ub-plot .lines path").first.get_attribute("d") != before
    moved = query(opened)["points"][0]
    assert moved.startswith("0 0; 1 1; 2 2; ") and not moved.endswith("; 3 3")

    formula = opened.waits("[data-name=formula] input")
    for text, sentence in (
        ("y = a*x**2 + b*x + c", "In a, b, c: linear"),
        ("y = a*exp(b*x)", "In a, b: nonlinear"),
        ("y = a*x**", "the formula ends"),
        ("y = a*x1 + b*x2", "In a, b: linear"),
    ):
        formula.fill(text)
        opened.waits(f'.lab-verdict:has-text("{sentence}")')
    opened.waits(with_message(".lab-verdict", "lab_pages.one_variable"))
    formula.fill("y = a*x + b")
    opened.page.locator(with_message("summary", "lab_pages.points_table")).click()
    opened.drop("line.csv", "'x,y\\n0,1000\\n1,1003\\n2,1006\\n'")
    opened.waits(".lab-verdict:has-text('a = 3, b = 1000')")
    assert query(opened)["points"] == ["0 1000; 1 1003; 2 1006"]
    opened.drop("words.csv", "'u,v\\na,b\\nc,d\\n'")
    opened.waits(with_message(".lab-verdict.bad", "lab_pages.two_columns"))


def bend_keys(opened: Opened, browse: Open, folder: Path) -> None:
    """The pieces follow the sliders' keys; without a bend they collapse."""
    pieces = opened.waits(with_message(".lab-verdict", "lab_pages.pieces_are", "ko")).inner_text()
    slider = opened.waits("[data-name=neurons] input")
    slider.press("End")
    opened.until("(old) => [...document.querySelectorAll('.lab-verdict')].every((v) => v.textContent !== old)", pieces)
    assert "neurons=12" in opened.page.url and slider.input_value() == "12"
    opened.waits("[data-name=bend] select").select_option("identity")
    opened.waits(".lab-verdict.good:has-text('y = ')")
    opened.page.emulate_media(color_scheme="dark")  # what is drawn for white paper stands on white
    white = "(e) => getComputedStyle(e).backgroundColor === 'rgb(255, 255, 255)'"
    opened.until(f"[...document.querySelectorAll('figure svg')].every({white})")
    opened.page.emulate_media(color_scheme="light")


def playground_tabs_and_own_tables(opened: Opened, browse: Open, folder: Path) -> None:
    """Runs, pauses, steps; another tab has a run of its own; a reader's table is trained on, bad ones are named."""
    second = browse("playground", data="hills", seed="7")
    opened.page.bring_to_front()
    opened.waits(RUN)
    opened.page.keyboard.press("Space")  # wherever the focus is, but on a control
    opened.waits(with_message(".ub-runner p", "lab_playground.learning"))
    opened.waits(RUN).focus()
    opened.page.keyboard.press("Space")
    opened.waits(".ub-runner p:has-text('Epoch')")
    done = epoch(opened)
    assert done > 0
    playground_settings_and_divergence(second)
    assert epoch(opened) == done
    opened.page.locator(".ub-runner [data-name=keep]").click()
    opened.waits(with_message(".ub-runner table", "lab_playground.comparison_column"))
    opened.page.locator(".ub-runner [data-name=reset]").click()
    opened.waits(".ub-runner p:has-text('Epoch 0.')")

    opened.page.locator(with_message("summary", "lab_playground.own_table")).click()
    upload = opened.waits(".ub-drop input[type=file]")

    def give(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)
        upload.set_input_files(folder / name)

    give("broken.csv", b"a,b\n1,2\n3,4,5\n")
    opened.waits(".ub-drop p.problem:has-text('broken.csv, line 3')")  # where it was dropped
    assert "data=own" not in opened.page.url
    give("empty.csv", b"")
    opened.waits(with_message(".ub-drop p.problem", "lab.table_empty"))
    give("large.csv", b"a,b\n" + b"1,2\n" * 12_500_000)
    opened.waits(".ub-drop p.problem:has-text('20 MB')")
    give("gaps.csv", table("price") + b"\nNaN,nan,NaN")
    opened.waits(".ub-runner p:has-text(\"'price' must be finite, but line 62 has nan\")")
    opened.drop("houses.csv", json.dumps(table("cost").decode()))
    opened.waits(with_message(".ub-runner table:has-text('cost')", "lab_playground.rmse"))
    assert opened.waits("[data-name=target] select").input_value() == "cost"
    opened.page.locator(".ub-runner [data-name=step]").click()
    opened.waits(".ub-runner p:has-text('Epoch 1.')")
    assert "data=own" in opened.page.url
    assert opened.page.locator(".ub-network .input .bias").all_text_contents() == ["width", "height"]
    opened.drop("later.csv", "'a,b\\n1\\n'")
    opened.waits(with_message(".ub-drop p.problem:has-text('later.csv')", "lab.table_stays"))
    assert "cost" in opened.text(".ub-runner table")
    opened.page.locator(with_message(".ub-drop button", "lab.table_remove")).click()
    opened.waits(with_message(".ub-runner table", "lab_playground.nats"))
    opened.waits("[data-name=target]", state="detached")

    opened.waits("[data-name=included] select").select_option("cars")  # a name, categories, 51 features with the names
    opened.waits(".ub-runner table:has-text('RMSE, unit of mpg')")
    opened.waits("[data-name=axis1] select").select_option("origin")
    opened.waits("[data-name=axis2] select").select_option("weight")
    opened.page.locator("[data-name=use1] input").check()
    opened.waits(".ub-network .input .bias:has-text('name=')")
    opened.waits(".ub-surface canvas[tabindex]").press("Home")
    opened.waits(".ub-surface p:has-text('At origin = Europe, weight = ')")
    for k in range(1, 9):
        opened.page.locator(f"[data-name=use{k}] input").uncheck()
    opened.waits(with_message(".ub-runner p", "lab.no_column_left"))
    opened.page.locator("[data-name=use5] input").check()
    opened.waits(".ub-runner p:has-text('Epoch 0.')")
    opened.waits("[data-name=included] select").select_option("")


def playground_settings_and_divergence(opened: Opened) -> None:
    """Controls are shown where they count; divergence is a sentence, and the page lives on."""
    opened.waits(".ub-runner p:has-text('Epoch 0.')")
    assert "R²" in opened.text(".ub-runner table")
    assert opened.page.locator(".ub-plot path.one").count() == 2  # the losses before anything is learned
    own = opened.page.locator("[data-name=own]")
    assert not own.is_visible()
    opened.page.locator("[data-name=a1] select").select_option("formula")
    assert own.is_visible()
    depth = opened.page.locator("[data-name=depth] input")
    depth.press("Home")  # no layer uses it any more
    assert not own.is_visible()
    opened.waits(".ub-runner p:has-text('Epoch 0.')")
    opened.page.locator(".ub-runner [data-name=step]").click()
    opened.waits(".ub-runner p:has-text('Epoch 1.')")

    depth.press("ArrowRight")
    for name, option in (("a1", "identity"), ("data", "plane"), ("optimizer", "sgd")):
        opened.page.locator(f"[data-name={name}] select").select_option(option)
    rate = opened.waits("[data-name=rate] input")
    rate.press("End")
    opened.waits(".ub-runner p:has-text('Epoch 0.')")
    opened.waits(RUN).click()
    diverged = with_message(".ub-runner p", "lab.diverged")
    opened.waits(diverged)
    opened.waits(".ub-runner button.main[data-running=false]")
    assert "nan" not in opened.text(".ub-runner table").lower()
    rate.press("Home")
    opened.waits(f".ub-runner p:not({diverged.removeprefix('.ub-runner p')})")
    opened.page.locator(".ub-runner [data-name=step]").click()
    opened.waits(".ub-runner p:has-text('Epoch 1.')")
    opened.check()


def playground_export(opened: Opened, browse: Open, folder: Path) -> None:
    """The model file, the HTML page and the Python code hold the same network."""
    opened.waits(with_message(".ub-surface .caption", "lab_playground.pieces_found", "ko"))
    with opened.page.expect_download() as saved:
        opened.waits(".ub-export button:has-text('safetensors')").click()
    path = folder / "network.safetensors"
    saved.value.save_as(path)
    net = ub.load(path)
    with opened.page.expect_download() as page:
        opened.page.locator(".ub-export button:has-text('HTML')").click()
    html = Path(page.value.path()).read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=\"(?!data:|#)", html) and net.formula(0, 0, numbers=True) in html
    opened.page.locator(".ub-export button").first.click()
    opened.waits(with_message(".ub-export p", "lab.export_copied", "ko"))
    code = opened.page.evaluate("navigator.clipboard.readText()")
    names: dict[str, Any] = {}
    exec(code.replace("print(", "answer = ("), names)
    assert np.array_equal(names["answer"], net([0.5, 0.5]))


def verdict_of_tables(opened: Opened, browse: Open, folder: Path) -> None:
    """What is no table is refused, what is one is fitted; the model is exported."""
    opened.drop("broken.csv", "'a,b\\n1,2\\n1,2,3\\n'")
    opened.waits(".ub-drop p.problem:has-text('broken.csv')")
    opened.waits("h2:has-text('concrete: 1,030 rows')")  # still
    opened.drop("large.csv", "new Uint8Array(5e7)")
    opened.waits(".ub-drop p:has-text('20 MB')")
    opened.drop("gaps.csv", "'a,y\\n' + 'nan,NaN\\n'.repeat(30)")
    opened.waits("h2:has-text('gaps.csv: 30 rows')")
    opened.waits("[data-name=budget] input").press("Home")
    opened.waits("[data-name=fit] button").click()
    opened.waits(".lab-verdict.bad")
    opened.drop("mine.csv", STRAIGHT)
    opened.waits("h2:has-text('mine.csv: 80 rows')")
    opened.waits("[data-name=target] select").select_option("y")
    opened.waits("[data-name=budget] input").press("Home")
    opened.waits("[data-name=fit] button").click()
    opened.waits("iframe.lab-report", 120)
    assert (
        opened.page.frame_locator("iframe.lab-report").locator("h1").inner_text()
        == catalogue("report")["straight_is_enough"]["en"]
    )
    opened.waits(with_message(".lab-verdict", "report.straight_is_enough"))
    opened.waits("[data-name=budget] input").press("End")
    opened.waits("[data-name=fit] button").click()
    opened.waits(with_message(".ub-progress button", "lab_pages.stop")).click()
    opened.waits(with_message(".lab-verdict.plain", "lab_pages.stopped_fit"))  # and the report before stays
    assert opened.page.locator("iframe.lab-report").get_attribute("title") == "The report: mine.csv, y"
    with opened.page.expect_download() as saved:
        opened.page.locator(".ub-export button:has-text('model.safetensors')").click()
    saved.value.save_as(folder / "model.safetensors")
    from unbend.verdict.model import Model

    assert Model.load(folder).target == "y"
    opened.page.locator(with_message(".ub-drop button", "lab.table_remove")).click()
    opened.waits("h2:has-text('concrete: 1,030 rows')")
    opened.waits(".ub-drop p:text-is('')", state="attached")


def verdict_unknown_target(opened: Opened, browse: Open, folder: Path) -> None:
    """A target column in the URL that the table does not have is named."""
    opened.waits(".lab-verdict.bad:has-text('nonsense')")


def slips_exported(opened: Opened, browse: Open, folder: Path) -> None:
    """Another slip is run; the page is exported as a file that needs nothing else."""
    opened.waits("[data-name=slip] select").select_option("E13")
    opened.waits(".lab-verdict.good:has-text('E13')")
    opened.waits("[data-name=slip] select").select_option("E12")
    opened.waits(".lab-verdict.good:has-text('E12')")
    with opened.page.expect_download() as saved:
        opened.waits(".ub-export button >> nth=1").click()
    saved.value.save_as(folder / "page.html")
    text = (folder / "page.html").read_text(encoding="utf-8")
    assert "E12" in text and "http://" not in text.replace("http://www.w3.org", "") and "https://" not in text


def epoch(opened: Opened) -> int:
    return int(opened.page.locator(".ub-runner tr:has(th:text-is('epoch')) td").first.inner_text())


def table(target: str, rows: int = 60) -> bytes:
    x = np.random.default_rng(0).normal(size=(rows, 2))
    return (f"width,height,{target}\n" + "\n".join(f"{a:.4f},{b:.4f},{2 * a - b:.4f}" for a, b in x)).encode()


def words_add_up(opened: Opened, browse: Open, folder: Path) -> None:
    """The words of a sentence are drawn as it is written; the bend is switched on; a table of one column is refused."""
    sentence = opened.waits("[data-name=sentence] input")
    sentence.fill("a silly plot")
    opened.waits(".text-words:has-text('silly')")
    sentence.fill("not a silly plot")
    opened.waits(".text-words:has-text('not')")
    opened.waits("[data-name=bend] input").check()
    opened.waits("td:has-text('not … silly')")
    assert query(opened)["bend"] == ["1"] and query(opened)["sentence"] == ["not a silly plot"]
    opened.drop("one.csv", "'only\\nx\\ny\\n'")
    opened.waits(with_message(".lab-verdict.bad", "lab_words.two_columns"))


VISITS: dict[str, Visit] = {
    "network": Visit(
        state={"hidden": "6"},
        control="[data-name=hidden] input",
        value="6",
        hide="rate,arrays",
        hidden="[data-name=rate], .lab-arrays",
        english=network_formulas,
    ),
    "words": Visit(
        state={"sentence": "재미있는 결말", "without": "1"},
        control="[data-name=sentence] input",
        value="재미있는 결말",
        hide="bends",
        hidden=".lab-part section",
        english=words_add_up,
    ),
    "spaces": Visit(
        state={"space": "own", "n": "1", "add": "u*v", "scale": "u**a", "member": "u > 0"},
        control="[data-name=space] select",
        value="own",
        hide="axiom,matrices",
        hidden="[data-name=axiom], [data-name=A]",
        english=spaces_bad_text,
        korean=spaces_own_from_url,
    ),
    "straight": Visit(
        state={"formula": "y = a*x**2"},
        control="[data-name=formula] input",
        value="y = a*x**2",
        hide="drag",
        hidden=".ub-plot, .ub-drop",
        english=straight_points,
    ),
    "bend": Visit(
        state={"bend": "relu", "layers": "2", "neurons": "3", "w": "99"},
        control="[data-name=neurons] input",
        value="3",
        hide="neuron,inputs,all,chain",
        hidden="[data-name=x], [data-name=slope], [data-name=depth], [data-name=inputs]",
        problem="99",
        korean=bend_keys,
    ),
    "playground": Visit(
        state={"n1": "3", "depth": "1", "pieces": "1", "a1": "relu"},
        control="[data-name=n1] input",
        value="3",
        hide="noise,table",
        hidden="[data-name=noise], .ub-drop",
        english=playground_tabs_and_own_tables,
        korean=playground_export,
    ),
    "verdict": Visit(
        state={"budget": "30", "target": "nonsense"},
        control="[data-name=budget] output",
        value="30",
        hide="drop,seed",
        hidden=".ub-drop, [data-name=seed]",
        english=verdict_of_tables,
        korean=verdict_unknown_target,
    ),
    "slips": Visit(
        state={"slip": "E07"},
        control="[data-name=slip] select",
        value="E07",
        hide="run,overview",
        hidden="[data-name=run], table",
        english=slips_exported,
    ),
}
