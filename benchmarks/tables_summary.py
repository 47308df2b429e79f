"""The result table of `tables.py`, Markdown: ranks, ratios to the best peer, tables lost, processor seconds."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine

MARGIN = 1.05  # a loss this many times the best peer's counts as a table lost
PACKAGES = ("scikit-learn", "lightgbm", "xgboost", "catboost", "pytabkit", "torch", "numpy", "pandas")
Losses = dict[str, dict[int, dict[str, float]]]


def read_results(file: Path) -> list[dict[str, Any]]:
    """The rows of a JSON lines file, the last of each job; none where there is no file."""
    rows = map(json.loads, file.read_text().splitlines()) if file.exists() else ()
    return list({(row["table"], row["split"]): row for row in rows}.values())


def write_summary(work: Path, group: str, version: str, out: Path) -> None:
    """Write the summary of one group of tables and one version of unbend."""
    from tables_sets import GROUPS

    files = [f for f in (work / "results").glob("*.jsonl") if not f.stem.startswith("unbend-")]
    own = work / "results" / f"unbend-{version}.jsonl"
    rows = [row for file in [*files, own] for row in read_results(file) if row["table"] in GROUPS[group]]
    for row in rows:
        row["model"] = "unbend" if row["model"].startswith("unbend") else row["model"]
    described = {name: json.loads((work / "data" / f"{name}.json").read_text()) for name in GROUPS[group]}
    out.write_text(summary(rows, described, group), encoding="utf-8")
    print(out.read_text())


def summary(rows: list[dict[str, Any]], described: dict[str, dict[str, Any]], group: str) -> str:
    """The text: totals per model, then a line per table."""
    losses: Losses = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        if "loss" in row:
            losses[row["table"]][row["split"]][row["model"]] = row["loss"]
    own = {name: {s: m for s, m in splits.items() if "unbend" in m} for name, splits in losses.items()}
    own = {name: own[name] for name in described if own.get(name)}
    models = sorted({row["model"] for row in rows}, key=lambda model: (model != "unbend", model))
    best = {name: best_peer(splits) for name, splits in own.items()}
    ratios = np.array([ratio for _, ratio in best.values()])
    lost = [name for name, (_, ratio) in best.items() if ratio > MARGIN]
    alone = network_alone(rows, own)
    everyone = {n: {s: m for s, m in splits.items() if len(m) == len(models)} for n, splits in own.items()}
    without = {
        n: {s: {k: v for k, v in m.items() if k != "RealMLP"} for s, m in splits.items()} for n, splits in own.items()
    }
    errors = sorted({f"{row['model']} on {row['table']}: {row['error']}" for row in rows if "error" in row})
    lines = [
        f"# Real tables, beside boosted trees and RealMLP ({group})",
        "",
        machine(PACKAGES) + ".",
        "",
        f"`benchmarks/tables.py`: {len(own)} tables, {sum(map(len, own.values()))} splits, one thread each. RMSE or",
        "log loss on a quarter of the rows. *Ratio*: unbend's loss over that of the best peer of the table, mean over",
        "splits on a log scale. Nothing was tuned per table; the peers' settings are in `tables_peers.py`.",
        "",
        f"- against the best peer of each table, geometric mean: **{np.exp(np.log(ratios).mean()):.3f}**",
        f"- ahead of every peer on {np.sum(ratios < 1)} of {len(ratios)} tables",
        f"- lost by more than 5 %: {len(lost)}" + (f" ({', '.join(lost)})" if lost else ""),
        f"- with the network whatever the verdict: {np.exp(np.log(alone).mean()):.3f}, lost {np.sum(alone > MARGIN)}",
        f"- verdicts: {verdicts(rows)}",
        "",
        "| model | mean rank | mean rank where all ran | tables won | seconds a job, all | without refit | jobs |",
        "|---|---|---|---|---|---|---|",
    ]
    trees, full = mean_ranks(without), mean_ranks(everyone)
    wins = winners(own)
    for model in models:
        mine = [
            row for row in rows if row["model"] == model and "loss" in row and row["split"] in own.get(row["table"], {})
        ]
        spent, early = ([row.get(key, row["seconds"]) for row in mine] for key in ("seconds", "early_seconds"))
        rank = f"{trees[model]:.2f}" if model in trees else "–"
        every = f"{full[model]:.2f}" if model in full else "–"
        total = f"{np.mean(spent):.1f}, {np.sum(spent):.0f}" if spent else "–"
        lines.append(
            f"| {model} | {rank} | {every} | {wins.get(model, 0)} | {total} | {np.sum(early):.0f} | {len(spent)} |"
        )
    complete = sum(map(len, everyone.values()))
    lines += [
        "",
        f"The first *mean rank* is without RealMLP; all models ran on {complete} of the splits, RealMLP on as many as",
        "its time allowed, small tables first. Processor seconds are those of fitting and predicting; *without refit*:",
        "those of the model that was stopped early, before it is fitted again to all training rows.",
        "",
        f"| table | rows | columns (categories) | missing | {' | '.join(models)} | ratio to the best |",
        "|---|---|---|---|" + "---|" * (len(models) + 1),
    ]
    for name, splits in own.items():
        facts = described[name]
        cells = " | ".join(mean_loss(splits, model) for model in models)
        kind = f"{facts['columns']} ({facts['categories']})"
        peer, ratio = best[name]
        lines.append(f"| {name} | {facts['rows']:,} | {kind} | {facts['missing']:,} | {cells} | {ratio:.3f} ({peer}) |")
    lines += ["", *(f"- failed: {error}" for error in errors)] if errors else []
    return "\n".join(lines) + "\n"


def best_peer(splits: dict[int, dict[str, float]]) -> tuple[str, float]:
    """The peer with the largest mean log ratio of unbend's loss to its own, and that ratio."""
    logs = defaultdict(list)
    for by_model in splits.values():
        for model, loss in by_model.items():
            if model != "unbend":
                logs[model].append(np.log(by_model["unbend"] / loss))
    return max(((model, float(np.exp(np.mean(found)))) for model, found in logs.items()), key=lambda pair: pair[1])


