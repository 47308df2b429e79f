"""The same answer anywhere: homes, locales, terminals, interpreters' flags, threads, worker processes, full disks.

One small fit is the reference; each case runs it, or the command line, in an unusual place.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from joblib import Parallel, delayed

import unbend

SOURCES = str(Path(unbend.__file__).parents[1])
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has this")
ROWS = [(i % 7, i % 5, 3 * (i % 7) - i % 5 + i % 3) for i in range(40)]
TABLE = {name: [float(row[k]) for row in ROWS] for k, name in enumerate("aby")}


def small_fit(seed: int = 0) -> tuple[str, float, bytes]:
    """Verdict, gain and weights of a fit of a quarter of a second, whatever the clock says."""
    from unbend.verdict import Settings

    Settings.for_rows = classmethod(  # type: ignore[method-assign]
        lambda cls, rows: cls(members=2, hidden=(8,), batch_size=16, steps=60)
    )
    result = unbend.fit(TABLE, target="y", budget=60, seed=seed, by_clock=False)
    return result.verdict, result.gain, b"".join(layer.W.tobytes() for layer in result.network.model.network.layers)


@pytest.fixture(scope="module")
def reference() -> tuple[str, float, bytes]:
    """The fit alone, in the main thread of an ordinary process."""
    from unbend.verdict import Settings

    before = Settings.__dict__["for_rows"]
    try:
        return small_fit()
    finally:
        Settings.for_rows = before  # type: ignore[method-assign]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the table as t.csv."""
    monkeypatch.chdir(tmp_path)
    lines = [",".join(map(str, row)) for row in ROWS]
    (tmp_path / "t.csv").write_text("\n".join(["a,b,y", *lines]) + "\n")
    return tmp_path


