"""`fit_targets`: one verdict for each of several targets of a table; none of them is an input of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import display
from ..data import ReadOptions
from ..data.parsed_table import ParsedTable
from ..data.reader import parse_table
from ..display import Displayed
from ..errors import BadInput
from ..file_access import write_file
from ..train.checkpoint import open_checkpoint
from .pipeline import fit_table
from .progress import Step, Watch
from .request import Request
from .result import Result


@dataclass(frozen=True, eq=False)
class Results(Displayed, Mapping[str, Result]):
    """The results of several targets, by name: what `unbend.fit` returns for a list of targets.

    Examples
    --------
    >>> import numpy as np
    >>> import unbend as ub
    >>> x = np.linspace(-2, 2, 60)
    >>> results = ub.fit({"x": x, "a": 2 * x, "b": x**2}, target=["a", "b"], budget=20, by_clock=False)
    >>> [(name, result.verdict) for name, result in results.items()]
    [('a', 'straight_is_enough'), ('b', 'bends_pay')]
    """

    by_target: Mapping[str, Result]

    def __getitem__(self, target: str) -> Result:
        """The result of one target."""
        return self.by_target[target]

    def __iter__(self) -> Iterator[str]:
        """The targets, in the order given."""
        return iter(self.by_target)

    def __len__(self) -> int:
        """The number of targets."""
        return len(self.by_target)

    def report(self, folder: str | Path = "report") -> Path:
        """Write one report for each target, and an index of them.

        Parameters
        ----------
        folder : str or Path, default "report"
            Its place; missing folders are made.

        Returns
        -------
        Path
            Of the index, index.html.
        """
        links = {target: f"{name}.html" for target, name in file_names(list(self)).items()}
        for target, link in links.items():
            self[target].report(Path(folder) / link)
        return write_file(Path(folder) / "index.html", display.provider().index_page(self, links))

    def to_json(self) -> list[dict[str, Any]]:
        """The numbers as a list of JSON objects, one for each target.

        Returns
        -------
        list of dict
            Each as of `Result.to_json`, with its ``target``.
        """
        return [{"target": target, **result.to_json()} for target, result in self.items()]

    def __repr__(self) -> str:
        return f"Results({'; '.join(f'{target}: {result.verdict}' for target, result in self.items())})"


def file_names(targets: Sequence[str]) -> dict[str, str]:
    """{target: a name for its files}: letters, digits, "-" and "_", each name once, whatever the case."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for target in targets:
        plain = "".join(c if c.isalnum() or c in "-_" else "-" for c in target)[:60].strip("-") or "target"
        name, count = plain, 1
        while name.casefold() in taken | {"index"}:
            count += 1
            name = f"{plain}-{count}"
        taken.add(name.casefold())
        names[target] = name
    return names


def fit_targets(
    table: Any,
    targets: Sequence[str],
    request: Request,
    *,
    test: Any = None,
    watch: Watch | None = None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
) -> Results:
    """`fit_table` for each of the ``targets``, each with an equal part of the budget.

    A checkpoint has a folder for each target. Raises ``BadInput`` for no targets at all and for a formula, which has
    one target, and what `fit_table` raises.
    """
    targets = list(dict.fromkeys(targets))
    if not targets or not all(isinstance(target, str) for target in targets):
        raise BadInput("verdict.targets", got=targets)
    if request.formula is not None and len(targets) > 1:
        raise BadInput("verdict.formula_of_targets", count=len(targets))
    options = ReadOptions(sheet=request.sheet, query=request.query)
    parsed = (
        table
        if isinstance(table, ParsedTable)
        else parse_table(table, types={**dict.fromkeys(request.text, "text"), **request.types}, options=options)
    )
    names, found = file_names(targets), {}
    for k, target in enumerate(targets):
        own = replace(
            request,
            target=target,
            other_targets=tuple(other for other in targets if other != target),
            budget=request.budget / len(targets),
            reserve=request.reserve / len(targets),
        )
        place = None if checkpoint is None else Path(checkpoint) / names[target]
        saved = open_checkpoint(place, resume)
        result = fit_table(parsed, own, test=test, watch=_part(watch, k, len(targets)), checkpoint=saved)
        found[target] = replace(result, source=table if isinstance(table, str) else "")
    return Results(found)


def _part(watch: Watch | None, done: int, count: int) -> Watch | None:
    """The progress of one of ``count`` fits as that of all."""
    if watch is None:
        return None

    def show(step: Step) -> None:
        watch(replace(step, share=(done + step.share) / count))

    return show
