"""`SubprocessJob`: runs a long function in a subprocess, so that neither the page nor any other tab waits for it.

The subprocess is this module run with Python. It reads one request as a line of JSON (function, language, arguments)
and answers with lines of JSON: progress first, then the result or an error message. It ends with its parent.
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

_POLL = 0.5  # seconds between checks whether the requesting thread is alive
ReportProgress = Callable[..., None]  # (fraction done, description, preview=part of the result that is there already)


class SubprocessJob:
    """A function called in a subprocess.

    ``fraction`` and ``text`` say how far it is, ``preview`` holds what the function has reported of its result so far,
    ``done`` says whether it has ended; then ``result`` holds what the function returned, or ``problem`` the error
    message. ``stop`` kills it, and so does the end of the thread that started it:
    each open page has a thread of its own.

    Parameters
    ----------
    function : callable
        A function of a module of this package, called as ``function(report_progress, **arguments)``. Its arguments and
        its result are JSON-ready.
    **arguments
        Keyword arguments of the function.
    """

    def __init__(self, function: Callable[..., Any], **arguments: Any) -> None:
        self.fraction, self.text = 0.0, ""
        self.result: Any = None
        self.preview: Any = None
        self.problem = ""
        self._start = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "unbend.lab.subprocess_job"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        )  # fmt: skip
        request = {"module": function.__module__, "function": function.__qualname__, "language": language(),
                   "arguments": arguments}  # fmt: skip
        self._listener = threading.Thread(target=self._listen, args=(json.dumps(request),), daemon=True)
        self._listener.start()
        owner = threading.current_thread()
        threading.Thread(target=self._stop_after, args=(owner,), daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether it has ended, with a result or without."""
        return not self._listener.is_alive()

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return time.monotonic() - self._start

    def wait(self, timeout: float) -> Any:
        """The result. Raises ``BadInput`` where the function failed or took more than ``timeout`` seconds."""
        self._listener.join(timeout)
        if not self.done:
            self.stop()
            raise BadInput("lab_pages.too_long", limit=f"{timeout:g}")
        if self.problem:
            raise TranslatedError(self.problem)
        return self.result

    def stop(self) -> None:
        """Kill the subprocess; harmless where it has ended."""
        if self._process.poll() is None:
            self._process.kill()

    def _stop_after(self, owner: threading.Thread) -> None:
        while self._listener.is_alive() and owner.is_alive():
            self._listener.join(_POLL)
        self.stop()

    def _listen(self, request: str) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        answered = False
        try:
            self._process.stdin.write(request + "\n")
            self._process.stdin.flush()  # stays open: when it is closed, the subprocess exits
            for line in self._process.stdout:
                message = json.loads(line)
                self.fraction = message.get("fraction", self.fraction)
                self.text = message.get("text", self.text)
                self.preview = message.get("preview", self.preview)
                if "result" in message or "problem" in message:
                    self.result, self.problem = message.get("result"), message.get("problem", "")
                    answered = True
                    break
        except (OSError, ValueError):
            pass
        if not answered:
            self.problem = say("lab_pages.stopped")
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        with suppress(OSError):  # a buffered rest of the request has no reader any more
            self._process.stdin.close()


class TranslatedError(BadInput):
    """An error whose message another process has formatted already."""

    def __init__(self, text: str) -> None:
        ValueError.__init__(self, text)
        self.key, self.values = "", {}


def main() -> None:
    """Run the one request on stdin."""
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    set_language(request["language"])
    out = sys.stdout
    sys.stdout = sys.stderr  # nothing but messages may be written to the pipe

    def send(**message: Any) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    function = getattr(import_module(request["module"]), request["function"])

    def report_progress(fraction: float, text: str, **preview: Any) -> None:
        send(fraction=fraction, text=text, **preview)

    try:
        send(result=function(report_progress, **request["arguments"]))
    except BadInput as error:
        send(problem=str(error))
    except MemoryError:
        send(problem=say("lab_pages.no_memory"))
    except Exception as error:
        send(problem=say("lab_pages.unexpected", error=f"{type(error).__name__}: {error}"))


def _exit_with_parent() -> None:
    """Block on stdin, which is closed when the lab's process ends."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
