"""``unbend check``: what it prints, the picture, JSON, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from unbend.cli.check import check
from unbend.errors import BadInput


def run(*arguments: str) -> Any:
    app = typer.Typer()
    app.command()(check)
    return CliRunner().invoke(app, list(arguments), standalone_mode=False)


@pytest.fixture
def table(tmp_path: Path) -> str:
    rows = "\n".join(f"{x},{x * x - 2 * x + 1 + (0.01 if x % 2 else -0.01)}" for x in range(8))
    (tmp_path / "t.csv").write_text(f"x,y\n{rows}\n")
    return str(tmp_path / "t.csv")


def test_verdicts_system_and_fit(table: str, tmp_path: Path) -> None:
    result = run("y = a*x**2 + b*x + c", "--data", table, "--plot", str(tmp_path / "p.png"))
    assert result.return_value == 0
    for part in (
        "nonlinear",
        "affine",
        "all parameters jointly (a, b, c): linear",
        "A = [ x**2  x  1 ]",
        "std. error",
    ):
        assert part in result.stdout
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    assert "p.png" in result.stderr and "p.png" not in result.stdout


def test_not_linear_exits_with_1(table: str) -> None:
    assert run("y = a*exp(b*x)").return_value == 1
    assert run("y = a*exp(b*x) + c", "--data", table).return_value == 1
    assert run("y = 2*x").return_value == 0


def test_json(table: str) -> None:
    result = run("y = a*x + b", "--data", table, "--json")
    answer = json.loads(result.stdout)
    assert answer["verdicts"]["x"]["verdict"] == "affine"
    assert answer["together"]["parameters"]["verdict"] == "linear"
    assert set(answer["fit"]["values"]) == {"a", "b"}
    assert answer["fit"]["dof"] == 6


@pytest.mark.parametrize("suffix", ["svg", "pdf"])
def test_pictures_of_other_kinds(table: str, tmp_path: Path, suffix: str) -> None:
    run("y = a*exp(b*x) + c", "--data", table, "--plot", str(tmp_path / f"p.{suffix}"))
    assert (tmp_path / f"p.{suffix}").stat().st_size > 1_000


def test_picture_over_several_variables_with_korean_names(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("나이,키,무게\n1,2,3\n2,3,5\n3,5,9\n4,7,11\n", encoding="utf-8")
    result = run("무게 = a*나이 + b*키", "--data", str(tmp_path / "t.csv"), "--plot", str(tmp_path / "p.png"))
    assert result.return_value == 0 and (tmp_path / "p.png").exists()


@pytest.mark.parametrize(
    "arguments", [["y = a*(x"], ["y = a*x", "--plot", "p.png"], ["y = a*z", "--data", "no-such-file.csv"]]
)
def test_bad_input_is_raised(arguments: list[str]) -> None:
    assert isinstance(run(*arguments).exception, BadInput)


def test_bad_picture(table: str, tmp_path: Path) -> None:
    for place in (tmp_path / "p.bmp", tmp_path / "no" / "p.png"):
        assert isinstance(run("y = a*x", "--data", table, "--plot", str(place)).exception, BadInput)


@pytest.mark.parametrize(("formula", "hint"), [("y = ax + b", "a*x"), ("y = mu*x + b", None), ("y = abc*x", None)])
def test_a_product_written_as_one_name(formula: str, hint: str | None) -> None:
    assert (f"{hint}" in run(formula).stderr) if hint else ("one name" not in run(formula).stderr)


def test_a_column_with_a_dot() -> None:
    with pytest.raises(BadInput, match=r"for the column Sepal\.Length write Sepal_Length"):
        raise run("y = a*Sepal.Length").exception
