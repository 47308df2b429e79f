"""What a shell sees of the command line: help, verbosity, settings files, completion, diagnosis, faults of input."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from unbend.cli import COMMANDS, run
from unbend.cli.numbers import seconds
from unbend.cli.wrapping import wrap

pytestmark = pytest.mark.usefixtures("quick")
FIT = ["fit", "t.csv", "--target", "y", "--budget", "60"]
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rows = [f"{i % 7},{i % 5},{3 * (i % 7) - i % 5 + i % 3}" for i in range(40)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["a,b,y", *rows]) + "\n")
    return path


# help and faults -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["-h"], ["help"], ["--help"]])
def test_help_lists_the_commands(arguments: list[str], capsys: Captured) -> None:
    assert run(arguments) == 0
    printed = capsys.readouterr().out
    assert all(command in printed for command in COMMANDS)


@pytest.mark.parametrize("arguments", [["predict", "-h"], ["help", "predict"], ["help", "predict", "--lang", "en"]])
def test_help_of_a_command(arguments: list[str], capsys: Captured) -> None:
    assert run(arguments) == 0
    assert "--interval" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fti", "t.csv"], "unbend fit"),
        (["help", "explian"], "unbend explain"),
        (["zzz"], "doctor"),
        (["axioms", "--field", "complex"], "rational"),
        (["axioms", "R3", "--field", "rational"], "--dimension"),
        (["bench", "--only", "nothing"], "widths"),
        (["bench", "--only", ""], "widths"),
        ([*FIT, "--budget", "1,5"], "60 is usual"),
        ([*FIT, "--out", "/proc/x"], "/proc/x"),
        (["predict", "model", "t.csv", "--out", "/proc/x/p.csv"], "/proc/x"),
    ],
)
def test_faults_are_one_line_that_says_what_to_do(arguments: list[str], words: str, capsys: Captured) -> None:
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == "" and words in said.err and len(said.err.splitlines()) == 1


def test_a_place_that_can_be_written_is_left_as_it_was(tmp_path: Path, capsys: Captured) -> None:
    assert run(["predict", "absent", "t.csv", "--out", "new/folder/p.csv"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
    assert "absent" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "value"), [("8,960", 8960), ("8960", 8960), ("1,234,567.5", 1234567.5), ("0.5", 0.5)])
def test_seconds_may_group_thousands(text: str, value: float) -> None:
    assert seconds(text) == value


def test_lines_are_broken_at_spaces_that_part_nothing() -> None:
    together = ["88.5\N{NO-BREAK SPACE}%", "60 s;", "--time Start_date", "(p = 0.2", "--budget 40)"]
    text = "The gain is " + " or ".join(together) + " 두 가지."
    for width in range(1, 60):
        lines = wrap(text, width).split("\n")
        assert all(any(part in line for line in lines) for part in together)
        assert all(len(line) <= width or line in together or " " not in line for line in lines)
        assert " ".join(lines) == text


# verbosity -----------------------------------------------------------------------------------------------------------


def test_quiet_prints_the_same_answer_and_nothing_beside_it(capsys: Captured) -> None:
    assert run([*FIT, "--drop", "b"]) == 0
    usual = capsys.readouterr()
    assert "b (as requested)" in usual.err
    assert run([*FIT, "--drop", "b", "-q"]) == 0
    quiet = capsys.readouterr()
    assert (quiet.out, quiet.err) == (usual.out, "")


def test_verbose_tells_the_phases_once(capsys: Captured) -> None:
    assert run([*FIT, "-v", "-o", "o"]) == 0
    said = capsys.readouterr().err
    lines = said.splitlines()
    assert "40 rows" in said and "a: number" in said and "repeat 1, " in said
    assert len(lines) == len(set(lines))
    assert logging.getLogger("unbend").level == logging.NOTSET


def test_the_log_says_the_same_in_python(table: Path, caplog: pytest.LogCaptureFixture) -> None:
    import unbend

    with caplog.at_level("INFO", logger="unbend"):
        unbend.fit(table, target="y", budget=60)
    assert any("repeat 1, " in message for message in caplog.messages)


LEVEL_ALONE = """
import logging, unbend.log
logging.getLogger("unbend").warning("not asked for")
logging.getLogger("unbend").setLevel("INFO")
unbend.log.info("cli.took", seconds="1")
logging.basicConfig(format="set up: %(message)s")
unbend.log.info("cli.took", seconds="2")
"""


def test_setting_a_level_is_enough() -> None:
    done = subprocess.run([sys.executable, "-c", LEVEL_ALONE], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == ["1 s", "set up: 2 s"]


# settings files ------------------------------------------------------------------------------------------------------


def test_saved_settings_repeat_the_run(capsys: Captured) -> None:
    options = ["--model", "network", "--seed", "3", "--drop", "b", "--json"]
    assert run([*FIT, *options, "--save-settings", "s.toml"]) == 0
    first = json.loads(capsys.readouterr().out)
    saved = tomllib.loads(Path("s.toml").read_text())
    expected = {
        "target": "y",
        "model": "network",
        "budget": 60.0,
        "seed": 3,
        "drop": ["b"],
        "trees": False,
        "skip-bad": False,
    }
    assert saved == expected
    assert run(["fit", "t.csv", "--settings", "s.toml", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert {k: v for k, v in first.items() if k != "seconds"} == {k: v for k, v in again.items() if k != "seconds"}
    assert run(["fit", "t.csv", "--seed", "4", "--settings", "s.toml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seed"] == 4


def test_a_settings_file_is_not_read_unless_it_is_named(capsys: Captured) -> None:
    Path("unbend.toml").write_text('target = "nonsense"\n')
    assert run([*FIT, "--json", "-q"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 40


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('target = "y"\nbudgett = 3\n', ["line 2", "'budgett'", "budget"]),
        ('target = "y"\n\nzzz = 3\n', ["line 3", "'zzz'", "target"]),
        ("seed = 1.5\n", ["line 1", "seed", "1.5"]),
        ("seed = true\n", ["line 1", "seed"]),
        ("[fit]\nseed = 1\n", ["line 1", "'fit'"]),
        ('budget = "1,5"\n', ["line 1", "budget", "60"]),
        ("drop = [1, [2]]\n", ["line 1", "drop"]),
        ("target = y\n", ["line 1", "TOML"]),
        ('out = "o"\n', ["line 1", "'out'"]),
    ],
)
def test_a_fault_in_a_settings_file_names_its_line(text: str, words: list[str], capsys: Captured) -> None:
    Path("s.toml").write_text(text)
    assert run(["fit", "t.csv", "--settings", "s.toml"]) == 2
    said = capsys.readouterr().err
    assert all(word in said for word in ["s.toml", *words]) and len(said.splitlines()) == 1


def test_a_settings_file_that_cannot_be_read(capsys: Captured) -> None:
    assert run(["fit", "t.csv", "--settings", "absent.toml"]) == 2
    assert "absent.toml" in capsys.readouterr().err


# doctor and completion -----------------------------------------------------------------------------------------------


def test_doctor_finds_what_is_wrong(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    from unbend.cli import diagnosis

    monkeypatch.setitem(diagnosis.ESSENTIAL, "no-such-package", "no_such_package")
    monkeypatch.setenv("UNBEND_CACHE", "/proc/cache")
    monkeypatch.setenv("UNBEND_THREADS", "many")
    assert run(["doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    assert ["no-such-package" in text for text in found["problems"]] == [True]
    assert len(found["warnings"]) >= 2
    assert found["folders"]["cache_writable"] is False
    assert found["machine"]["compiler"] is True


@pytest.mark.parametrize("language", ["en", "ko"])
def test_doctor_is_content_here(language: str, capsys: Captured) -> None:
    assert run(["doctor", "--lang", language]) == 0
    said = capsys.readouterr().out
    assert "numpy" in said and "llvmlite" in said and ("컴퓨터" in said) == (language == "ko")


@pytest.mark.parametrize(
    ("line", "expected"),
    [("unbend pre", "predict"), ("unbend fit --bud", "--budget"), ("unbend article --js", "--json")],
)
def test_the_shell_completes(line: str, expected: str) -> None:
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1), "_UNBEND_COMPLETE": "complete_bash"}
    done = subprocess.run([sys.executable, "-m", "unbend"], env=os.environ | words, capture_output=True, text=True)
    assert expected in done.stdout.split()


def test_completion_can_be_installed(tmp_path: Path) -> None:
    environment = os.environ | {"HOME": str(tmp_path), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "unbend", "--install-completion", "bash"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "installed" in done.stdout
    assert "_UNBEND_COMPLETE" in (tmp_path / ".bash_completions" / "unbend.sh").read_text()


def test_places_of_one_run_are_no_settings() -> None:
    import inspect

    from unbend.cli.fit import fit
    from unbend.cli.settings_file import NOT_SAVED

    parameters = inspect.signature(fit).parameters.values()
    paths = {parameter.name for parameter in parameters if "Path" in str(parameter.annotation).split(",")[0]}
    assert {"out", "checkpoint"} <= paths <= NOT_SAVED
