"""The runner: an error becomes a message, and hostile messages are ignored."""

from __future__ import annotations

import pytest

pytest.importorskip("anywidget")

from unbend.widgets.runner import Runner


def test_errors_become_messages_and_requests_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(seconds: float) -> bool:
        raise ZeroDivisionError("by nothing")

    runner, sent = Runner(fails, lambda name: None), []
    monkeypatch.setattr(runner, "send", lambda content: sent.append(content))
    runner._handle_custom_msg({"ask": "more"}, [])
    assert "by nothing" in runner.message and sent[0]["more"] is False
    for hostile in ({"ask": "launch"}, {"ask": ["more"]}, "more", None):
        runner._handle_custom_msg(hostile, [])
    assert len(sent) == 1
