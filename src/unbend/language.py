"""`set_language`: the language of all messages."""

from __future__ import annotations

from .errors import BadInput
from .words import LANGUAGES, choose


def set_language(name: str | None, *, this_thread: bool = False) -> None:
    """Choose the language of all messages.

    Parameters
    ----------
    name : {"en", "ko"} or None
        None goes back to the language of the environment (``UNBEND_LANG``, else the locale).
    this_thread : bool, default False
        The choice holds for the calling thread alone and takes precedence there.

    Raises
    ------
    BadInput
        For any other name.
    """
    if name is not None and name not in LANGUAGES:
        raise BadInput("common.no_such_language", name=name, known=", ".join(LANGUAGES))
    choose(name, this_thread=this_thread)
