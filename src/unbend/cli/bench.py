"""``unbend bench``: this machine, side by side with what is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import BadInput
from ..words import say


def bench(
    quick: Annotated[bool, typer.Option("--quick", help=say("engine.cli_quick"))] = False,
    json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    out: Annotated[Path | None, typer.Option("--out", help=say("engine.cli_out"))] = None,
    threads: Annotated[int | None, typer.Option("--threads", help=say("engine.cli_threads"))] = None,
    only: Annotated[str | None, typer.Option("--only", help=say("engine.cli_only"))] = None,
) -> None:
    """Train and infer beside PyTorch, JAX, scikit-learn, ONNX Runtime and tinygrad, where they are installed.

    Everybody takes turns in one process with the same number of threads; medians over the rounds are shown.
    """
    import os
    import subprocess
    import sys

    from ..bench import PARTS
    from ..threads import thread_count
    from ..words import language

    most = thread_count()
    count = most if threads is None else threads
    if not 1 <= count <= most:
        raise BadInput("engine.threads_wrong", most=most, got=count)
    unknown = [] if only is None else [part for part in only.split(",") if part not in PARTS]
    if unknown:
        raise BadInput("engine.no_such_part", got=", ".join(unknown) or "—", known=", ".join(PARTS))
    # libraries read these when they are loaded, hence a process of its own
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "UNBEND_THREADS", "NPROC")
    environment = {**os.environ, **dict.fromkeys(names, str(count)), "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-m", "unbend.bench", "--threads", str(count), "--lang", language()]
    command += ["--quick"] * quick + ["--json"] * json
    command += [] if out is None else ["--out", str(out)]
    command += [] if only is None else ["--only", only]
    if hasattr(os, "sched_setaffinity") and count < most:  # some libraries ask the system, not the environment
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])
    raise typer.Exit(subprocess.run(command, env=environment, check=False).returncode)
