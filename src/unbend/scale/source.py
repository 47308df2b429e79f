"""`Source`: a large table as ordered shards with one form; `open_source` makes one of what the user names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from ..data import Note
from ..data.column_reading import check_column
from ..data.database_reader import is_database
from ..data.notes import join_names
from ..errors import DataError
from .file_listing import list_files
from .file_shards import file_shards
from .hashing import hash_text
from .query_shard import query_shard
from .remote_files import shown_place
from .shard import Shard
from .table_form import TableForm, check_columns


@dataclass(frozen=True)
class BadShard:
    """A shard that cannot be used, and the ``reason``, which names file and row."""

    name: str
    reason: str


@dataclass(frozen=True)
class Source:
    """A large table: its ``shards`` in the order of their files' names, all of one ``form``.

    ``name`` is what the user called it; ``skipped`` are shards that are left out.
    """

    name: str
    shards: tuple[Shard, ...]
    form: TableForm
    skipped: tuple[BadShard, ...] = ()

    def blocks(self, shard: Shard) -> Iterator[Any]:
        """The rows of a shard as Arrow tables in the types of the form, of ``form.block_rows`` rows.

        Blocks are counted from the shard's first row: whoever reads it, and however, gets the same ones. Raises
        `DataError` that names file and row.
        """
        return converted_blocks(shard, self.form)

    @property
    def file_names(self) -> dict[int, str]:
        """The files' names by the hashes of their keys, which the rows of a sample know them by."""
        return {int(hash_text(shard.key)): shard.name for shard in self.shards}

    @property
    def notes(self) -> tuple[Note, ...]:
        """Which shards are left out, and why the first one."""
        if not self.skipped:
            return ()
        names = join_names(dict.fromkeys(bad.name for bad in self.skipped))
        return (Note("scale.skipped", {"names": names, "count": len(self.skipped), "why": self.skipped[0].reason}),)

    def without(self, bad: Collection[BadShard], good: Sequence[Shard]) -> Source:
        """The source without shards that were found to be bad."""
        return replace(self, shards=tuple(good), skipped=(*self.skipped, *bad))


def converted_blocks(shard: Shard, form: TableForm) -> Iterator[Any]:
    """The rows of a shard as Arrow tables in the types of the form; see `Source.blocks`."""
    first = 0
    for table in shard.blocks(form.block_rows):
        yield form.convert(table, shard, first)
        first += table.num_rows


def open_source(
    place: str | PathLike[str],
    target: str,
    *,
    query: str | None = None,
    types: Mapping[str, str] | None = None,
    skip_bad: bool = False,
) -> Source:
    """A folder, a glob, a file, the address of one, or a query to a database as a `Source`.

    Parameters
    ----------
    place : path
        Parquet, Feather or text tables, all of one kind, also in partitions (``year=2020/…``) and on ``s3://``,
        ``gs://`` and other file systems of Arrow; an SQLite or DuckDB database with ``query``.
    target : str
        The column to predict.
    query : str, optional
        A SELECT statement.
    types : mapping of str to str, optional
        The types of columns that are not to be inferred, as of `unbend.fit`.
    skip_bad : bool, default False
        Leave out files that cannot be opened; otherwise they raise.

    Returns
    -------
    Source

    Raises
    ------
    DataError
        Where there is no table, the files are of several kinds, or one cannot be used.
    """
    name = fspath(place)
    shards, bad = list_shards(name, query, skip_bad)
    if not shards:
        raise DataError("scale.all_bad", place=shown_place(name), reason=bad[0].reason if bad else shown_place(name))
    return source_of(shards, shown_place(name), target, types=types, bad=bad, skip_bad=skip_bad)


def source_of(
    shards: list[Shard],
    name: str,
    target: str,
    *,
    types: Mapping[str, str] | None = None,
    bad: Sequence[BadShard] = (),
    skip_bad: bool = False,
) -> Source:
    """The source of these ``shards``; ``bad`` are those that were left out before. See `open_source`."""
    shards, other = _of_one_form(shards, skip_bad)
    form = TableForm.look(shards, target, types)
    if target not in form.types:
        check_column(target, [*form.types, *form.left_out])
        raise DataError("data.target_type", target=target, type=form.left_out[target])
    return Source(name, tuple(shards), form, (*bad, *other))


def list_shards(place: str, query: str | None = None, skip_bad: bool = False) -> tuple[list[Shard], list[BadShard]]:
    """The shards of all files, and the files that cannot be opened, which raise `DataError` unless ``skip_bad``."""
    if query is not None:
        if not Path(place).is_file() or not _is_database(Path(place)):
            raise DataError("data.query_needs_database", source=place)
        return [query_shard(place, query)], []
    files, listed, kind = list_files(place)
    shards: list[Shard] = []
    bad: list[BadShard] = []
    for file in listed:
        try:
            shards += file_shards(files, file, kind)
        except DataError as error:
            if not skip_bad:
                raise
            bad.append(BadShard(file.key, str(error)))
    return shards, bad


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return is_database(file.read(16))


def _of_one_form(shards: list[Shard], skip_bad: bool) -> tuple[list[Shard], list[BadShard]]:
    """The shards that have the columns that most of them have; the others raise `DataError` or are left out."""
    most = Counter(frozenset(shard.columns) for shard in shards).most_common(1)[0][0]
    good, bad = [], []
    for shard in shards:
        try:
            check_columns(sorted(most), shard.columns, shard)
        except DataError as error:
            if not skip_bad:
                raise
            bad.append(BadShard(shard.name, str(error)))
        else:
            good.append(shard)
    return good, bad
