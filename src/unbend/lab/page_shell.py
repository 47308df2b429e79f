"""`PageShell`: a page's head in the HTML that marimo sends, so that it is seen while scripts load and the page runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from .page_head import page_head
from .site import PAGES, use_language

_PRELOADED = re.compile(rb'<link rel="preload"[^>]* as="(?:image|font)"[^>]*>')  # of marimo's editor: 0.9 MB


class PageShell:
    """ASGI middleware that puts the head of a page into its HTML; ``static/lab.js`` takes it away again."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        name = scope["path"].removeprefix(scope.get("root_path", "")).strip("/")
        if scope["type"] != "http" or scope["method"] != "GET" or name not in PAGES:
            await self.app(scope, receive, send)
            return
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        start: dict[str, Any] = {}
        body = bytearray()

        async def with_shell(message: Any) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                html = _PRELOADED.sub(b"", bytes(body))
                html = html.replace(b"<body>", b"<body>" + shell(name, query).encode(), 1)
                replaced = (b"content-length", b"etag")  # the shell is not what marimo's tag is of
                headers = [(key, value) for key, value in start["headers"] if key.lower() not in replaced]
                headers.append((b"content-length", str(len(html)).encode()))
                await send({**start, "headers": headers})
                await send({"type": "http.response.body", "body": html})

        await self.app(scope, receive, with_shell)


def shell(name: str, query: Mapping[str, str]) -> str:
    """The head of the page, and a field where its parts will be."""
    use_language(query.get("lang"))
    return f'<main class="lab-shell">{page_head(name, query)}<div class="lab-waiting" aria-hidden="true"></div></main>'
