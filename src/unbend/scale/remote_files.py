"""Paths and addresses (s3://…, gs://…) as Arrow's file systems, and what the errors of these say."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
from pyarrow.fs import FileSystem, LocalFileSystem

from ..errors import BadInput, DataError

GS_SECONDS = 30  # that requests to gs:// are repeated for; the client's own limit is a quarter of an hour
_ADDRESS = re.compile(r"(?!https?:|ftp:)[a-zA-Z][a-zA-Z0-9+]+://", re.IGNORECASE)
_OPTIONS = re.compile(r"\?\w+=.*$")
_USER = re.compile(r"^(\w+://)[^/@]*@")
_OF_A_SERVER = re.compile(r"AWS Error .*|google::cloud::Status\(.*")
_MOST = 160  # characters of a reason


def is_address(place: str) -> bool:
    """Whether it is one of a file system (s3://…, gs://…), not a path, nor one of the web."""
    return _ADDRESS.match(place) is not None


def without_options(address: str) -> str:
    """An address without the options of its file system, ``?endpoint_override=…``."""
    return _OPTIONS.sub("", address)


def shown_place(place: str) -> str:
    """A path as it is; an address as messages and results show it, without its options, user and password."""
    return _USER.sub(r"\1", without_options(place)) if is_address(place) else place


def open_address(address: str, below: str = "") -> tuple[FileSystem, str]:
    """The file system of an address and the path in it, followed by ``below``. Raises `DataError` where there is none.

    What no request has shown yet, such as rights and names, is an error of the first one; see `refuse_lost`.
    """
    if re.match(r"(gs|gcs)://", address) and "retry_limit_seconds=" not in address:
        address += f"{'&' if '?' in address else '?'}retry_limit_seconds={GS_SECONDS}"
    try:
        files, path = FileSystem.from_uri(address)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError("scale.no_file_system", place=shown_place(address), reason=one_line(error)) from None
    return files, path + below


def open_place(place: str | Path) -> tuple[FileSystem, str]:
    """The file system of a path or an address, and the path in it."""
    if isinstance(place, str) and is_address(place):
        return open_address(place)
    return LocalFileSystem(), Path(place).expanduser().absolute().as_posix()


def refuse_lost(files: FileSystem, error: Exception, place: str) -> None:
    """Raise `BadInput` where an error is one of a remote file system's server, not of a file's contents.

    Other files would fail as well, so that nobody is to leave this one out.
    """
    if not isinstance(files, LocalFileSystem) and _OF_A_SERVER.search(str(error)):
        raise BadInput("scale.no_file_system", place=place, reason=one_line(error)) from None


def one_line(error: Exception) -> str:
    """What an error of Arrow says, in one short line."""
    text = (str(error).splitlines() or [type(error).__name__])[0]
    text = match[0].partition(" error_info=")[0] if (match := _OF_A_SERVER.search(text)) else text
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
