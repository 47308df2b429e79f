"""One line that describes the machine a result was measured on."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
from pathlib import Path


def machine(packages: tuple[str, ...] = ("numpy", "scipy", "numba")) -> str:
    """Processor, cores, thread setting, versions, date."""
    versions = ", ".join(f"{p} {v}" for p in packages if (v := _version(p)))
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "default")
    cores = f"{os.cpu_count()} cores (OPENBLAS_NUM_THREADS: {threads})"
    return f"{_processor()}, {cores}; Python {platform.python_version()}, {versions}; {datetime.date.today()}"


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
