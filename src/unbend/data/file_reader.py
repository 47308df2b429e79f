"""The reader of files: Parquet, Feather, Arrow or text. The contents decide the format, not the suffix."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..errors import DataError
from .csv_reader import read_csv
from .notes import closest_name
from .parsed_table import ParsedTable, clean_names

# First bytes of files that are no tables -> their kind (part of the message key). Longer signatures first.
_FOREIGN_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"BM": "picture",
    b"%PDF": "pdf",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "office",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "compressed",
    b"BZh": "compressed",
    b"\xfd7zXZ\x00": "compressed",
    b"\x28\xb5\x2f\xfd": "compressed",
    b"7z\xbc\xaf\x27\x1c": "compressed",
    b"SQLite format 3\x00": "database",
    b"\x89HDF": "hdf5",
    b"\x93NUMPY": "numpy",
    b"PARE": "encrypted",
}
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def shipped_sets() -> dict[str, Path]:
    """The data sets that come with the package, ``{name: path}``."""
    folder = Path(str(files(__package__) / "sets"))
    return {path.stem: path for path in sorted(folder.glob("*.csv"))}


def read_file(name: str | Path) -> ParsedTable:
    """Read the file (or shipped set) called ``name``.

    Raises `DataError` if it is missing, a directory, unreadable, empty, binary, damaged or not a table.
    """
    path = Path(name).expanduser()
    if str(name) in shipped_sets() and (path.is_dir() or not path.exists()):
        path = shipped_sets()[str(name)]
    raw = _bytes(path)
    source = path.name
    if raw.startswith((b"PAR1", b"ARROW1", b"FEA1", b"\xff\xff\xff\xff")):
        table, notes = clean_names(_read_binary(raw, source), source)
        return ParsedTable(table, notes)
    _raise_for_foreign(raw, source)
    return read_csv(raw, source)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise DataError("data.is_directory", path=path)
        return path.read_bytes()
    except FileNotFoundError:
        near = closest_name(path.name, _names_beside(path))
        if near is not None:
            raise DataError("data.no_such_file_near", path=path, near=near) from None
        raise DataError("data.no_such_file", path=path, sets=", ".join(shipped_sets())) from None
    except PermissionError:
        raise DataError("data.no_permission", path=path) from None
    except OSError as error:
        raise DataError("data.unreadable", path=path, reason=error.strerror or str(error)) from None


def _names_beside(path: Path) -> list[str]:
    try:
        beside = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
    except OSError:
        beside = []
    return beside + list(shipped_sets())


def _read_binary(raw: bytes, source: str) -> Any:
    """Parquet, Feather (both versions) or Arrow IPC (file and stream); a saved nameless pandas index is no column."""
    kind = "Parquet" if raw.startswith(b"PAR1") else "Arrow"
    try:
        if kind == "Parquet":
            import pyarrow.parquet as pq

            table = pq.read_table(pa.BufferReader(raw), partitioning=None)
        elif raw.startswith(b"\xff\xff\xff\xff"):
            table = pa.ipc.open_stream(raw).read_all()
        else:
            from pyarrow.feather import read_table as read_feather

            table = read_feather(pa.BufferReader(raw))
    except (pa.ArrowException, OSError) as error:
        locked = "crypt" in str(error).lower()
        raise DataError("data.encrypted" if locked else "data.damaged_file", source=source, kind=kind) from None
    return table.drop_columns([name for name in table.column_names if name.startswith("__index_level_")])


def _raise_for_foreign(raw: bytes, source: str) -> None:
    """Raise `DataError` for contents that are no table."""
    kind = next((kind for begin, kind in _FOREIGN_SIGNATURES.items() if raw.startswith(begin)), None)
    if kind == "zip" and b"xl/" in raw:
        kind = "excel"
    if kind == "encrypted":
        raise DataError("data.encrypted", source=source, kind="Parquet")
    if kind == "picture" and raw.startswith(b"BM") and b"\0" not in raw[:64]:
        kind = None  # a text whose first column happens to be called BM…
    if kind is not None:
        raise DataError(f"data.foreign_{kind}", source=source)
    head = raw[:65536]
    if head.lstrip()[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise DataError("data.foreign_html", source=source)
    if re.match(rb'\s*[\[{]\s*["\[{\]}\d]', head):
        raise DataError("data.foreign_json", source=source)
    if raw and not raw.startswith(_BYTE_ORDER_MARKS) and _control_share(head) > 0.01:
        raise DataError("data.foreign_binary", source=source)


def _control_share(head: bytes) -> float:
    """The share of control characters; one NUL is enough to be binary."""
    if b"\0" in head:
        return 1.0
    controls = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1a\x1b")
    return 1 - len(head.translate(None, controls)) / len(head)
