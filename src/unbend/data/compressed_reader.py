"""Compressed files and archives: `decompress` and `unzip` give the bytes of the one table inside."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from pathlib import PurePosixPath

from ..errors import DataError
from .notes import Note, join_names
from .read_options import ReadOptions

_COMPRESSIONS = {b"\x1f\x8b": ("gzip", gzip.decompress), b"BZh": ("bzip2", bz2.decompress),
                 b"\xfd7zXZ\x00": ("xz", lzma.decompress)}  # fmt: skip
_TABLES = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".feather", ".arrow", ".xlsx", ".xlsm")
# A member of a ZIP archive that tells what the archive is -> part of the message key.
_DOCUMENTS = {
    "xl/workbook.xml": "excel",
    "xl/workbook.bin": "office",
    "word/document.xml": "document",
    "ppt/presentation.xml": "document",
}


def is_compressed(raw: bytes) -> bool:
    """Whether the bytes are those of a gzip, bzip2 or xz file."""
    return raw.startswith(tuple(_COMPRESSIONS))


def decompress(raw: bytes, source: str) -> bytes:
    """The contents of a gzip, bzip2 or xz file. Raises `DataError` for a damaged one and for a tar archive."""
    kind, unpack = next(value for begin, value in _COMPRESSIONS.items() if raw.startswith(begin))
    try:
        content = unpack(raw)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
        raise DataError("data.damaged_file", source=source, kind=kind) from None
    if content[257:262] == b"ustar":
        raise DataError("data.foreign_archive", source=source)
    return content


def zip_kind(raw: bytes, source: str) -> str:
    """What a file in ZIP format is: "excel", "zip", or a part of a message key. Raises `DataError` if damaged."""
    names = _open(raw, source).namelist()
    if "mimetype" in names and any(name.endswith("content.xml") for name in names):
        return "opendocument"
    if names and all(name.endswith(".npy") for name in names):
        return "numpy"
    return next((kind for name, kind in _DOCUMENTS.items() if name in names), "zip")


def unzip(raw: bytes, source: str, options: ReadOptions) -> tuple[bytes, str, tuple[Note, ...]]:
    """The bytes and name of the table in a ZIP archive, and a note if one was chosen among several files.

    Raises `DataError` for an encrypted or damaged archive, one without files, and one with several tables of which
    ``options`` does not choose one.
    """
    archive = _open(raw, source)
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir() and not _is_hidden(entry.filename)]
    tables = [name for name in names if PurePosixPath(name.removesuffix(".gz")).suffix.lower() in _TABLES]
    notes: tuple[Note, ...] = ()
    if options.sheet is not None:
        chosen = options.choose(tables or names)
        if chosen is None:
            raise DataError("data.no_such_member", source=source, member=options.sheet, names=join_names(names))
    elif len(names) == 1 or len(tables) == 1:
        chosen = (names if len(names) == 1 else tables)[0]
        if len(names) > 1:
            notes = (Note("data.member_read", {"member": chosen, "source": source}),)
    elif not names:
        raise DataError("data.empty_archive", source=source)
    else:
        raise DataError("data.several_members", source=source, names=join_names(tables or names))
    entry = archive.getinfo(chosen)
    if entry.flag_bits & 1:
        raise DataError("data.encrypted", source=source, kind="ZIP")
    try:
        return archive.read(entry), PurePosixPath(chosen).name, notes
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, lzma.LZMAError):
        raise DataError("data.damaged_file", source=source, kind="ZIP") from None


def _open(raw: bytes, source: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise DataError("data.damaged_file", source=source, kind="ZIP") from None


def _is_hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")
