"""Five people use the lab: a learner, a teacher, an analyst with a messy CSV, one on a phone, one by keyboard alone.

    python benchmarks/lab_journeys.py [--out benchmarks/results] [--pictures FOLDER] [--only learner,phone]

Each is played in Chromium by what a person does: clicks, keys, taps, files dropped. What is written down was read from
the page after each step. A step that fails ends the script. Writes the part "Five journeys" of ``lab.md``.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab import QUIET, lab
from machine import machine
from sections import write_section
from static_page import PAGE

LESSON = """# Slopes

## A kink
page: bend?h=relu&_hide=chain,pieces,all,models,export

Move **x** and watch `h(y)`.

### Where is the kink?
- [x] At x = -b/w
- [ ] At x = 1

It is where `w x + b` is 0.
"""
# a line of title, semicolons, decimal commas, gaps, a unit, a category, an empty line
MESSY = "Sales by shop, 2024;;;;\n;;;;\nshop;area m²;rent;city;sales\n" + "".join(
    ";".join(
        (
            str(k),
            f"{40 + 7 * (k % 13)}.5",
            f"{900 + 31 * (k % 29)}.2" if k % 17 else "n/a",
            ("Seoul", "Busan", "Daegu")[k % 3],
            f"{80 + 14 * (k % 13) + 0.31 * (k % 29) + 20 * (k % 3):.1f}",
        )
    ).replace(".", ",")
    + "\n"
    for k in range(1, 121)
)
Step = tuple[str, str]
Journey = Callable[[Any, str, Path], list[Step]]


def text(page: Any, selector: str, most: int = 160) -> str:
    """What stands there, on one line."""
    found = page.locator(selector).first
    found.wait_for()
    said = " ".join(str(found.inner_text()).split()).replace("|", "\\|")
    return said if len(said) <= most else said[: most - 1] + "…"


def learner(page: Any, address: str, folder: Path) -> list[Step]:
    page.goto(f"{address}?lang=en")
    own = page.locator(".lab-start", has_text="From one neuron")
    steps = [("opens the lab", f"“{own.locator('h2').inner_text()}”, {own.locator('li').count()} steps")]
    own.locator(".go").click()
    for number in range(1, 9):
        title = text(page, "#root .lab-lesson h2")
        page.locator("#root .lab-lesson .question input").first.check()
        said = text(page, "#root .lab-lesson .said")
        hidden = page.locator("#root .lab-lesson .answer p").first.is_hidden()
        steps.append(
            (
                f"step {number}, “{title}”: answers with the first choice",
                f"“{said}”; {'no answer' if hidden else 'the answer appears below'}",
            )
        )
        page.locator(f"#root .lab-lesson .{'next' if number < 8 else 'done'}").click()
        page.wait_for_url(f"**step={number + 1}**" if number < 8 else "**/?lang=en")
    return [*steps, ("“back to the start”", f"“{text(page, 'h1')}”")]


def teacher(page: Any, address: str, folder: Path) -> list[Step]:
    page.goto(f"{address}?lang=en")
    own = page.locator(".lab-start", has_text="Slopes")
    steps = [
        ("writes `my.md`, starts `unbend lab --lesson my.md`", f"the front page offers “{text(page, '.lab-start h2')}”")
    ]
    own.locator(".go").click()
    sliders = page.locator("#root [data-name=x], #root [data-name=w]")
    sliders.first.wait_for()
    hidden = page.locator("[data-name=depth], [data-name=neurons], .lab-export").count()
    steps.append(("opens it", f"“{text(page, '#root .lab-lesson h2')}”; of the parts to be hidden, {hidden} are there"))
    page.goto(f"{address}bend/?lang=en&h=relu")
    page.locator("#root .lab-share-open").click()
    for name in ("chain", "pieces", "all"):
        page.locator(f"#root .lab-share input[value={name}]").uncheck()
    link = page.locator("#root .lab-share .link").input_value()
    steps.append(("on Bends, *Share this page*, takes three ticks away", f"the link ends in `{link.split('?')[1]}`"))
    page.goto(link)
    page.locator("#root [data-name=x]").wait_for()
    count = page.locator("#root h2:visible, #root h3:visible").count()
    return [*steps, ("opens the link as a pupil would", f"{count} headings are left; the slider x is there")]


def analyst(page: Any, address: str, folder: Path) -> list[Step]:
    path = folder / "sales.csv"
    path.write_text(MESSY, encoding="cp949")
    broken = folder / "broken.csv"
    broken.write_text("a,b\n1,2\n3,4,5\n")
    page.goto(f"{address}verdict/?lang=en")
    upload = page.locator(".ub-drop input[type=file]")
    upload.set_input_files(broken)
    steps = [("drops a broken file on Verdict", f"“{text(page, '.ub-drop p.problem')}”")]
    upload.set_input_files(path)
    heading = "h2:has-text('sales.csv')"
    steps.append(("drops `sales.csv`: CP949, a title line, `;`, decimal commas, gaps", f"“{text(page, heading)}”"))
    page.locator("[data-name=target] select").select_option("sales")
    page.locator("[data-name=fit] button").click()
    page.locator("iframe.lab-report").wait_for()
    answer = text(page, ".lab-verdict:not(.lab-problem) >> nth=-1", 400)
    steps.append(("chooses `sales`, leaves the 20 seconds, asks", f"“{answer}”"))
    page.goto(f"{address}playground/?lang=en")
    page.locator("summary:has-text('A table')").click()
    page.locator(".ub-drop input[type=file]").set_input_files(path)
    page.locator("[data-name=axis1] select").wait_for()
    page.locator("[data-name=target] select").select_option("sales")
    page.locator("[data-name=axis1] select").select_option("city")
    page.locator(".ub-runner [data-name=step]").click()
    page.locator(".ub-runner p:has-text('Epoch 1.')").wait_for()
    return [
        *steps,
        ("the same file in Playground, `city` as the first axis, one epoch", f"“{text(page, '.ub-runner p')}”"),
    ]


def phone(page: Any, address: str, folder: Path) -> list[Step]:
    page.goto(f"file://{PAGE}#lang=en")
    page.locator("body[data-ready]").wait_for()
    wide = page.evaluate("document.documentElement.scrollWidth")
    steps = [("opens the one file, 390 px wide", f"the page is {wide} px wide: nothing to scroll sideways")]
    page.locator(".thumbnail:has([value=spiral])").tap()
    page.locator("button.main").tap()
    page.wait_for_timeout(3_000)
    page.locator("button.main").tap()
    page.locator("button.main:text-is('Run')").wait_for()
    steps.append(
        ("taps the spiral, Run, and after 3 s Pause", f"epoch {text(page, '.epoch')}; {text(page, '.scores')}")
    )
    page.locator("[data-neuron='0 1']").tap()
    steps.append(
        (
            "taps a neuron",
            f"“{text(page, '.formula p', 60)}”, its map, {page.locator('.editor input').count()} numbers to edit",
        )
    )
    return steps


def keyboard(page: Any, address: str, folder: Path) -> list[Step]:
    keys = page.keyboard
    deepest = "let e = document.activeElement; while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;"
    at = f"(() => {{ {deepest} return e.dataset.neuron ?? e.textContent; }})()"
    page.goto(f"{address}playground/?lang=en")
    page.locator(".ub-network.mapped").wait_for()
    page.locator(".ub-export").wait_for()
    keys.press("Tab")
    steps = [("Playground of the lab: Tab", f"“{page.evaluate(at)}”")]
    keys.press("Enter")
    keys.press("ArrowDown")
    page.locator(".ub-runner p:has-text('Epoch 0.')").wait_for()
    steps.append(
        (
            "Enter, ↓",
            f"the first setting, the data set, is now `{page.locator('[data-name=data] select').input_value()}`",
        )
    )
    page.locator("h1").click()
    keys.press("Space")
    page.wait_for_timeout(3_000)
    keys.press("Space")
    page.locator(".ub-runner p:has-text('Epoch')").wait_for()
    steps.append(("Space, and after 3 s Space", f"“{text(page, '.ub-runner p')}”"))
    count = 0
    while count < 60:
        count += 1
        keys.press("Tab")
        if str(page.evaluate(at))[:3] == "0 0":
            break
    steps.append(
        (f"Tab until the picture of the network ({count} from there)", f"“{text(page, '.ub-network .formula p', 60)}”")
    )
    keys.press("ArrowRight")
    keys.press("End")
    steps.append(("→, End", f"neuron {page.evaluate(at)}: “{text(page, '.ub-network .formula p', 60)}”"))
    keys.press("Tab")
    after = page.evaluate(at)
    keys.press("?")
    page.locator(".lab-dialog[open]").first.wait_for()
    return [
        *steps,
        ("Tab, then `?`", f"one Tab leaves the picture, to “{' '.join(str(after).split())}”; the list of keys is open"),
    ]


JOURNEYS: dict[str, Journey] = {
    "learner": learner,
    "teacher": teacher,
    "analyst": analyst,
    "phone": phone,
    "keyboard": keyboard,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of each journey's end")
    parser.add_argument("--only", default=",".join(JOURNEYS))
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lesson = Path(folder) / "my.md"
        lesson.write_text(LESSON)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        with lab("--lesson", str(lesson)) as first_step:
            address = "/".join(first_step.split("/")[:3]) + "/"
            for name in options.only.split(","):
                small = name == "phone"
                width, height = (390, 844) if small else (1440, 900)
                context = browser.new_context(viewport={"width": width, "height": height}, has_touch=small)
                page = context.new_page()
                page.set_default_timeout(120_000)
                errors: list[str] = []
                page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
                steps = JOURNEYS[name](page, address, Path(folder))
                told += [f"| {name if k == 0 else ''} | {did} | {seen} |" for k, (did, seen) in enumerate(steps)]
                told.append(f"| | (errors of scripts meanwhile) | {len(errors)} |")
                print("\n".join(told[-len(steps) - 1 :]), flush=True)
                if options.pictures:
                    page.screenshot(path=options.pictures / f"{name}.png")
                context.close()
        version = browser.version
        browser.close()
    if options.only == ",".join(JOURNEYS):
        about = f"{machine(('marimo', 'playwright'))}; Chromium {version}. What the pages said, read by the script."
        write_section(
            options.out / "lab.md",
            "Five journeys",
            "\n".join([about, "", "| who | does | sees |", "|---|---|---|", *told]),
        )


if __name__ == "__main__":
    main()
