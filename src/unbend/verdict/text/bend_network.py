"""`BendTraining`: a network on learned n-gram vectors, trained as a correction to a linear model's outputs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ...arrays import Array
from ...kernels.sources import load_kernels
from ...network import Network
from ...text.sparse_rows import SparseRows
from ...train.schedules import cosine

KERNEL = "unbend.verdict.text.bend_kernel"
LEAST_VISITS = 3_000  # rows of a round: with fewer, bends planted in few texts were not learned


@dataclass(frozen=True)
class BendSettings:
    """Hyperparameters: ``vector`` numbers per n-gram, of the ``most`` frequent ones; ``neurons`` with ReLU.

    The training has ``rounds`` of so many ``passes`` over the rows; after each round the held-out loss is computed. A
    pass leaves out n-grams with the probability ``dropout``; the learning ``rate`` falls along a cosine. ``spread`` is
    the vectors' standard deviation at the start, ``first_sum`` the sum of squared slopes that Adagrad begins with.
    """

    vector: int = 8
    neurons: int = 16
    most: int = 1 << 15
    rounds: int = 12
    passes: int = 1
    dropout: float = 0.5
    rate: float = 0.2
    spread: float = 0.1
    first_sum: float = 0.1

    @classmethod
    def for_rows(cls, rows: int) -> BendSettings:
        """The fewer rows, the more passes: a training that has seen few rows says nothing about bends."""
        return cls(passes=-(-LEAST_VISITS // rows))


class Parameters(NamedTuple):
    """The vectors (columns * d,) and the network's weights, as the kernel has them."""

    vectors: Array
    weights: Array


class BendTraining:
    """The network of some rows.

    Parameters
    ----------
    rows : SparseRows
        (n, n-grams), the n-grams that have vectors.
    dense : ndarray of shape (n, p)
        Further inputs, about as large as 1.
    base : ndarray of shape (n, k)
        The linear model's outputs, of models that were not fitted to the row.
    targets : ndarray of shape (n,)
        Class numbers, or numbers about as large as 1.
    classes : int
        0 for numbers.
    seed : int
    """

    def __init__(
        self,
        rows: SparseRows,
        dense: Array,
        base: Array,
        targets: Array,
        classes: int,
        seed: int,
        settings: BendSettings | None = None,
    ) -> None:
        self.settings = settings = settings or BendSettings()
        self.rows, self._targets = rows, np.ascontiguousarray(targets, np.float64)
        self._dense = np.ascontiguousarray(dense, np.float32).reshape(-1)
        self._base = np.ascontiguousarray(base, np.float64).reshape(-1)
        d, p, m, k = settings.vector, dense.shape[1], settings.neurons, base.shape[1]
        self._sizes = np.array([d, p, m, k, min(classes, 3) - 1 if classes else 0], np.int64)
        self._kernels = load_kernels(KERNEL)
        self._rng = np.random.default_rng(seed)
        vectors = self._rng.normal(0, settings.spread, rows.width * d).astype(np.float32)
        inner = self._rng.normal(0, np.sqrt(2 / (d + p)), (d + p) * m)
        self.parameters = Parameters(vectors, np.concatenate([inner, np.zeros(m + m * k + k)]))
        self._sums = Parameters(*(np.full_like(a, settings.first_sum) for a in self.parameters))
        self._random = self._rng.integers(0, 1 << 32, 1)
        self._done = 0

    @property
    def completed(self) -> float:
        """The fraction of all passes that were made."""
        return self._done / (self.settings.rounds * self.settings.passes)

    def advance(self, which: Array, deadline: float | None = None) -> float:
        """One round over some rows (k,), in another order each pass; their mean loss in the last pass.

        After the ``deadline`` (``time.monotonic()`` seconds) no further pass is begun.
        """
        for _ in range(self.settings.passes):
            loss = self._pass(np.asarray(which, np.int64), self.settings.rate * cosine(self.completed))
            self._done += 1
            if deadline is not None and time.monotonic() > deadline:
                break
        return loss

    def _pass(self, which: Array, rate: float) -> float:
        return float(
            self._kernels.train_epoch(
                *self._csr,
                self._dense,
                self._base,
                self._targets,
                self._rng.permutation(which),
                self._sizes,
                self.settings.dropout,
                rate,
                self._random,
                self.parameters.vectors,
                self._sums.vectors,
                self.parameters.weights,
                self._sums.weights,
            )
        )

    def snapshot(self) -> Parameters:
        """The parameters as they are now."""
        return Parameters(*(a.copy() for a in self.parameters))

    def corrections(self, which: Array, parameters: Parameters | None = None) -> Array:
        """What the network adds to the linear model's outputs of some rows, (len(which), k)."""
        out = np.empty(len(which) * self._sizes[3])
        rows = np.ascontiguousarray(which, np.int64)
        self._kernels.outputs_of(*self._csr, self._dense, rows, self._sizes, *(parameters or self.parameters), out)
        return out.reshape(len(which), -1)

    def network(self, parameters: Parameters) -> Network:
        """The network of the sum of vectors and the further inputs, (d + p) -> k."""
        d, p, m, k = (int(n) for n in self._sizes[:4])
        cuts = np.cumsum([(d + p) * m, m, m * k])
        W1, b1, W2, b2 = np.split(parameters.weights, cuts)
        return Network.from_arrays([(W1.reshape(-1, m), b1), (W2.reshape(m, k), b2)], ["relu", "identity"], "float64")

    @property
    def _csr(self) -> tuple[Array, Array, Array]:
        return self.rows.row_starts, self.rows.columns, self.rows.values
