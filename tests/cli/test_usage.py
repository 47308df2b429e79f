"""Help pages and errors of usage: in the language in use throughout, one line, as wide as the terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from unbend.cli import COMMANDS, run

Captured = pytest.CaptureFixture[str]
FIT = ["fit", "t.csv", "--target", "y"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_korean_throughout_and_fits_the_width(
    command: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run([*command.split(), "--help", "--lang", "ko"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("사용법: unbend") and "이 도움말을 보이고 끝냅니다." in page
    assert not re.search(r"Usage|Options|Arguments|Show|Install|default:|required", page)
    for option in re.split(r"\n  (?=-)", page)[1:]:
        assert re.search("[가-힣]", option)
    assert max(cell_len(line) for line in page.splitlines()) <= 80


def test_without_a_command_the_help_is_printed_once(capsys: Captured) -> None:
    assert run([]) == 0
    assert capsys.readouterr().out.count("Usage:") == 1


USAGE = {
    "lab --port 0": ("--port: a number in this range", "--port: 여기에는 이 범위의 수"),
    "fit": ("the argument DATA is missing", "인자 DATA가 빠졌습니다"),
    "fit t.csv -t y more words": ("takes: more words", "많습니다: more words"),
    "fit t.csv --budge 3": (
        "no option --budge; did you mean --budget?",
        "--budge 옵션은 없습니다. 혹시 --budget인가요?",
    ),
    "fit t.csv --zzz": ("there is no option --zzz.", "--zzz 옵션은 없습니다."),
    "fit t.csv --seed": ("--seed needs a value", "--seed 옵션 뒤에는 값이"),
    "fit t.csv --json=3": ("--json takes no value", "--json 옵션은 값을 받지"),
    "fit t.csv --seed 1.5": ("--seed: a whole number", "--seed: 여기에는 0이나 42 같은 정수"),
    "predict m t.csv --interval x": ("--interval: a number", "--interval: 여기에는 0.9 같은 수"),
    "fit t.csv --budget x": ("--budget: the budget is a number", "--budget: 예산은"),
}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("line", USAGE)
def test_errors_of_usage_are_in_the_language_in_use(line: str, language: str, capsys: Captured) -> None:
    assert run([*line.split(), "--lang", language]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1 and USAGE[line][language == "ko"] in said.err
    assert f"'unbend {line.split()[0]} --help'" in said.err


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_settings_file_with_a_wrong_number(language: str, capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("seed = 1.5\n")
    assert run([*FIT, "--settings", "s.toml", "--lang", language]) == 2
    assert ("a whole number" if language == "en" else "정수") in capsys.readouterr().err
