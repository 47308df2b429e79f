"""The files of ``unbend fit``: where each result goes, and writing report, model, numbers and held-out predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import json_text, log
from ..file_access import write_file
from ..words import say
from .output import check_writable
from .verbosity import tell

if TYPE_CHECKING:
    from ..verdict import Result


@dataclass(frozen=True)
class Places:
    """Where one result goes: its report, the folder of all else, held-out predictions and pictures."""

    report: Path
    folder: Path | None
    out_of_fold: Path | None
    figures: Path | None

    @classmethod
    def of(cls, out: Path | None, out_of_fold: Path | None, figures: Path | None) -> Places:
        """For one target."""
        return cls(report_path(out), out, out_of_fold or (out and out / "out_of_fold.csv"), figures)

    def of_target(self, name: str) -> Places:
        """For one of several targets, whose files are called ``name``; the report of this place is their index."""
        folder = self.folder and self.folder / name
        held_out = self.out_of_fold and self.out_of_fold.with_stem(f"{self.out_of_fold.stem}-{name}")
        return replace(
            self,
            report=folder / "report.html" if folder else _own_report(self.report.with_stem(f"report-{name}")),
            folder=folder,
            out_of_fold=folder / "out_of_fold.csv" if folder and self.is_default_out_of_fold else held_out,
            figures=self.figures and self.figures / name,
        )

    @property
    def is_default_out_of_fold(self) -> bool:
        """Whether held-out predictions go into the folder without having been requested."""
        return self.folder is not None and self.out_of_fold == self.folder / "out_of_fold.csv"

    def check(self) -> None:
        """Raise ``DataError`` before any work where a file could not be written."""
        from .tables import check_ending

        check_writable(self.report)
        if self.out_of_fold is not None:
            check_ending(self.out_of_fold)
            check_writable(self.out_of_fold)


def report_path(out: Path | None) -> Path:
    """DIR/report.html; without DIR report.html here, but never overwriting a file that is not a report."""
    return out / "report.html" if out is not None else _own_report(Path("report.html"))


def _own_report(path: Path) -> Path:
    """The path, or the next one with a number, where a file that is not a report is there."""
    place, count = path, 1
    while place.exists() and 'id="unbend-data"' not in place.read_text(encoding="utf-8", errors="replace"):
        count += 1
        place = path.with_stem(f"{path.stem}-{count}")
    return place


def write_result(result: Result, places: Places, ids: Sequence[str] | None, data: str) -> dict[str, Any]:
    """Write all files of a result; the object that ``--json`` prints, without ``seconds`` of the whole command."""
    from ..report import page
    from ..report.pictures import collect_figures, write_figures
    from ..verdict.out_of_fold import out_of_fold_table
    from .tables import write_table

    phases = log.Stopwatch()
    with collect_figures() as drawn:
        html = page(result)
    phases.done("log.report")
    model = result.save(places.folder / "model.safetensors") if places.folder is not None else None
    write_file(places.report, html)
    if places.out_of_fold is not None:
        table = out_of_fold_table(result.compared, result.comparison, ids=ids, first_row=1)
        write_table(table, places.out_of_fold)
    if places.figures is not None:
        pictures = write_figures(drawn, places.figures)
        tell(say("cli.figures_at", count=len(pictures), path=places.figures))
    return {
        **result.to_json(),
        "model": str(model) if model else None,
        "report": str(places.report),
        "out_of_fold": None if places.out_of_fold is None else str(places.out_of_fold),
        "data": data if data == "-" or not Path(data).exists() else str(Path(data).resolve()),
        "sheet": result.request.sheet,
        "query": result.request.query,
    }


def write_answer(answer: Any, folder: Path | None) -> str:
    """The answer as JSON text, also in result.json in the folder."""
    text = json_text.dumps(answer)
    if folder is not None:
        write_file(folder / "result.json", text + "\n")
    return text


def write_index(results: Mapping[str, Result], places: Places, own: Mapping[str, Places]) -> None:
    """The index of several targets' reports, with links relative to it."""
    from ..report.index import index_page

    links = {target: place.report.relative_to(places.report.parent).as_posix() for target, place in own.items()}
    write_file(places.report, index_page(results, links))
