"""``unbend lab --edit``: a page can be changed and run, in a copy; nobody else's page and no other name gets in."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from unbend.lab.server import pages_folder
from unbend.words import catalogue

pytest.importorskip("marimo")


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[str]:
    """The address with its secret, as it was printed."""
    command = [sys.executable, "-m", "unbend", "--lang", "ko", "lab", "--edit", "--no-open"]
    where = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=tmp_path, env=where
    ) as server:
        assert server.stdout is not None
        printed = (re.search(r"http://\S+access_token=\S+", line) for line in server.stdout)
        address = next(found.group() for found in printed if found)
        for _ in range(200):  # marimo prints it a little before it listens
            with socket.socket() as door:
                if not door.connect_ex(("127.0.0.1", urlsplit(address).port)):
                    break
            time.sleep(0.05)
        yield address
        server.terminate()
        assert server.wait(20) is not None


def _status(address: str, path: str, **headers: str) -> int:
    door = http.client.HTTPConnection(address.split("?")[0].removeprefix("http://"), timeout=30)
    door.request("GET", path, headers=headers)
    status = door.getresponse().status
    door.close()
    return status


def test_edited_copy_is_behind_origin_check(editor: str, chromium: Any, tmp_path: Path) -> None:
    secret = editor.split("?")[1]
    assert _status(editor, f"/?{secret}") == 303 and _status(editor, "/?file=slips.py") == 303  # to the login
    assert _status(editor, f"/?{secret}", Host="evil.example") == 403
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    for path in ("/ws?session_id=s_123456&file=slips.py", "/terminal/ws"):
        for origin in ("http://evil.example", "http://127.0.0.1:1", "null"):
            assert _status(editor, f"{path}&{secret}", Origin=origin, **upgrade) == 403

    page = chromium.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{editor.split('?')[0]}/?file=slips.py&{secret}")
    page.locator(".lab-verdict:has-text('E01')").wait_for()  # it ran when it was opened, and speaks Korean
    assert page.locator(".lab-head h1").inner_text() == catalogue("lab_pages")["page_slips"]["ko"]
    cell = page.locator(".cm-content:has-text('slips.comparison(row)')").first
    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text('section("", f"<p id=mine>{6 * 7}</p>")')
    page.keyboard.press("Control+Enter")
    page.locator("#mine:has-text('42')").wait_for()
    page.keyboard.press("Control+S")
    copy = tmp_path / "unbend-lab" / "slips.py"
    for _ in range(100):
        if "id=mine" in copy.read_text(encoding="utf-8"):
            break
        page.wait_for_timeout(50)
    page.close()
    assert "id=mine" in copy.read_text(encoding="utf-8")
    assert "id=mine" not in (pages_folder() / "slips.py").read_text(encoding="utf-8")
