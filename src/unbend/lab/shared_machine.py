"""`is_shared_machine`: whether other people can reach ports of this machine's loopback address."""

from __future__ import annotations

import os
from collections.abc import Mapping

_PEOPLE = range(1000, 60_000)  # user ids of people's accounts on Linux; macOS begins at 501
_NO_LOGIN = ("/nologin", "/false", "/sync")


def is_shared_machine(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether somebody else may be logged in here.

    True over SSH, in JupyterHub, and where more than one account belongs to a person.
    """
    if any(name in environment for name in ("SSH_CONNECTION", "SSH_TTY", "JUPYTERHUB_USER")):
        return True
    try:
        import pwd
    except ImportError:  # Windows
        return False
    people = [entry for entry in pwd.getpwall() if entry.pw_uid in _PEOPLE and not entry.pw_shell.endswith(_NO_LOGIN)]
    return len({entry.pw_uid for entry in people} | {os.getuid()} - {0}) > 1