def network_alone(rows: list[dict[str, Any]], own: dict[str, dict[int, dict[str, float]]]) -> np.ndarray[Any, Any]:
    """The ratios to the best peer of each table if unbend's network always answered."""
    network = {(row["table"], row["split"]): row["network_loss"] for row in rows if "network_loss" in row}
    replaced = {n: {s: m | {"unbend": network[n, s]} for s, m in splits.items()} for n, splits in own.items()}
    return np.array([best_peer(splits)[1] for splits in replaced.values()])


def verdicts(rows: list[dict[str, Any]]) -> str:
    """How often each verdict was given."""
    counts = Counter(row["verdict"].replace("_", " ") for row in rows if "verdict" in row)
    return ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())


def mean_ranks(tables: Losses | dict[str, dict[int, dict[str, float]]]) -> dict[str, float]:
    """Each model's rank by loss, mean over splits and then over tables; ties share."""
    from scipy.stats import rankdata

    by_table = defaultdict(list)
    for splits in tables.values():
        ranks = defaultdict(list)
        for by_model in splits.values():
            for model, rank in zip(by_model, rankdata(list(by_model.values())), strict=True):
                ranks[model].append(rank)
        for model, found in ranks.items():
            by_table[model].append(np.mean(found))
    return {model: float(np.mean(found)) for model, found in by_table.items()}


def winners(tables: dict[str, dict[int, dict[str, float]]]) -> dict[str, int]:
    """How many tables each model has the smallest mean loss of."""
    counts: dict[str, int] = defaultdict(int)
    for splits in tables.values():
        means = {m: np.mean([s[m] for s in splits.values() if m in s]) for m in {m for s in splits.values() for m in s}}
        counts[min(means, key=lambda model: float(means[model]))] += 1
    return counts


def mean_loss(splits: dict[int, dict[str, float]], model: str) -> str:
    """The mean loss over the splits that the model ran on; "–" where it ran on none."""
    found = [by_model[model] for by_model in splits.values() if model in by_model]
    return f"{np.mean(found):.4g}" if found else "–"
