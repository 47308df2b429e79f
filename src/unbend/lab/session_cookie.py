"""`own_session`: a page's session belongs to the browser that opened it.

marimo's script makes session ids of six letters and digits; whoever names one takes the session over. Here a cookie of
128 bits is appended to every id before marimo sees it, so that an id alone opens nothing. Scripts cannot read it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

_NAME = "unbend-lab"
_SECRET = re.compile(r"[0-9a-f]{32}")
_ID = b"marimo-session-id"


def own_session(scope: Mapping[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """(the request with the cookie in its session id, a Set-Cookie header where a page is opened without one).

    The file that a request may name is dropped: a page has one.
    """
    secret = _secret(scope)
    query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    changed = [
        (name, f"{value}-{secret}" if name == "session_id" and secret else value)
        for name, value in query
        if name != "file"
    ]
    headers = [
        (name, value + f"-{secret}".encode() if name.lower() == _ID and secret else value)
        for name, value in scope["headers"]
    ]
    found = {**scope, "headers": headers}
    if changed != query:
        found["query_string"] = urlencode(changed).encode()
    is_page = scope["type"] == "http" and path.endswith("/")
    if secret or not is_page:
        return found, ""
    return found, f"{_NAME}={secrets.token_hex(16)}; Path={scope['root_path']}/; HttpOnly; SameSite=Strict"


def _secret(scope: Mapping[str, Any]) -> str:
    """The cookie's value; "" without a valid one."""
    for name, value in scope["headers"]:
        if name.lower() == b"cookie":
            try:
                cookie = SimpleCookie(value.decode("latin-1")).get(_NAME)
            except CookieError:
                continue
            if cookie is not None and _SECRET.fullmatch(cookie.value):
                return cookie.value
    return ""
