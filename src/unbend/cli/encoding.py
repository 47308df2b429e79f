"""Output in any encoding: characters that stdout cannot encode are replaced by similar ones.

Windows pipes and files opened by a shell are often CP949 or CP1252, and ``LANG=C`` may mean ASCII.
"""

from __future__ import annotations

import codecs
import sys

_SUBSTITUTES = {
    "\u2212": "-", "\u2013": "-", "\u2014": "-", "\u00a0": " ", "\u202f": " ", "\u2026": "...", "\u00d7": "x",
    "\u00b7": "-", "\u2022": "-", "\u2192": "->", "\u2264": "<=", "\u2265": ">=", "\u2248": "~", "\u2713": "v",
    "\u2717": "x", "\u00b1": "+-", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00b2": "^2",
    "\u00b3": "^3",
}  # fmt: skip
_HANDLER = "unbend.substitute"


def _substitute(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: a substitute for each character, ``?`` where there is none."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_SUBSTITUTES.get(character, "?") for character in text), error.end


def tolerate_encodings() -> None:
    """Let stdout and stderr write substitutes for characters that they cannot encode."""
    codecs.register_error(_HANDLER, _substitute)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_HANDLER)
