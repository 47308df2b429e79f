"""Session ids of pages: with the browser's cookie, never without another's."""

from __future__ import annotations

from http.cookies import SimpleCookie

from unbend.lab.session_cookie import own_session


def scope(kind: str = "http", query: str = "", root: str = "", **headers: str) -> dict[str, object]:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": kind, "query_string": query.encode(), "headers": named, "root_path": root}


def test_a_page_sets_a_cookie_of_128_bits_once() -> None:
    _, cookie = own_session(scope(root="/abc"), "/network/")
    morsel = SimpleCookie(cookie)["unbend-lab"]
    assert len(bytes.fromhex(morsel.value)) == 16
    assert morsel["httponly"] and morsel["samesite"] == "Strict" and morsel["path"] == "/abc/"
    assert own_session(scope(), "/network/")[1] != cookie
    assert own_session(scope(cookie=f"unbend-lab={morsel.value}"), "/network/")[1] == ""
    assert own_session(scope(), "/network/assets/a-12345678.js")[1] == ""
    for bad in ("unbend-lab=short", "unbend-lab=" + "g" * 32, "\x00=;;", "unbend-lab"):
        assert own_session(scope(cookie=bad), "/")[1]


def test_ids_of_other_browsers_name_no_session() -> None:
    mine, other = "a" * 32, "b" * 32
    found = [
        own_session(
            scope("websocket", "session_id=s_123456&file=%2Fetc%2Fpasswd", cookie=f"unbend-lab={value}"), "/x/ws"
        )[0]
        for value in (mine, other)
    ]
    assert found[0]["query_string"] == f"session_id=s_123456-{mine}".encode()
    assert found[1]["query_string"] != found[0]["query_string"]
    posted = own_session(scope(marimo_session_id="s_123456", cookie=f"x=1; unbend-lab={mine}"), "/x/api")[0]
    assert (b"marimo-session-id", f"s_123456-{mine}".encode()) in posted["headers"]


def test_no_file_is_named() -> None:
    for name in ("__new__", "other.py"):
        found, _ = own_session(scope(query=f"lang=ko&file={name}"), "/network/")
        assert found["query_string"] == b"lang=ko"
