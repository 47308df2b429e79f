"""Subprocess jobs: the time limit, and the end of the thread that started one."""

from __future__ import annotations

import threading

import pytest

from unbend.errors import BadInput
from unbend.lab import spaces
from unbend.lab.subprocess_job import SubprocessJob

from .conftest import defaults


def test_job_is_stopped_at_its_time_limit() -> None:
    values = defaults(spaces.fields, space="own", n=1, add="log(exp(u) + exp(v))", scale="u + log(a)", member="")
    job = SubprocessJob(spaces.axioms_job, values=values)
    with pytest.raises(BadInput, match=r"within 0\.2 seconds"):
        job.wait(0.2)


def test_job_ends_with_the_thread_that_started_it() -> None:
    values = defaults(spaces.fields, space="own", n=1, add="log(exp(u) + exp(v))", scale="u + log(a)", member="")
    started: list[SubprocessJob] = []
    owner = threading.Thread(target=lambda: started.append(SubprocessJob(spaces.axioms_job, values=values)))
    owner.start()
    owner.join()
    with pytest.raises(BadInput, match="stopped"):
        started[0].wait(10)
