"""The progress bar of ``unbend fit``: current step and remaining time; silent where stderr is not a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from ..verdict import Step
from ..words import say
from .verbosity import shows_progress


class FitProgress:
    """Shows each `Step` of a fit; ``note`` shows a step after the fit."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self.bar, self.task = bar, task

    def __call__(self, step: Step) -> None:
        self.bar.update(self.task, completed=step.share, description=step.text)

    def note(self, text: str) -> None:
        """Show this description of the current step."""
        self.bar.update(self.task, completed=1.0, description=text)


@contextmanager
def progress() -> Iterator[FitProgress]:
    """A transient progress bar on stderr; nothing is printed where stderr is not a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not (console.is_terminal and shows_progress())
    ) as bar:
        yield FitProgress(bar, bar.add_task(say("cli.step_read"), total=1.0))
