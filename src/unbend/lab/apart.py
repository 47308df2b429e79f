"""Long work in a process of its own, so that neither the page that asked nor any other tab waits for it.

The process is this module run with Python: it reads one request as JSON, and answers with lines of JSON: how far it
is, then what came out or what was wrong. It ends with the one who started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

from ..errors import BadInput
from ..language import set_language
from ..words import language, say

JOBS = {"axioms": "unbend.lab.spaces:work", "fit": "unbend.lab.fitting:work"}
_LOOK = 0.5  # seconds between looks whether the asker is still there
Tell = Callable[[float, str], None]


class Apart:
    """One piece of work that runs apart: ``share`` and ``text`` say how far it is, ``done`` when it has ended.

    Then ``answer`` holds what came out, or ``problem`` the plain reason why nothing did. ``stop`` ends it before, and
    so does the end of the thread that asked: each open page has one.
    """

    def __init__(self, job: str, **arguments: Any) -> None:
        self.share, self.text = 0.0, ""
        self.answer: Any = None
        self.problem = ""
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "unbend.lab.apart"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        )  # fmt: skip
        request = {"job": job, "language": language(), "arguments": arguments}
        self._listener = threading.Thread(target=self._listen, args=(json.dumps(request),), daemon=True)
        self._listener.start()
        asker = threading.current_thread()
        threading.Thread(target=self._stop_after, args=(asker,), daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether it has ended, one way or the other."""
        return not self._listener.is_alive()

    @property
    def seconds(self) -> float:
        """Since it was started."""
        return time.monotonic() - self._began

    def wait(self, limit: float) -> Any:
        """What came out. Raises ``BadInput`` where something was wrong, or nothing came in ``limit`` seconds."""
        self._listener.join(limit)
        if not self.done:
            self.stop()
            raise BadInput("lab_pages.too_long", limit=f"{limit:g}")
        if self.problem:
            raise Told(self.problem)
        return self.answer

    def stop(self) -> None:
        """End it; harmless where it has ended."""
        if self._process.poll() is None:
            self._process.kill()

    def _stop_after(self, asker: threading.Thread) -> None:
        while self._listener.is_alive() and asker.is_alive():
            self._listener.join(_LOOK)
        self.stop()

    def _listen(self, request: str) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        ended = False
        try:
            self._process.stdin.write(request + "\n")
            self._process.stdin.flush()  # stays open: when it closes, the process ends itself
            for line in self._process.stdout:
                told = json.loads(line)
                self.share, self.text = told.get("share", self.share), told.get("text", self.text)
                if "answer" in told or "problem" in told:
                    self.answer, self.problem, ended = told.get("answer"), told.get("problem", ""), True
                    break
        except (OSError, ValueError):
            pass
        if not ended:
            self.problem = say("lab_pages.stopped")
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        with suppress(OSError):  # what was not written yet has nobody to read it
            self._process.stdin.close()


class Told(BadInput):
    """A plain reason that another process has put into words already."""

    def __init__(self, text: str) -> None:
        ValueError.__init__(self, text)
        self.key, self.values = "", {}


def main() -> None:
    """Do the one piece of work that stands on stdin."""
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_starter, daemon=True).start()
    set_language(request["language"])
    out = sys.stdout
    sys.stdout = sys.stderr  # nothing else is to stand between the lines

    def send(**told: Any) -> None:
        out.write(json.dumps(told) + "\n")
        out.flush()

    module, _, name = JOBS[request["job"]].partition(":")
    work = getattr(import_module(module), name)
    try:
        send(answer=work(lambda share, text: send(share=share, text=text), **request["arguments"]))
    except BadInput as problem:
        send(problem=str(problem))
    except MemoryError:
        send(problem=say("lab_pages.no_memory"))
    except Exception as error:
        send(problem=say("lab_pages.unexpected", error=f"{type(error).__name__}: {error}"))


def _end_with_the_starter() -> None:
    """Nothing more comes on stdin; it closes when the lab has ended."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
