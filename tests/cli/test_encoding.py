"""Standard output that is not UTF-8: Windows pipes (CP949, CP1252), ``LANG=C``."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from unbend.cli import run as cli_run
from unbend.cli.encoding import tolerate_encodings


def run(encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run([sys.executable, "-m", "unbend", *arguments], env=environment, capture_output=True)


@pytest.mark.parametrize(("encoding", "language"), [("cp949", "ko"), ("ascii", "en")])
def test_an_answer_is_printed_by_a_process_in_any_encoding(encoding: str, language: str) -> None:
    done = run(encoding, "article", "A12", "--lang", language)
    assert done.returncode == 0, done.stderr
    assert b"A12" in done.stdout and b"Traceback" not in done.stderr
    done.stdout.decode(encoding)


@pytest.mark.parametrize("encoding", ["cp949", "cp1252", "latin-1", "ascii"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_answer_is_printed_in_any_encoding(encoding: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    tolerate_encodings()
    assert cli_run(["article", "A12", "--lang", language]) == 0
    sys.stdout.flush()
    assert b"A12" in raw.getvalue()
    raw.getvalue().decode(encoding)


def test_similar_characters_replace_those_that_cannot_be_encoded() -> None:
    tolerate_encodings()
    assert "gain −4.9\u00a0% … 1×2 ✓ 나".encode("ascii", "unbend.substitute") == b"gain -4.9 % ... 1x2 v ?"
