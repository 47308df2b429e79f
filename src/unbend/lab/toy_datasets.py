"""Six two-dimensional toy data sets: four for classification into two classes, two for regression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from ..arrays import Array

ROWS = 400
Generator = Callable[[np.random.Generator, float], tuple[Array, Array]]


def _circle(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    """A disc inside a ring."""
    y = np.arange(ROWS) % 2
    radius = np.where(y == 1, rng.uniform(0, 2.5, ROWS), rng.uniform(3.5, 5, ROWS))
    angle = rng.uniform(0, 2 * np.pi, ROWS)
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return x + noise * rng.normal(0, 2, (ROWS, 2)), y


def _xor(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    """XOR of the signs: quadrants of equal signs against those of unequal ones, with a gap between."""
    x = rng.uniform(-5, 5, (ROWS, 2))
    x += 0.3 * np.sign(x)
    y = (x[:, 0] * x[:, 1] > 0).astype(np.int64)
    return x + noise * rng.normal(0, 3, (ROWS, 2)), y


def _clouds(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    """Two round Gaussian clouds."""
    y = np.arange(ROWS) % 2
    centre = np.where(y == 1, 2.0, -2.0)[:, None]
    return centre + rng.normal(0, 0.8 + 3 * noise, (ROWS, 2)), y


def _spiral(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    """Two interleaved spiral arms."""
    y = np.arange(ROWS) % 2
    t = np.sqrt(rng.uniform(0.01, 1, ROWS))
    angle = 1.75 * 2 * np.pi * t + np.pi * y
    x = 5 * t[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    return x + noise * rng.normal(0, 1.5, (ROWS, 2)), y


def _plane(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    """An inclined plane: a linear model fits it exactly when there is no noise."""
    x = rng.uniform(-5, 5, (ROWS, 2))
    return x, (x[:, 0] + x[:, 1]) / 5 + noise * rng.normal(0, 2, ROWS)


def _hills(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    """Three positive and three negative Gaussian bumps."""
    x = rng.uniform(-5, 5, (ROWS, 2))
    centres = np.array([[-3, 2.5], [0, 2.5], [3, 2.5], [-3, -2.5], [0, -2.5], [3, -2.5]])
    sign = np.array([1, -1, 1, -1, 1, -1])
    squared_distance = ((x[:, None, :] - centres) ** 2).sum(axis=2)
    return x, (sign * np.exp(-squared_distance / 2.5)).sum(axis=1) + noise * rng.normal(0, 1, ROWS)


TOY_DATASETS: Mapping[str, Generator] = MappingProxyType(
    {"circle": _circle, "xor": _xor, "clouds": _clouds, "spiral": _spiral, "plane": _plane, "hills": _hills}
)