def environment(changes: dict[str, str | None]) -> dict[str, str]:
    """This process's environment with ``changes``; None removes a variable."""
    merged = {**os.environ, "PYTHONPATH": SOURCES, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def python(*arguments: str, flags: tuple[str, ...] = (), **changes: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *flags, *arguments],
        env=environment(changes), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def command(*arguments: str, flags: tuple[str, ...] = (), **changes: str | None) -> subprocess.CompletedProcess[str]:
    return python("-m", "unbend", *arguments, flags=flags, **changes)


# environment and interpreter: a fit in a process of its own ----------------------------------------------------------

FIT_THERE = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_anywhere import small_fit
verdict, gain, weights = small_fit()
import hashlib
print(verdict, repr(gain), hashlib.sha256(weights).hexdigest())
"""
PLACES: dict[str, tuple[tuple[str, ...], dict[str, str | None]]] = {
    "no home, C locale, simple terminal, no docstrings": (
        ("-OO",),
        {"HOME": None, "XDG_CACHE_HOME": None, "LANG": "C", "LC_ALL": "C", "TERM": "dumb", "PYTHONUTF8": "0"},
    ),
    "warnings are errors, no assertions": (("-O",), {"PYTHONWARNINGS": "error"}),
    "development mode": (("-X", "dev"), {"PYTHONWARNINGS": "error"}),
}


@pytest.mark.parametrize(("flags", "changes"), PLACES.values(), ids=PLACES.keys())
def test_a_fit_is_the_same(
    flags: tuple[str, ...], changes: dict[str, str | None], reference: tuple[str, float, bytes]
) -> None:
    import hashlib

    done = python("-c", FIT_THERE, flags=flags, **changes)
    assert done.returncode == 0, done.stderr
    verdict, gain, weights = done.stdout.split()
    assert (verdict, float(gain)) == reference[:2]
    assert weights == hashlib.sha256(reference[2]).hexdigest()
    assert done.stderr == ""


COMPILE_TWICE = """
import numpy as np
import unbend as ub
x, net = np.ones((8, 1), "float32"), ub.Network([ub.Dense(1, 1)], seed=0)
ub.train(net, x, x, epochs=1, validation=0.5)  # a kernel of training and one of inference
"""


@LINUX
def test_a_cache_that_cannot_be_written_is_said_once() -> None:
    changes: dict[str, str | None] = {"XDG_CACHE_HOME": None, "UNBEND_CACHE": None, "UNBEND_ENGINE": "small"}
    done = python("-c", COMPILE_TWICE, HOME="/proc/nowhere", **changes)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("cannot be written") == 1 and len(done.stderr.splitlines()) == 1
    assert "/proc/nowhere" in done.stderr and "UNBEND_CACHE" in done.stderr


# threads and processes -----------------------------------------------------------------------------------------------


def test_two_threads_give_the_bits_of_one(reference: tuple[str, float, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    _restore_settings(monkeypatch)
    with ThreadPoolExecutor(2) as pool:
        first, other, again = pool.map(small_fit, [0, 1, 0])
    assert first == again == reference != other


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_joblib(backend: str, reference: tuple[str, float, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    _restore_settings(monkeypatch)
    assert Parallel(2, backend=backend)(delayed(small_fit)(0) for _ in range(2)) == [reference] * 2


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_multiprocessing(method: str, reference: tuple[str, float, bytes]) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system cannot {method}")
    if method == "fork":  # beside pytest's own threads: a process of its own forks (Python 3.12 warns of it there)
        code = FIT_THERE.replace("= small_fit()", "= multiprocessing.get_context('fork').Pool(1).apply(small_fit)")
        done = python("-W", "ignore", "-c", "import multiprocessing\n" + code)
        assert done.returncode == 0, done.stderr
        assert done.stdout.split()[1] == repr(reference[1])
        return
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.apply_async(small_fit).get(100) == reference


def _restore_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """`small_fit` changes the settings; the test's end puts them back."""
    from unbend.verdict import Settings

    monkeypatch.setattr(Settings, "for_rows", Settings.__dict__["for_rows"])


# output --------------------------------------------------------------------------------------------------------------

AXIOMS = ("axioms", "R3")


def test_a_reader_that_has_enough_ends_nothing_badly(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "unbend", *AXIOMS],
        env=environment({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@LINUX
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "unbend", *AXIOMS],
            env=environment({}), stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert "No space left" in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_file_on_a_full_disk_is_one_line_and_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from unbend import file_access
    from unbend.errors import ModelError

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file_access.os, "fsync", full)
    with pytest.raises(ModelError, match="No space left"):
        unbend.save(unbend.Network([unbend.Dense(1, 1)], seed=0), folder / "m.safetensors")
    assert [path.name for path in folder.iterdir()] == ["t.csv"]


TERMINALS: dict[str, dict[str, str | None]] = {
    "narrow": {"COLUMNS": "40"},
    "very narrow": {"COLUMNS": "8"},
    "no colour": {"NO_COLOR": "1", "FORCE_COLOR": None},
    "dumb": {"TERM": "dumb", "COLUMNS": None},
    "Korean, narrow": {"COLUMNS": "30", "UNBEND_LANG": "ko"},
}


@pytest.mark.parametrize("changes", TERMINALS.values(), ids=TERMINALS.keys())
def test_a_terminal_of_any_kind_shows_an_answer(
    changes: dict[str, str | None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from unbend.cli import run

    for name, value in changes.items():
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
    unbend.set_language(None)
    for arguments in (AXIOMS, ("fit", "--help"), ("--help",)):
        assert run(arguments) == 0
        said = capsys.readouterr()
        assert said.out.strip() and "\x1b" not in said.out and said.err == ""


@LINUX
@pytest.mark.parametrize("colour", [True, False])
def test_colour_is_for_terminals_that_want_it(colour: bool) -> None:
    import pty

    parent, child = pty.openpty()
    changes: dict[str, str | None] = {"NO_COLOR": None if colour else "1", "TERM": "xterm-256color"}
    process = subprocess.Popen(
        [sys.executable, "-m", "unbend", *AXIOMS], env=environment(changes), stdout=child, stderr=child
    )
    os.close(child)
    printed = b""
    with contextlib.suppress(OSError):  # the end of a terminal
        while part := os.read(parent, 4096):
            printed += part
    os.close(parent)
    assert process.wait(60) == 0
    assert (b"\x1b[32m" in printed) == colour and b"V10" in printed


# interrupted ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize(
    ("options", "kept", "last"),
    [
        (["--save-settings", "s.toml"], [], "interrupted; nothing was written"),
        (
            ["--checkpoint", "c"],
            ["c"],
            f"interrupted; kept: {Path('c', 'checkpoint.safetensors')}. The same command with --resume continues from"
            " the checkpoint",
        ),
    ],
)
def test_ctrl_c_leaves_nothing_half_written(folder: Path, options: list[str], kept: list[str], last: str) -> None:
    with subprocess.Popen(  # NumPy's engine returns to Python often
        [sys.executable, "-m", "unbend", "fit", "t.csv", "-t", "y", "-o", "o", "-v", "--budget", "3600", *options],
        env=environment({"UNBEND_ENGINE": "numpy"}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        killer = threading.Timer(100, process.kill)
        killer.start()
        err = ""
        while "plan: " not in err:  # until the work has begun
            err += process.stderr.readline()
        while kept and not (folder / "c" / "checkpoint.safetensors").exists():
            time.sleep(0.05)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.stdout.read(), err + process.stderr.read()
        killer.cancel()
    assert process.returncode == 130
    assert out == "" and err.splitlines()[-1] == last and "Traceback" not in err
    assert sorted(path.name for path in folder.iterdir()) == [*kept, "t.csv"]


def test_an_answer_for_programs_is_json_alone_without_a_terminal(folder: Path) -> None:
    done = command("check", "y = a*x + b", "--data", "t.csv", "--json", HOME=None, LANG="C", TERM=None)
    answer: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode in (0, 1, 2) and answer
