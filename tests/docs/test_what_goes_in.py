"""The page of odd inputs says what the program says, in both languages; and its places are tested."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

pytest.importorskip("openpyxl")
pytest.importorskip("pandas")
ROOT = Path(__file__).parents[2]
MADE = runpy.run_path(str(ROOT / "docs" / "make_what_goes_in.py"))


@pytest.mark.parametrize(("language", "name"), [("en", "what-goes-in.md"), ("ko", "what-goes-in.ko.md")])
def test_the_page_is_what_is_said(language: str, name: str) -> None:
    page = MADE["page"](language)
    assert page == (ROOT / "docs" / name).read_text(encoding="utf-8"), "python docs/make_what_goes_in.py"
    refused = [line for line in page.splitlines() if re.search(r"\| (error|오류): ", line)]
    assert len(refused) >= 12 and not any("Traceback" in line or "object at" in line for line in refused)


def test_each_place_names_its_test() -> None:
    tests = {
        name
        for folder in ("anywhere", "cli")
        for path in (ROOT / "tests" / folder).glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {place[-1] for place in MADE["PLACES"]} <= tests
