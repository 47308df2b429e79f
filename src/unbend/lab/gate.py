"""The door of the lab: who may ask, for what, and what the answer may load.

A page of another site can send requests to 127.0.0.1, and by DNS rebinding even under a name of its own. So the host
name must be ours and the origin the same; of marimo's routes only those that a reader needs are let through; and the
browser is told to load nothing from elsewhere.
"""

from __future__ import annotations

import re
from typing import Any

from ..words import say

MOST_BYTES = 40_000_000  # of one request; a table that is dropped comes as base64, a third larger than its file

# what a page in run mode posts: values of controls, messages of widgets; nothing that runs or changes code
_POSTS = re.compile(r"/[a-z]+/api/kernel/(set_ui_element_value|set_model_value|function_call)")
_CLOSED = re.compile(r"(/[a-z]+)?/(api|auth|lsp|terminal|ws_sync|mcp|sse)(/|$)")
_ASSETS = re.compile(r"/[a-z]+/assets/[\w.-]+-[\w-]{8}\.\w+")  # named by what is in them, so they never change
_POLICY = "; ".join(
    (
        "default-src 'self' data: blob:",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob: data:",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self' ws://{host} data: blob:",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'self'",
    )
)


class Door:
    """ASGI middleware: lets through what was asked under our own host name and from our own pages alone."""

    def __init__(self, app: Any, port: int) -> None:
        self.app = app
        self.hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        refusal = self.refusal(scope["type"], scope.get("method", "GET"), scope["path"], headers)
        if refusal is not None:
            await _refuse(scope, receive, send, *refusal)
            return
        await self.let_in(scope, receive, send, headers["host"])

    async def let_in(self, scope: Any, receive: Any, send: Any, host: str) -> None:
        """What happens to a request that is not turned away."""
        await self.app(scope, receive, send)

    def refusal(self, kind: str, method: str, path: str, headers: dict[str, str]) -> tuple[int, str] | None:
        """(HTTP status, message) of a request that is turned away, None for one that is let through."""
        host = headers.get("host", "")
        if host not in self.hosts:
            return 403, say("lab.refused_host", got=host)
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return 403, say("lab.refused_origin", got=origin)
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and (kind, method) != ("http", "GET"):
            return 403, say("lab.refused_origin", got=headers["sec-fetch-site"])
        return None


class Gate(Door):
    """Lets through what a reader of the pages needs, and nothing else; the browser may load nothing from elsewhere."""

    async def let_in(self, scope: Any, receive: Any, send: Any, host: str) -> None:
        lasting = _ASSETS.fullmatch(scope["path"]) is not None
        await self.app(scope, _limited(receive), _with_policy(send, host, lasting))

    def refusal(self, kind: str, method: str, path: str, headers: dict[str, str]) -> tuple[int, str] | None:
        refused = super().refusal(kind, method, path, headers)
        if refused is not None:
            return refused
        if int(headers["content-length"] if headers.get("content-length", "").isdigit() else 0) > MOST_BYTES:
            return 413, say("lab.refused_size", most=MOST_BYTES // 10**6)
        if kind == "websocket":
            allowed = re.fullmatch(r"/[a-z]+/ws", path) is not None
        elif method == "POST":
            allowed = _POSTS.fullmatch(path) is not None
        else:
            allowed = method in ("GET", "HEAD") and _CLOSED.match(path) is None
        return None if allowed else (403, say("lab.refused_path", got=f"{method} {path}"))


async def _refuse(scope: Any, receive: Any, send: Any, status: int, message: str) -> None:
    from starlette.responses import PlainTextResponse

    if scope["type"] == "websocket":
        await receive()  # the handshake
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    await PlainTextResponse(message, status)(scope, receive, send)


def _limited(receive: Any) -> Any:
    """Counts a body that does not say its length."""
    seen = 0

    async def counted() -> Any:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body") or b"")
        return {"type": "http.disconnect"} if seen > MOST_BYTES else message

    return counted


def _with_policy(send: Any, host: str, lasting: bool) -> Any:
    extra = [
        (b"content-security-policy", _POLICY.format(host=host).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    ]

    async def guarded(message: Any) -> None:
        if message["type"] == "http.response.start":
            dropped = (b"access-control-allow-origin", b"access-control-allow-credentials")
            keep = [(b"cache-control", b"public, max-age=31536000, immutable")] * (lasting and message["status"] == 200)
            kept = [(key, value) for key, value in message["headers"] if key.lower() not in dropped]
            message = {**message, "headers": [*kept, *extra, *keep]}
        await send(message)

    return guarded
