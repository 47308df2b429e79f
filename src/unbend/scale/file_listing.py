"""`list_files`: a folder, a glob or the address of either → the files of a table, in order, and their partitions."""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
from pyarrow.fs import FileSelector, FileSystem, FileType, LocalFileSystem

from ..errors import DataError
from .remote_files import is_address, one_line, open_address, open_place, refuse_lost, shown_place, without_options

KINDS = {
    "Parquet": (".parquet", ".pq"),
    "Arrow": (".feather", ".arrow", ".ipc"),
    "text": (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".csv.bz2", ".csv.zst"),
}
_WILD = re.compile(r"[*?\[]")
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class ListedFile:
    """A file of a table: its ``path`` in the file system, its ``key`` below the table's folder, its size in bytes.

    ``modified`` is when it was written last, in nanoseconds since 1970; None where the file system does not say.
    """

    path: str
    key: str
    size: int
    modified: int | None = None

    @property
    def partitions(self) -> tuple[tuple[str, str | None], ...]:
        """The columns in the folders' names, such as ``year=2020``."""
        parts = [part.partition("=") for part in self.key.split("/")[:-1] if "=" in part]
        return tuple((unquote(name), None if value == _NO_VALUE else unquote(value)) for name, _, value in parts)

    @property
    def kind(self) -> str | None:
        """ "Parquet", "Arrow", "text" or, where the ending is of none of them, None."""
        name = self.key.lower()
        return next((kind for kind, endings in KINDS.items() if name.endswith(endings)), None)


def list_files(place: str) -> tuple[FileSystem, list[ListedFile], str]:
    """The file system, the files in the order of their keys, and the kind that all of them are of.

    Raises `DataError` where there are none, or those of several kinds.
    """
    files, path = _file_system(place)
    try:
        found = _matching(files, path)
    except (pa.ArrowException, OSError) as error:
        refuse_lost(files, error, shown_place(place))
        raise DataError("data.unreadable", path=shown_place(place), reason=one_line(error)) from None
    tables = sorted((file for file in found if file.kind is not None), key=lambda file: file.key)
    kinds = sorted({str(file.kind) for file in tables})
    if not tables:
        raise DataError("scale.no_files", place=shown_place(place))
    if len(kinds) > 1:
        raise DataError("scale.mixed_files", place=shown_place(place), kinds=", ".join(kinds))
    return files, tables, kinds[0]


def is_pattern(place: str) -> bool:
    """Whether a path has wildcards and names no file as it stands."""
    return bool(_WILD.search(place)) and not Path(place).exists()


def _file_system(place: str) -> tuple[FileSystem, str]:
    if not is_address(place):
        return open_place(place)
    address = without_options(place)
    base = address[: address.rfind("/", 0, match.start())] if (match := _WILD.search(address)) else address
    return open_address(base + place[len(address) :], address[len(base) :])


def _matching(files: FileSystem, path: str) -> list[ListedFile]:
    wild = _WILD.search(path)
    if wild is not None and isinstance(files, LocalFileSystem) and not Path(path).exists():
        base = path[: path.rfind("/", 0, wild.start())]
        names = [Path(name).as_posix() for name in glob.glob(path, recursive=True)]
        infos = files.get_file_info(sorted(names))
    elif wild is not None and not isinstance(files, LocalFileSystem):
        base = path[: path.rfind("/", 0, wild.start())]
        every = files.get_file_info(FileSelector(base, recursive=True))
        infos = [info for info in every if fnmatchcase(info.path, path)]
        if "**" not in path:
            infos = [info for info in infos if info.path.count("/") == path.count("/")]
    else:
        info = files.get_file_info(path)
        if info.type == FileType.File:
            return [ListedFile(path, path.rpartition("/")[2], info.size or 0, info.mtime_ns)]
        if info.type == FileType.NotFound:
            return []
        base = path.rstrip("/")
        infos = files.get_file_info(FileSelector(path, recursive=True))
    start = len(base) + 1
    found = [ListedFile(i.path, i.path[start:], i.size or 0, i.mtime_ns) for i in infos if i.type == FileType.File]
    return [file for file in found if not any(part.startswith((".", "_")) for part in file.key.split("/"))]
