"""Words of a corpus, sentence after sentence: from a file that is read as it goes, or from any sequence of texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path

from ...errors import DataError

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_LINE = 1 << 20  # characters of a line that are read at a time

Corpus = Iterable[str] | str | PathLike[str]


def words_of(text: str) -> list[str]:
    """The words of a text: letters, digits and underscores in a row, in NFC and lower case."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def sentences(corpus: Corpus) -> Iterator[list[str]]:
    """The words of each line of a text file in UTF-8, or of each text of an iterable. Raises ``DataError``."""
    if not isinstance(corpus, str | PathLike):
        for text in corpus:
            if not isinstance(text, str):
                raise DataError("vectors.not_text", got=type(text).__name__)
            yield words_of(text)
        return
    try:
        with Path(corpus).open(encoding="utf-8-sig") as file:
            while line := file.readline(_LINE):
                yield words_of(line)
    except UnicodeDecodeError as error:
        raise DataError("vectors.not_utf8", path=corpus, at=error.start) from error
    except OSError as error:
        raise DataError("vectors.unreadable", path=corpus, reason=error.strerror or str(error)) from error
