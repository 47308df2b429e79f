"""`fit_targets`: one verdict for each of several targets of a table; none of them is an input of another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import display
from ..display import Displayed
from ..errors import BadInput
from ..file_access import write_file
from .progress import Step, Watch
from .request import Request
from .result import Result

FitOne = Callable[[Request, Watch | None, Path | None], Result]


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


def checked_targets(targets: Sequence[str], formula: str | None) -> list[str]:
    """The targets, each once. Raises ``BadInput`` for none at all, and for a formula, which has one target."""
    targets = list(dict.fromkeys(targets))
    if not targets or not all(isinstance(target, str) for target in targets):
        raise BadInput("verdict.targets", got=targets)
    if formula is not None and len(targets) > 1:
        raise BadInput("verdict.formula_of_targets", count=len(targets))
    return targets


def fit_targets(
    fit_one: FitOne,
    targets: Sequence[str],
    request: Request,
    *,
    watch: Watch | None = None,
    checkpoint: str | Path | None = None,
) -> Results:
    """The result of ``fit_one`` for each of the ``targets``, each with an equal part of the budget.

    ``fit_one`` takes the request for one target, what is to be called with progress, and the folder of its checkpoint:
    there is one for each target.
    """
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
        found[target] = fit_one(own, _part(watch, k, len(targets)), place)
    return Results(found)


def _part(watch: Watch | None, done: int, count: int) -> Watch | None:
    """The progress of one of ``count`` fits as that of all."""
    if watch is None:
        return None

    def show(step: Step) -> None:
        watch(replace(step, share=(done + step.share) / count))

    return show
