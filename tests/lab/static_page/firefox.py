"""Firefox without Playwright, whose protocol Debian's Firefox does not speak: WebDriver BiDi over its web socket."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
needs_firefox = pytest.mark.skipif(
    FIREFOX is None or find_spec("websockets") is None, reason="Firefox is not installed here"
)


class Firefox:
    """One tab of a headless Firefox; ``errors`` of its pages."""

    def __init__(self, socket: Any) -> None:
        self.socket, self.ids, self.errors = socket, count(1), list[str]()
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self.tab = self.ask("browsingContext.create", type="tab")["context"]

    def ask(self, method: str, **params: Any) -> Any:
        """The result of a command."""
        number = next(self.ids)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv(timeout=60))
            if message.get("method") == "log.entryAdded" and message["params"]["level"] == "error":
                self.errors.append(message["params"]["text"])
            if message.get("id") == number:
                assert message["type"] == "success", message
                return message["result"]

    def open(self, address: str, width: int = 1440) -> None:
        self.ask("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": 900})
        self.ask("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression or promise: a text, a number or a truth value."""
        found = self.ask("script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True)
        assert found["type"] == "success", found
        return found["result"].get("value")

    def waits(self, expression: str) -> None:
        """Waits, at most a minute, until the expression is true."""
        loop = f"""new Promise((done) => {{
          const until = performance.now() + 60000;
          const late = () => performance.now() > until;
          const look = () => ({expression}) ? done(true) : late() ? done(false) : setTimeout(look, 30);
          look();
        }})"""
        assert self.value(loop), expression


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """A Firefox with a profile of its own in ``folder``."""
    from websockets.sync.client import connect

    assert FIREFOX is not None
    command = [FIREFOX, "--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stderr is not None
            listening = (re.search(r"ws://[\w.:]+", line) for line in process.stderr)
            address = next(found.group() for found in listening if found)
            with connect(f"{address}/session", max_size=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            process.wait(20)
