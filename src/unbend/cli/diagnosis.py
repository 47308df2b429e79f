"""What ``unbend doctor`` finds out: versions, machine, cache, terminal, packages, and what is wrong with them."""

from __future__ import annotations

import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from ..words import language, say

# distribution and module of what unbend cannot do without
ESSENTIAL = {
    "numpy": "numpy",
    "scipy": "scipy",
    "numba": "numba",
    "llvmlite": "llvmlite",
    "pyarrow": "pyarrow",
    "sympy": "sympy",
    "mpmath": "mpmath",
    "narwhals": "narwhals",
    "safetensors": "safetensors",
    "matplotlib": "matplotlib",
    "contourpy": "contourpy",
    "typer": "typer",
    "rich": "rich",
}
# distribution -> (key of its use in the catalogue, what to install)
OPTIONAL = {
    "pandas": ("data_frames", "pandas"),
    "polars": ("data_frames", "polars"),
    "openpyxl": ("excel", "unbend[excel]"),
    "duckdb": ("duckdb", "unbend[duckdb]"),
    "scikit-learn": ("estimators", "unbend[sklearn]"),
    "onnx": ("onnx", "unbend[export]"),
    "torch": ("torch", "torch"),
    "marimo": ("lab", "unbend[lab]"),
    "anywidget": ("widgets", "unbend[lab]"),
    "threadpoolctl": ("blas", "threadpoolctl"),
}


@dataclass
class Diagnosis:
    """The facts, in sections {section: {name: value}}, and what is wrong: ``problems`` that keep unbend from working,
    ``warnings`` that make it slower or less convenient."""

    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """All of it as one JSON object."""
        return {"ok": not self.problems, "problems": self.problems, "warnings": self.warnings, **self.sections}


def diagnose() -> Diagnosis:
    """Look at everything; nothing is changed but for files written as a test and removed."""
    diagnosis = Diagnosis()
    diagnosis.sections["versions"] = _versions(diagnosis)
    diagnosis.sections["machine"] = _machine(diagnosis)
    diagnosis.sections["folders"] = _folders(diagnosis)
    diagnosis.sections["terminal"] = _terminal(diagnosis)
    diagnosis.sections["optional"] = _optional()
    return diagnosis


def _versions(diagnosis: Diagnosis) -> dict[str, Any]:
    from ..version import __version__

    found: dict[str, Any] = {"python": f"{platform.python_version()} ({sys.executable})", "unbend": __version__}
    wanted = dict(_lower_bounds())
    for name, module in ESSENTIAL.items():
        found[name] = _version(name)
        command = f"pip install --upgrade {name}"
        try:
            import_module(module)
        except Exception as error:  # a broken package may raise anything
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            diagnosis.problems.append(say("cli.doctor_not_importable", name=name, reason=reason, command=command))
            continue
        if found[name] is not None and _numbers(found[name]) < _numbers(wanted.get(name, "0")):
            values = {"name": name, "got": found[name], "wanted": wanted[name], "command": command}
            diagnosis.problems.append(say("cli.doctor_too_old", **values))
    return found


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _lower_bounds() -> Iterator[tuple[str, str]]:
    """(distribution, lowest version) as the installed unbend declares them."""
    try:
        declared = requires("unbend") or []
    except PackageNotFoundError:
        declared = []
    for line in declared:
        match = re.fullmatch(r"([\w-]+)>=([\d.]+)", line.partition(";")[0].strip())
        if match and "extra" not in line:
            yield match[1], match[2]


def _numbers(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", text)[:3]]


def _machine(diagnosis: Diagnosis) -> dict[str, Any]:
    from ..bench.environment import processor

    found: dict[str, Any] = {
        "system": platform.platform(),
        "processor": processor(),
        "cores": os.cpu_count(),
    }
    try:
        from ..threads import thread_count

        found["threads"] = thread_count()
        found["compiler"] = _compiles()
    except Exception as error:
        found["compiler"] = False
        diagnosis.problems.append(say("cli.doctor_compiler", reason=str(error)))
    found["blas"] = _blas()
    for name in ("UNBEND_THREADS", "UNBEND_ENGINE", "UNBEND_CACHE", "UNBEND_LANG"):
        if os.environ.get(name):
            found[name] = os.environ[name]
    requested = os.environ.get("UNBEND_THREADS", "")
    if requested and not (requested.isdigit() and int(requested) > 0):
        diagnosis.warnings.append(say("cli.doctor_threads", got=requested))
    return found


def _compiles() -> bool:
    """Compile and run one function; raises what the compiler raises."""
    import numba

    return bool(numba.njit(lambda x: x + 1)(1) == 2)


def _blas() -> str:
    """The BLAS library under NumPy, and its threads where threadpoolctl can tell."""
    try:
        import numpy as np

        built: Any = np.show_config(mode="dicts")
        blas = built["Build Dependencies"]["blas"]
        text = f"{blas['name']} {blas['version']}"
    except (ImportError, KeyError, TypeError):
        return "?"
    try:
        pools = import_module("threadpoolctl").threadpool_info()
    except ImportError:
        return text
    threads = sorted({pool["num_threads"] for pool in pools if pool["user_api"] == "blas"})
    return text + (f", {say('cli.doctor_blas_threads', count=threads[-1])}" if threads else "")


def _folders(diagnosis: Diagnosis) -> dict[str, Any]:
    from ..kernels.cache import cache_folder

    folder = cache_folder()
    writable = _writable(folder)
    kernels = [path for path in (folder / "kernels").rglob("*") if path.is_file()] if folder.is_dir() else []
    found: dict[str, Any] = {
        "cache": str(folder),
        "cache_writable": writable,
        "cache_bytes": sum(path.stat().st_size for path in kernels),
        "kernels": sum(path.suffix == ".py" for path in kernels),
    }
    if not writable:
        diagnosis.warnings.append(say("cli.doctor_cache", path=folder))
    try:
        found["temporary"] = tempfile.gettempdir()
    except OSError:
        found["temporary"] = None
        diagnosis.problems.append(say("cli.doctor_temporary"))
    return found


def _writable(folder: Path) -> bool:
    """Whether a file can be made there, or the folder itself."""
    try:
        while not folder.exists():
            folder = folder.parent
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _terminal(diagnosis: Diagnosis) -> dict[str, Any]:
    encoding = getattr(sys.stdout, "encoding", None) or "?"
    found = {"language": language(), "encoding": encoding, "terminal": sys.stdout.isatty()}
    try:
        "−가".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        diagnosis.warnings.append(say("cli.doctor_encoding", encoding=encoding))
    return found


def _optional() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (use, install) in OPTIONAL.items():
        present = _version(name)
        found[name] = {"version": present, "use": say(f"cli.use_{use}")}
        if present is None:
            found[name]["install"] = f"pip install '{install}'"
    return found
