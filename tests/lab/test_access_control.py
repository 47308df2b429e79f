"""Access control: no other host name, no other origin, nothing that executes or changes code."""

from __future__ import annotations

import http.client
import re
from urllib.parse import urlsplit

import pytest

pytest.importorskip("starlette")

from unbend.errors import BadInput
from unbend.lab.access_control import MAX_REQUEST_BYTES, AccessControl

HOST = "127.0.0.1:8000"
CONTROL = AccessControl(None, 8000)


@pytest.mark.parametrize(
    ("kind", "method", "path", "headers", "status"),
    [
        ("http", "GET", "/network/", {}, None),
        ("http", "GET", "/", {"host": "localhost:8000"}, None),
        ("http", "POST", "/network/api/kernel/set_model_value", {"origin": f"http://{HOST}"}, None),
        ("websocket", "GET", "/network/ws", {"origin": f"http://{HOST}"}, None),
        ("http", "GET", "/network/", {"host": "evil.example:8000"}, 403),
        ("http", "GET", "/network/", {"host": "127.0.0.1:8001"}, 403),
        ("http", "GET", "/network/", {"host": ""}, 403),
        ("http", "GET", "/network/", {"host": "127.0.0.1.evil.example:8000"}, 403),
        ("websocket", "GET", "/network/ws", {"origin": "http://evil.example"}, 403),
        ("websocket", "GET", "/network/ws", {"origin": "null"}, 403),
        ("websocket", "GET", "/network/ws", {"origin": "http://localhost:8000"}, 403),
        ("websocket", "GET", "/network/terminal/ws", {}, 403),
        ("websocket", "GET", "/network/ws_sync", {}, 403),
        ("http", "POST", "/network/api/kernel/set_model_value", {"origin": "https://evil.example"}, 403),
        ("http", "POST", "/network/api/kernel/set_model_value", {"sec-fetch-site": "cross-site"}, 403),
        ("http", "POST", "/network/api/kernel/set_model_value", {"content-length": str(MAX_REQUEST_BYTES + 1)}, 413),
        *(
            ("http", "POST", f"/network/api/{path}", {}, 403)
            for path in ("kernel/run", "kernel/scratchpad/run", "kernel/execute", "kernel/save", "kernel/delete",
                         "kernel/instantiate", "files/create", "packages/add", "export/html", "ai/chat")
        ),
        ("http", "POST", "//network/api/kernel/set_model_value", {}, 403),
        ("http", "GET", "/network/api/status", {}, 403),
        ("http", "GET", "/network/api/kernel/../kernel/run", {}, 403),
        ("http", "PUT", "/network/", {}, 403),
        ("http", "OPTIONS", "/network/api/kernel/set_model_value", {"origin": "http://evil.example"}, 403),
    ],
)  # fmt: skip
def test_refusals(kind: str, method: str, path: str, headers: dict[str, str], status: int | None) -> None:
    refusal = CONTROL.refusal(kind, method, path, {"host": HOST, **headers})
    assert (refusal and refusal[0]) == status


def test_a_token_is_the_first_part_of_every_path() -> None:
    control = AccessControl(None, 8000, token="s3cret")
    for path, status in (("/s3cret/network/", None), ("/s3cret/", None), ("/network/", 403), ("/", 403),
                         ("/s3cret", None), ("/s3cretx/network/", 403), ("/S3CRET/network/", 403)):  # fmt: skip
        refusal = control.refusal("http", "GET", path, {"host": HOST})
        assert (refusal and refusal[0]) == status, path
    assert control.refusal("websocket", "GET", "/network/ws", {"host": HOST})
    assert control.refusal("websocket", "GET", "/s3cret/network/ws", {"host": HOST}) is None


@pytest.mark.parametrize(
    "origin", ["school.example", "https://school.example/x", "https://a b", "*", "https://a;script-src *"]
)
def test_frames_are_allowed_to_origins_only(origin: str) -> None:
    with pytest.raises(BadInput, match="--allow-frame"):
        AccessControl(None, 8000, [origin])
    assert AccessControl(None, 8000, ["https://school.example:8443"]).frames == "https://school.example:8443"


def _ask(address: str, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], str]:
    door = http.client.HTTPConnection(str(urlsplit(address).netloc), timeout=30)
    door.request(method, path, body, headers)
    answer = door.getresponse()
    text = answer.read().decode(errors="replace")
    door.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text


def test_served_lab_controls_access(address: str) -> None:
    status, headers, page = _ask(address, "GET", "/network/")
    assert status == 200 and "access-control-allow-origin" not in headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert 'rel="preload"' not in page and 'rel="modulepreload"' in page
    assert "cache-control" not in headers or "immutable" not in headers["cache-control"]
    program = re.search(r'src="(/network/assets/[^"]+[.]js)"', page)
    assert program and "immutable" in _ask(address, "GET", program[1])[1]["cache-control"]
    _, plain, script = _ask(address, "GET", program[1])
    _, packed, _ = _ask(address, "GET", program[1], **{"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in plain and packed["content-encoding"] == "gzip"
    assert 0 < int(packed["content-length"]) < len(script) / 2
    assert _ask(address, "GET", "/network/assets/..%2findex.html")[0] == 404
    assert f'<link rel="prefetch" href="{program[1]}"' in _ask(address, "GET", "/")[2]
    assert "immutable" not in _ask(address, "GET", "/network/assets/none-12345678.js")[1].get("cache-control", "")
    assert _ask(address, "GET", "/network/", Host="evil.example")[0] == 403
    run = b'{"cellIds": ["x"], "codes": ["import os; os.abort()"]}'
    assert _ask(address, "POST", "/network/api/kernel/run", run)[0] == 403
    assert _ask(address, "GET", "/network/api/usage")[0] == 403
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": "http://evil.example"}  # fmt: skip
    assert _ask(address, "GET", "/network/ws?session_id=s_123456", **upgrade)[0] == 403
    assert "os.abort" not in _ask(address, "GET", "/network/")[2]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (
        "unsafe-eval"
        not in headers["content-security-policy"] + _ask(address, "GET", "/")[1]["content-security-policy"]
    )
    assert _ask(address, "GET", "/network/?file=__new__")[0] == 200
    moved, where, _ = _ask(address, "GET", "/words?lang=ko&set=chatbot-ko")
    assert moved == 301 and where["location"] == "words/?lang=ko&set=chatbot-ko"


@pytest.mark.parametrize("path", ["/network/api/kernel/set_model_value", "/network/@file/x", "/"])
def test_a_body_in_parts_is_limited_on_every_route(address: str, path: str) -> None:
    door = http.client.HTTPConnection(str(urlsplit(address).netloc), timeout=60)
    parts = (b"x" * 1_000_000 for _ in range(MAX_REQUEST_BYTES // 10**6 + 20))
    method = "POST" if "api" in path else "GET"
    try:
        door.request(method, path, parts, {"Transfer-Encoding": "chunked"}, encode_chunked=True)
        answer = door.getresponse()
        status = answer.status
        answer.close()
    except (BrokenPipeError, ConnectionResetError):  # the answer came before the whole body was sent
        status = 413
    finally:
        door.close()
    assert status == 413
    assert _ask(address, "GET", "/")[0] == 200
