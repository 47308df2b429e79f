"""The results as tables in Markdown, and as a plot of time against width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..words import say


def training_table(results: dict[str, Any]) -> str:
    """One line per network: milliseconds of ``unbend``, and the others' times relative to it."""
    names = list(next(iter(results.values())))
    head = [say("engine.network"), "unbend (ms)", *(f"{n} (×)" for n in names if n != "unbend")]
    lines = [[name, _number(found["unbend"]["seconds"] * 1e3), *(_times(found[n]) for n in names if n != "unbend")]
             for name, found in results.items()]  # fmt: skip
    return _table(head, lines)


def inference_table(results: dict[str, Any]) -> str:
    """One line per network and number of rows: microseconds of every backend."""
    names = list(next(iter(results.values())))
    head = [say("engine.network_rows"), *(f"{n} (µs)" for n in names)]
    lines = [[name, *(_micro(found[n]) for n in names)] for name, found in results.items()]
    return _table(head, lines)


def width_table(results: dict[str, Any]) -> str:
    """Microseconds per row of an epoch for each width."""
    names = list(next(iter(results.values())))
    head = [say("engine.width"), *(f"{n} (µs)" for n in names)]
    lines = [[width, *(_micro(found[n]) for n in names)] for width, found in results.items()]
    return _table(head, lines)


def value_table(head: list[str], results: dict[str, Any], factor: float = 1.0) -> str:
    """Name and number, or name and several numbers."""
    lines = [[name, *(_number(v * factor) for v in (found if isinstance(found, list | tuple) else [found]))]
             for name, found in results.items()]  # fmt: skip
    return _table(head, lines)


def plot_widths(results: dict[str, Any], path: Path) -> None:
    """Time per row against width, both on logarithmic scales."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
    widths = [int(w) for w in results]
    for name in next(iter(results.values())):
        points = [(w, found[name]["seconds"] * 1e6) for w, found in zip(widths, results.values(), strict=True)
                  if found[name]["seconds"]]  # fmt: skip
        if points:
            x, y = zip(*points, strict=True)
            axes.plot(x, y, marker="o", markersize=3, label=name, lw=2.4 if name == "unbend" else 1.2)
    axes.set(xscale="log", yscale="log", xlabel="width w of 64-w-10, batch 100", ylabel="µs per row of an epoch")
    axes.set_xticks([2**k for k in range(1, 12)], [str(2**k) for k in range(1, 12)])
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=130)
    pyplot.close(figure)


def _table(head: list[str], lines: list[list[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _number(value: float) -> str:
    return f"{value:.3g}" if value < 1_000 else f"{value:,.0f}"


def _times(entry: dict[str, Any]) -> str:
    return _number(entry["ratio"]) if entry["seconds"] else "–"


def _micro(entry: dict[str, Any]) -> str:
    return _number(entry["seconds"] * 1e6) if entry["seconds"] else "–"
