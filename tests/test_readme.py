"""The README's code runs and prints what the README says, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMES = ("README.md", "README.ko.md")
_BLOCK = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def blocks(name: str) -> list[tuple[str, str]]:
    return _BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))


def test_readmes_have_identical_code_and_output() -> None:
    plain = [[(re.sub(r"#.*", "", code), out) for code, out in blocks(name)] for name in NAMES]
    assert plain[0] == plain[1]
    assert len(plain[0]) >= 2
    shell = [
        re.findall(r"^python3 -m venv .*$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE) for name in NAMES
    ]
    assert shell[0] == shell[1]
    assert len(shell[0]) == 2


@pytest.mark.parametrize("index", range(1, len(blocks("README.md"))))
def test_code_prints_readme_output(
    index: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, output = blocks("README.md")[index]
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == output


def test_demo_gives_readme_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn")
    code, output = blocks("README.md")[0]
    exec(compile(code, "README.md", "exec"), {})
    shown = capsys.readouterr().out
    # float32 training differs between processors in its last digits, which early stopping can make larger
    found, wanted = (re.findall(r"Result\((\w+); gain (-?\d+\.\d+)", text) for text in (shown, output))
    assert [verdict for verdict, _ in found] == [verdict for verdict, _ in wanted]
    assert [float(gain) for _, gain in found] == pytest.approx([float(gain) for _, gain in wanted], abs=0.05)
