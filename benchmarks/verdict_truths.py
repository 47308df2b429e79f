"""Made-up tables whose truth is known: straight, bent, or nothing at all, for the study of the verdict.

Table k of a truth is the same on every machine: everything is drawn from `numpy.random.default_rng([truth, k])`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

TRUTHS = ("linear", "noise", "bent")
BENT = ("friedman1", "friedman2", "friedman3", "sine", "product", "threshold", "xor")
Array = Any


@dataclass(frozen=True)
class Made:
    """A table with target "y", what it is made of, and the columns that bend (``must``) or may be named (``may``)."""

    table: dict[str, Any]
    task: str
    facts: dict[str, Any]
    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()


def made(truth: str, k: int) -> Made:
    """Table ``k`` of a truth."""
    rng = np.random.default_rng([TRUTHS.index(truth), k])
    return _bent(rng, k) if truth == "bent" else _straight(rng, k, truth == "noise")


def _straight(rng: np.random.Generator, k: int, nothing: bool) -> Made:
    """60-2,000 rows, 2-20 columns, three noise levels; a quarter each with heavy-tailed noise, heavy-tailed columns,
    collinear columns, a category; every fifth with classes, drawn from the logistic model."""
    n, p = int(np.exp(rng.uniform(np.log(60), np.log(2000)))), int(rng.integers(2, 21))
    level = (0.8, 0.5, 0.2)[k % 3]  # share of the variance that the columns explain
    heavy_noise, heavy_columns, collinear, category = (bool(rng.random() < 0.25) for _ in range(4))
    x = rng.standard_t(3, (n, p)) if heavy_columns else rng.normal(size=(n, p))
    if collinear:
        x = 0.2 * x + rng.normal(size=(n, 1))
        x[:, -1] = x[:, 0] + 1e-3 * x[:, -1]
    table: dict[str, Any] = {f"x{j + 1}": x[:, j] for j in range(p)}
    signal = x @ rng.normal(size=p)
    if category:
        label = rng.integers(0, 4, n)
        table["kind"] = np.array(list("abcd"))[label]
        signal = signal + signal.std() * rng.normal(size=4)[label]
    signal = 0 * signal if nothing else signal / signal.std()
    classes = k % 5 == 4
    if classes:
        odds = {0.8: 4.0, 0.5: 2.0, 0.2: 1.0}[level] * signal
        table["y"] = np.where(rng.random(n) < 1 / (1 + np.exp(-odds)), "yes", "no")
    else:
        noise = rng.standard_t(3, n) / np.sqrt(3) if heavy_noise else rng.normal(size=n)
        table["y"] = signal + np.sqrt(1 / level - 1) * noise
    facts = {
        "kind": "classes" if classes else "numbers",
        "rows": n,
        "columns": p + category,
        "level": level,
        "heavy_noise": heavy_noise and not classes,
        "heavy_columns": heavy_columns,
        "collinear": collinear,
    }
    return Made(table, "classification" if classes else "regression", facts)


def _bent(rng: np.random.Generator, k: int) -> Made:
    """500-2,000 rows; signal to noise (variances) 3 or 9; up to five columns that do nothing."""
    kind, ratio = BENT[k % len(BENT)], (3.0, 9.0)[k // len(BENT) % 2]
    n, extra = int(np.exp(rng.uniform(np.log(500), np.log(2000)))), int(rng.integers(0, 6))
    x = _columns(kind, n, rng)
    f = _truth(kind, x)
    table: dict[str, Any] = {f"x{j + 1}": column for j, column in enumerate(x.T)}
    table |= {f"z{j + 1}": rng.normal(size=n) for j in range(extra)}
    if kind == "xor":  # flipped with the probability at which var(P(yes)) / mean(P(yes) P(no)) is the ratio
        flip = 0.5 * (1 - np.sqrt(ratio / (1 + ratio)))
        table["y"] = np.where((f > 0) ^ (rng.random(n) < flip), "yes", "no")
    else:
        table["y"] = f + np.sqrt(f.var() / ratio) * rng.normal(size=n)
    share = bent_shares(kind)
    must, may = (frozenset(f"x{j + 1}" for j in np.flatnonzero(share > least)) for least in (0.1, 0.01))
    facts = {"kind": kind, "rows": n, "columns": x.shape[1] + extra, "level": ratio}
    return Made(table, "classification" if kind == "xor" else "regression", facts, must, may)


def _columns(kind: str, n: int, rng: np.random.Generator) -> Array:
    if kind == "friedman1":
        return rng.random((n, 10))
    if kind in ("friedman2", "friedman3"):  # Friedman 1991, eq. 56-57
        low, high = np.array([0, 40 * np.pi, 0, 1]), np.array([100, 560 * np.pi, 1, 11])
        return low + (high - low) * rng.random((n, 4))
    return rng.uniform(-1, 1, (n, 3))


def _truth(kind: str, x: Array) -> Array:
    a, b, c, *rest = x.T
    if kind == "friedman1":
        return 10 * np.sin(np.pi * a * b) + 20 * (c - 0.5) ** 2 + 10 * rest[0] + 5 * rest[1]
    if kind in ("friedman2", "friedman3"):
        inner = b * c - 1 / (b * rest[0])
        return np.sqrt(a**2 + inner**2) if kind == "friedman2" else np.arctan(inner / np.maximum(a, 1e-12))
    return {"sine": np.sin(np.pi * a) + 0.5 * b, "product": a * b + 0.3 * c, "threshold": (a > 0.2) + 0.2 * b,
            "xor": a * b}[kind]  # fmt: skip


def bent_shares(kind: str) -> Array:
    """(columns,) fraction of the linear model's residual variance that needs each column: total Sobol indices of the
    truth less its least-squares plane, by 20,000 pairs of draws (Jansen 1999)."""
    rng = np.random.default_rng(0)
    x, other = _columns(kind, 20_000, rng), _columns(kind, 20_000, rng)

    def value(rows: Array) -> Array:
        return np.sign(_truth(kind, rows)) if kind == "xor" else _truth(kind, rows)

    plane = np.linalg.lstsq(np.c_[np.ones(len(x)), x], value(x), rcond=None)[0]

    def rest(rows: Array) -> Array:
        return value(rows) - np.c_[np.ones(len(rows)), rows] @ plane

    shares = []
    for j in range(x.shape[1]):
        mixed = x.copy()
        mixed[:, j] = other[:, j]
        shares.append(np.mean((rest(x) - rest(mixed)) ** 2) / 2 / rest(x).var())
    return np.array(shares)
