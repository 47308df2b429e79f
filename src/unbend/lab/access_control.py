"""Access control of the lab's server: host and origin check, token, allowed routes, content security policy.

A page of another site can send requests to 127.0.0.1, and by DNS rebinding even under a host name of its own. So the
host name must be that of the server and the origin the same; of marimo's routes only those that a reader needs are
forwarded; and the content security policy forbids loading anything from elsewhere. Other people on this machine do not
know the token in the path; and a page's session belongs to the browser that opened it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any

from ..errors import BadInput
from ..words import say
from .session_cookie import own_session

MAX_REQUEST_BYTES = 40_000_000  # of one request; an uploaded table is base64, a third larger than its file

# what a page in run mode posts: values of controls, messages of widgets; nothing that executes or changes code
_ALLOWED_POSTS = re.compile(r"/[a-z]+/api/kernel/(set_ui_element_value|set_model_value|function_call)")
_FORBIDDEN = re.compile(r"(/[a-z]+)?/(api|auth|lsp|terminal|ws_sync|mcp|sse)(/|$)")
_ORIGIN = re.compile(r"https?://[a-zA-Z0-9.-]+(:\d{1,5})?")
_POLICY = "; ".join(
    (
        "default-src 'self' data: blob:",
        "script-src 'self' 'unsafe-inline' blob: data:",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self' ws://{host} data: blob:",
        "frame-ancestors {frames}",
        "form-action 'self'",
        "base-uri 'self'",
    )
)


class OriginCheck:
    """ASGI middleware that forwards only requests to this server's host name from its own pages."""

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
            await _reject(scope, receive, send, *refusal)
            return
        await self.forward(scope, receive, send, headers["host"])

    async def forward(self, scope: Any, receive: Any, send: Any, host: str) -> None:
        """Pass an accepted request on to the application."""
        await self.app(scope, receive, send)

    def refusal(self, scope_type: str, method: str, path: str, headers: dict[str, str]) -> tuple[int, str] | None:
        """(HTTP status, message) of a rejected request, None for an accepted one."""
        host = headers.get("host", "")
        if host not in self.hosts:
            return 403, say("lab.refused_host", got=host)
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return 403, say("lab.refused_origin", got=origin)
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and (scope_type, method) != (
            "http",
            "GET",
        ):
            return 403, say("lab.refused_origin", got=headers["sec-fetch-site"])
        return None


class AccessControl(OriginCheck):
    """`OriginCheck` that also forwards only the routes a reader needs, and adds the content security policy.

    ``frames`` are the origins, such as "https://school.example", that may show the pages in a frame: by default none.
    ``token`` is the first part of every path; "" for none.
    """

    def __init__(self, app: Any, port: int, frames: Sequence[str] = (), token: str = "") -> None:
        super().__init__(app, port)
        for origin in frames:
            if _ORIGIN.fullmatch(origin) is None:
                raise BadInput("lab.no_origin", got=origin[:80])
        self.frames = " ".join(frames) or "'none'"
        self.prefix = f"/{token}" if token else ""

    async def forward(self, scope: Any, receive: Any, send: Any, host: str) -> None:
        path = scope["path"].removeprefix(self.prefix)
        policy = _POLICY.format(host=host, frames=self.frames)
        scope, cookie = own_session({**scope, "root_path": self.prefix}, path)
        guarded = _with_headers(send, policy, cookie)
        if scope["type"] == "http":
            body = await _whole_body(receive)
            if body is None:
                await _reject(scope, receive, send, 413, _too_large())
                return
            receive = _replay(body, receive)
        await self.app(scope, receive, guarded)

    def refusal(self, scope_type: str, method: str, path: str, headers: dict[str, str]) -> tuple[int, str] | None:
        """As of `OriginCheck`; also of a wrong token, a body that is too large, and a route that no reader needs."""
        refusal = super().refusal(scope_type, method, path, headers)
        if refusal is not None:
            return refusal
        begins = f"{path}/"[: len(self.prefix) + 1]
        is_icon = path == "/favicon.ico"  # browsers ask for it without the token
        if not is_icon and not secrets.compare_digest(begins.encode(), f"{self.prefix}/".encode()):
            return 403, say("lab.refused_token")
        path = path.removeprefix(self.prefix)
        if int(headers["content-length"] if headers.get("content-length", "").isdigit() else 0) > MAX_REQUEST_BYTES:
            return 413, _too_large()
        if scope_type == "websocket":
            allowed = re.fullmatch(r"/[a-z]+/ws", path) is not None
        elif method == "POST":
            allowed = _ALLOWED_POSTS.fullmatch(path) is not None
        else:
            allowed = method in ("GET", "HEAD") and _FORBIDDEN.match(path) is None
        return None if allowed else (403, say("lab.refused_path", got=f"{method} {path}"))


async def _reject(scope: Any, receive: Any, send: Any, status: int, message: str) -> None:
    from starlette.responses import PlainTextResponse

    if scope["type"] == "websocket":
        await receive()  # the handshake
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    await PlainTextResponse(message, status)(scope, receive, send)


def _too_large() -> str:
    return say("lab.refused_size", most=MAX_REQUEST_BYTES // 10**6)


async def _whole_body(receive: Any) -> bytes | None:
    """The body of a request, however it is sent; None where it is too large or the browser is gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body") or b""
        if len(body) > MAX_REQUEST_BYTES:
            return None
        if not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes, receive: Any) -> Any:
    """A ``receive`` that gives the body once, then what comes after it."""
    given = False

    async def replay() -> Any:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _with_headers(send: Any, policy: str, cookie: str) -> Any:
    extra = [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        *([(b"set-cookie", cookie.encode())] if cookie else []),
    ]

    async def guarded(message: Any) -> None:
        if message["type"] == "http.response.start":
            dropped = (b"access-control-allow-origin", b"access-control-allow-credentials")
            headers = [(key, value) for key, value in message["headers"] if key.lower() not in dropped]
            message = {**message, "headers": [*headers, *extra]}
        await send(message)

    return guarded
