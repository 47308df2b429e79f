"""The documentation: it builds strictly, says the same in both languages, and every block of code in it runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from unbend.cli import run

ROOT = Path(__file__).parents[2]
PAGES = sorted(page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md") if ".ko" not in page.suffixes)
_BLOCK = re.compile(r"```(python|sh|text)\n(.*?)```", re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str]]:
    """(kind, text) of every block that is run or printed."""
    return _BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))


def code(page: Path) -> list[tuple[str, str]]:
    """The same without comments, which are in the page's language."""
    return [(kind, re.sub(r" *# .*", "", text)) for kind, text in blocks(page)]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_both_languages_have_the_same_code(page: Path) -> None:
    korean = page.with_suffix(".ko.md")
    assert code(page) == code(korean)
    assert re.search("[가-힣]", (ROOT / "docs" / korean).read_text(encoding="utf-8"))
    if page.name == "api.md":  # made from docstrings, which are in English
        return
    headings = [len(re.findall(r"^#+ ", (ROOT / "docs" / p).read_text(encoding="utf-8"), re.M)) for p in (page, korean)]
    assert headings[0] == headings[1]


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=str)
def test_every_code_block_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__docs__"}
    printed = ""
    for kind, text in blocks(page):
        if kind == "text":
            assert printed == text
        elif kind == "python":
            exec(compile(text, str(page), "exec"), names)
            printed = capsys.readouterr().out
        else:
            for line in text.strip().splitlines():
                program, *arguments = shlex.split(line)
                assert program == "unbend" and run(arguments) == 0, line
            capsys.readouterr()


def test_site_builds_in_strict_mode(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the site is built where MkDocs is installed")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False,
                           env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})  # fmt: skip
    assert built.returncode == 0, built.stderr[-3000:]
    pages = {p.relative_to(tmp_path / "site").as_posix() for p in (tmp_path / "site").rglob("index.html")}
    assert {"index.html", "ko/index.html", "how-to/table/index.html", "ko/limits/index.html"} <= pages
    for page in (tmp_path / "site").rglob("*.html"):  # nothing is fetched from elsewhere
        outside = re.findall(
            r"<(?:script|img|link)[^>]+(?:src|href)=\"https?://[^\"]+", page.read_text(encoding="utf-8")
        )
        assert not [tag for tag in outside if "canonical" not in tag and "alternate" not in tag], page
