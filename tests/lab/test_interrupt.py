"""Ctrl+C ends the lab at once; a page whose server is gone says so and stops running; tokens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from unbend.lab.shared_machine import is_shared_machine

from .conftest import with_message


def test_a_lost_server_is_said_and_an_interrupt_leaves_no_traceback(chromium: Any) -> None:
    command = [sys.executable, "-m", "unbend", "lab", "--no-open", "--token", "--lang", "en"]
    environment = {**os.environ, "UNBEND_ENGINE": "numpy"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split("?")[0].strip()
        assert len(address.split("/")[3]) == 32
        page = chromium.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{address}playground/?lang=en")
        page.locator(".ub-runner td").first.wait_for()
        page.locator(".ub-runner button.main").click()
        page.locator(with_message(".ub-runner p", "lab_playground.learning")).wait_for()
        server.send_signal(signal.SIGINT)
        _, said = server.communicate(timeout=60)
        assert server.returncode == 130 and "Traceback" not in said
        page.locator(with_message(".lab-lost", "lab.lost")).wait_for()
        page.locator(with_message(".ub-runner button.main", "lab.run_run")).wait_for()
        assert page.locator(with_message(".ub-runner p", "lab_playground.learning")).count() == 0
        page.close()


@pytest.mark.parametrize("name", ["SSH_CONNECTION", "JUPYTERHUB_USER"])
def test_machines_of_several_people(name: str) -> None:
    assert is_shared_machine({name: "x"})
    assert isinstance(is_shared_machine({}), bool)
