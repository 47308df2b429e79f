"""Exported code, compiled and run: rows in, answers out, one process for many models."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from unbend.export import exported

C_FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]


def c_literal(value: float) -> str:
    value = float(value)
    return repr(value) if np.isfinite(value) else "NAN" if value != value else "-INFINITY" if value < 0 else "INFINITY"


def run_c(folder: Path, models: dict[str, Any], rows: dict[str, np.ndarray], call: str = "output") -> dict[str, Any]:
    """``{name: answers}``: each model a file of its own, one program that calls them all."""
    body, files = ["#include <stdio.h>", "#include <math.h>"], []
    main = []
    for name, (model, outputs, labels) in models.items():
        path = folder / f"{name}.c"
        path.write_text(exported(model, "c", name, classes=labels), encoding="utf-8")
        files.append(path)
        real = "float" if rows[name].dtype == np.float32 else "double"
        n, width = rows[name].shape
        body.append(f"void {name}_{call}(const {real} x[{width}], {real} y[{outputs}]);")
        data = ", ".join(c_literal(v) for v in rows[name].ravel())
        main.append(
            f"{{ static const {real} x[{n * width}] = {{{data}}}; {real} y[{outputs}];\n"
            f"for (int i = 0; i < {n}; i++) {{ {name}_{call}(x + i * {width}, y);\n"
            f'for (int j = 0; j < {outputs}; j++) printf("%.17g ", (double)y[j]); }} printf("\\n"); }}'
        )
    (folder / "main.c").write_text("\n".join([*body, "int main(void) {", *main, "return 0; }"]))
    subprocess.run(["gcc", *C_FLAGS, "-o", folder / "all", folder / "main.c", *files, "-lm"], check=True)
    lines = subprocess.run([folder / "all"], capture_output=True, text=True, check=True).stdout.splitlines()
    return {
        name: np.array([float(v) for v in line.split()]).reshape(len(rows[name]), -1)
        for name, line in zip(models, lines, strict=True)
    }


def run_javascript(
    folder: Path, models: dict[str, Any], rows: dict[str, np.ndarray], call: str = "output"
) -> dict[str, Any]:
    lines = []
    for name, (model, _, labels) in models.items():
        (folder / f"{name}.mjs").write_text(exported(model, "js", name, classes=labels), encoding="utf-8")
        data = "[" + ", ".join("[" + ", ".join(js_literal(v) for v in row) + "]" for row in rows[name]) + "]"
        lines.append(f'import * as {name} from "./{name}.mjs";')
        lines.append(f"console.log(JSON.stringify({data}.map({name}.{call}).map((y) => [].concat(y).map(String))));")
    (folder / "all.mjs").write_text("\n".join(lines), encoding="utf-8")
    printed = subprocess.run(["node", folder / "all.mjs"], capture_output=True, text=True, check=True).stdout
    answers = [json.loads(line) for line in printed.splitlines()]
    return {name: _numbers(answer) for name, answer in zip(models, answers, strict=True)}


def js_literal(value: float) -> str:
    return "NaN" if value != value else repr(float(value)).replace("inf", "Infinity")


def _numbers(texts: Any) -> np.ndarray:
    try:
        return np.array([[float(t.replace("Infinity", "inf")) for t in row] for row in texts])
    except ValueError:
        return np.array(texts)


def run_python(
    folder: Path, models: dict[str, Any], rows: dict[str, np.ndarray], call: str = "output"
) -> dict[str, Any]:
    found = {}
    for name, (model, _, labels) in models.items():
        space: dict[str, Any] = {}
        exec(compile(exported(model, "python", name, classes=labels), name, "exec"), space)
        found[name] = np.array([space[call](row.tolist()) for row in rows[name]])
    return found


# target: (the program that it needs, how its code is run)
RUNNERS: dict[str, tuple[str, Callable[..., dict[str, Any]]]] = {
    "c": ("gcc", run_c),
    "js": ("node", run_javascript),
    "python": ("python3", run_python),
}
