"""The fit of the page *Verdict*: the job that runs in a subprocess, and its control by the page's buttons."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import json_text
from ..words import say
from .subprocess_job import ReportProgress, SubprocessJob

if TYPE_CHECKING:
    from ..verdict.decide import Decision

BUDGETS = (5, 10, 20, 30, 60, 120, 300, 600)  # seconds that the page offers


def fit_job(
    report_progress: ReportProgress,
    path: str,
    name: str,
    target: str,
    task: str | None,
    formula: str | None,
    budget: float,
    seed: int,
) -> dict[str, Any]:
    """Fit a table and return verdict, report, numbers and model file, JSON-ready; runs in a subprocess."""
    from ..report import explanation, headline, page
    from ..scale import fit
    from ..verdict import Step

    def watch(step: Step) -> None:
        if step.name == "final":
            text = say("cli.step_final")
        else:
            text = say("cli.step_compare", repeat=step.repeat + 1, fold=step.fold + 1, folds=step.folds)
        report_progress(step.share, text)

    report_progress(0.0, say("cli.step_read"))
    result = fit(path, target, task=task, formula=formula, budget=budget, seed=seed, watch=watch)
    result = replace(result, source=name)
    verdict = {
        "of": f"{name}, {target}",
        "headline": headline(result),
        "kind": "good" if result.verdict in ("straight_is_enough", "bends_pay") else "plain",
        "explanation": " ".join((explanation(result, option=False), _more_time(result.decision))).strip(),
    }
    report_progress(1.0, say("cli.writing"), preview=verdict)  # the report's pictures take a while
    with tempfile.TemporaryDirectory() as folder:
        model = result.save(Path(folder) / "model.safetensors").read_bytes().hex()
    return {**verdict, "report": page(result), "json": json_text.dumps(result.to_json()), "model": model}


def _more_time(decision: Decision) -> str:
    """Which of the page's settings to change where the budget ran out; "" where it did not."""
    needed = decision.budget_needed
    if not decision.cut or needed is None:
        return ""
    setting = say("lab_pages.budget")
    enough = next((seconds for seconds in BUDGETS if seconds >= needed), None)
    if enough is None:
        return say("lab_pages.budget_beyond", setting=setting, most=BUDGETS[-1], needed=needed)
    return say("lab_pages.budget_more", setting=setting, needed=enough)


class FitJobs:
    """The fits that a page requests, one at a time: a new one stops the one before."""

    def __init__(self) -> None:
        self._fit_clicks, self._stop_clicks = 0, 0
        self._stopped = False
        self.job: SubprocessJob | None = None
        self._reported: SubprocessJob | None = None

    def start_if_clicked(self, clicks: int, arguments: Mapping[str, Any]) -> bool:
        """Start a fit where the button was clicked again; whether one was started. A new button counts from 0."""
        before, self._fit_clicks = self._fit_clicks, clicks
        if clicks <= before:
            return False
        if self.job is not None:
            self.job.stop()
        self.job, self._stopped = SubprocessJob(fit_job, **arguments), False
        return True

    def stop_if_clicked(self, clicks: int) -> None:
        """Stop the fit where the stop button was clicked again."""
        if clicks != self._stop_clicks and self.job is not None and not self.job.done:
            self._stopped = True
            self.job.stop()
        self._stop_clicks = clicks

    def update(self, bar: Any) -> tuple[str, str]:
        """Update the progress bar; the status line and its style: the verdict once it is there."""
        if self.job is None:
            return say("lab_pages.not_yet"), "plain"
        job = self.job
        bar.set_trait("share", float(job.fraction))
        bar.set_trait("text", f"{job.text} · {say('cli.took', seconds=f'{job.seconds:.0f}')}")
        bar.set_trait("running", not job.done)
        verdict = job.result or job.preview
        if verdict is not None:
            return f"{verdict['headline']}. {verdict['explanation']}", verdict["kind"]
        if not job.done:
            return say("lab_pages.fitting"), "plain"
        if self._stopped:
            return say("lab_pages.stopped_fit"), "plain"
        return job.problem, "bad"

    def just_ended(self) -> bool:
        """True once for every fit with a result, at the first call after its end; the one before stays until then."""
        if self.job is None or self.job.result is None or self.job is self._reported:
            return False
        self._reported = self.job
        return True
