"""`read_file`: a file, a folder or standard input → an Arrow table. The contents decide the format, not the suffix."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..errors import DataError
from ..words import say
from .compressed_reader import decompress, is_compressed, unzip, zip_kind
from .csv_reader import read_csv
from .database_reader import SQLITE, is_database, read_database
from .excel_reader import read_excel
from .folder_reader import read_folder
from .json_reader import read_json
from .missing_values import BLANKS
from .notes import Note, closest_name
from .parsed_table import ParsedTable, clean_names
from .read_options import ReadOptions

# First bytes of files that are no tables -> their kind (part of the message key). Longer signatures first.
_FOREIGN_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"BM": "picture",
    b"%PDF": "pdf",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "office",
    b"\x28\xb5\x2f\xfd": "compressed",
    b"7z\xbc\xaf\x27\x1c": "compressed",
    b"\x89HDF": "hdf5",
    b"\x93NUMPY": "numpy",
    b"PARE": "encrypted",
}
_ADDRESS = re.compile(r"([a-zA-Z][a-zA-Z0-9+]+):/{1,2}(?=[^/\\])")  # pathlib makes one slash of two
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def shipped_sets() -> dict[str, Path]:
    """The data sets that come with the package, ``{name: path}``."""
    folder = Path(str(files(__package__) / "sets"))
    return {path.stem: path for path in sorted(folder.glob("*.csv"))}


def shipped_texts() -> dict[str, Path]:
    """The tables of texts that come with the package, ``{name: path}``."""
    folder = Path(str(files(__package__) / "text_sets"))
    return {path.name.removesuffix(".csv.gz"): path for path in sorted(folder.glob("*.csv.gz"))}


def read_file(name: str | Path, options: ReadOptions | None = None) -> ParsedTable:
    """Read the file, folder or shipped set called ``name``; "-" is standard input.

    Raises `DataError` if it is missing, unreadable, empty, binary, damaged, not a table or not on this machine.
    """
    options = options or ReadOptions()
    if str(name) == "-":
        return _read_bytes(_standard_input(), say("data.standard_input"), options)
    if address := _ADDRESS.match(str(name)):
        url = f"{address[1]}://{str(name)[address.end() :]}"
        raise DataError("data.address", url=url)
    path = Path(name).expanduser()
    shipped = {**shipped_sets(), **shipped_texts()}
    if str(name) in shipped and (path.is_dir() or not path.exists()):
        path = shipped[str(name)]
    if _is_folder(path):
        _check_options(options, path.name, sheet=False, query=False)
        return read_folder(path, lambda file: _read_bytes(_bytes(file), file.name, options))
    if is_database(_bytes(path, 16)):
        return read_database(path, path.name, options)
    return _read_bytes(_bytes(path), path.name, options)


def _read_bytes(raw: bytes, source: str, options: ReadOptions) -> ParsedTable:
    """The table in the contents of a file, unpacked if it is compressed."""
    notes: tuple[Note, ...] = ()
    for _ in range(3):  # a compressed file in an archive
        if is_compressed(raw):
            raw = decompress(raw, source)
        elif raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            kind = zip_kind(raw, source)
            if kind == "excel":
                _check_options(options, source, sheet=True, query=False)
                return read_excel(raw, source, options)
            if kind != "zip":
                raise DataError(f"data.foreign_{kind}", source=source)
            raw, source, notes = unzip(raw, source, options)
            options = replace(options, sheet=None)
        else:
            break
    if is_database(raw[:16]) and raw.startswith(SQLITE):
        return read_database(raw, source, options)
    _check_options(options, source, sheet=False, query=False)
    parsed = _read_unpacked(raw, source, options)
    return replace(parsed, notes=notes + parsed.notes)


def _read_unpacked(raw: bytes, source: str, options: ReadOptions) -> ParsedTable:
    if raw.startswith((b"PAR1", b"ARROW1", b"FEA1", b"\xff\xff\xff\xff")):
        table, notes = clean_names(_read_binary(raw, source), source)
        return ParsedTable(table, notes)
    _raise_for_foreign(raw, source)
    if re.match(rb'(\xef\xbb\xbf)?\s*(\{\s*["}]|\[\s*["\[{\]}\d])', raw[:65536]):
        return read_json(raw, source)
    return read_csv(raw, source, ("",) if options.raw else BLANKS)


def _check_options(options: ReadOptions, source: str, *, sheet: bool, query: bool) -> None:
    """Raise `DataError` for an option that the source has no use for."""
    if options.query is not None and not query:
        raise DataError("data.query_needs_database", source=source)
    if options.sheet is not None and not sheet:
        raise DataError("data.no_sheets", source=source)


def _standard_input() -> bytes:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None or sys.stdin.isatty():
        raise DataError("data.no_standard_input")
    raw: bytes = stream.read()
    return raw


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long
        return False


def _bytes(path: Path, count: int | None = None) -> bytes:
    """The contents of a file, or its first ``count`` bytes."""
    try:
        if count is None:
            return path.read_bytes()
        with path.open("rb") as file:
            return file.read(count)
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
    if kind == "encrypted":
        raise DataError("data.encrypted", source=source, kind="Parquet")
    if kind == "picture" and raw.startswith(b"BM") and b"\0" not in raw[:64]:
        kind = None  # a text whose first column happens to be called BM…
    if kind is not None:
        raise DataError(f"data.foreign_{kind}", source=source)
    head = raw[:65536]
    if head.lstrip()[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise DataError("data.foreign_html", source=source)
    if raw and not raw.startswith(_BYTE_ORDER_MARKS) and _control_share(head) > 0.01:
        raise DataError("data.foreign_binary", source=source)


def _control_share(head: bytes) -> float:
    """The share of control characters; one NUL is enough to be binary."""
    if b"\0" in head:
        return 1.0
    controls = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1a\x1b")
    return 1 - len(head.translate(None, controls)) / len(head)
