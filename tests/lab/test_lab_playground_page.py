"""The playground in the browser: its network is taken away whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

import unbend as ub

from .conftest import Open


def test_takes_its_network_away(browse: Open, tmp_path: Path) -> None:
    opened = browse("playground", n1="3", depth="1", pieces="1", a1="relu")
    opened.waits(".ub-surface .caption:has-text('linear pieces')")
    row = [0.5, 0.5]
    with opened.page.expect_download() as saved:
        opened.waits(".ub-take button:has-text('safetensors')").click()
    place = tmp_path / "network.safetensors"
    saved.value.save_as(place)
    net = ub.load(place)
    with opened.page.expect_download() as page:
        opened.page.locator(".ub-take button:has-text('HTML')").click()
    html = Path(page.value.path()).read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=\"(?!data:|#)", html) and net.formula(0, 0, numbers=True) in html
    opened.page.locator(".ub-take button:has-text('Python')").click()
    opened.waits(".ub-take p:has-text('copied')")
    code = opened.page.evaluate("navigator.clipboard.readText()")
    space: dict[str, Any] = {}
    exec(code.replace("print(", "answer = ("), space)
    assert np.array_equal(space["answer"], net(row))
    opened.check()
