"""`Settings`: hyperparameters of the network model's training, chosen by the number of rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Hyperparameters of the network model; `for_rows` adapts them to the number of rows alone.

    In each fold one network with ``hidden`` layers takes the standardised columns, another one these and their
    piecewise linear encoding (`PiecewiseEncoding`: at most ``bins`` per column). ``members`` of each kind, from as many
    folds, make up the network model. All are trained with AdamW and a cosine schedule on ``steps`` minibatches, in
    ``rounds``: after each the held-out loss is computed.
    """

    members: int = 5
    hidden: tuple[int, ...] = (64, 64)
    activation: str = "gelu"
    learning_rate: float = 0.01
    weight_decay: float = 0.03
    batch_size: int = 32
    steps: int = 3000
    max_rounds: int = 120
    bins: int = 32

    @classmethod
    def for_rows(cls, rows: int) -> Settings:
        """Small batches for few rows (at least eight per epoch); larger ones and more bins for many."""
        batch = 32 if rows < 5_000 else 128 if rows < 20_000 else 256
        return cls(batch_size=min(batch, max(4, rows // 8)), bins=32 if rows < 5_000 else 64)

    @property
    def rounds(self) -> int:
        """How often the held-out loss is computed."""
        return max(1, min(self.max_rounds, self.steps))
