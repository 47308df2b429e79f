"""Everything that decides how the network side is trained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Adapts to the number of rows alone.

    ``members`` networks of ``hidden`` layers see the standardised columns, as many others see these and their curves
    (`Hinges`: at most ``pieces`` to a column). All are trained with AdamW and a cosine schedule, each holding out a
    ``held_out`` share of the rows (each two of a kind the same) to keep the best weights by. ``steps`` minibatches per
    member, in ``rounds``: after each the rows held out are looked at.
    """

    members: int = 4
    hidden: tuple[int, ...] = (64, 64)
    activation: str = "gelu"
    rate: float = 0.01
    decay: float = 0.01
    held_out: float = 0.125
    batch_size: int = 32
    steps: int = 3000
    most_rounds: int = 60
    pieces: int = 32

    @classmethod
    def for_rows(cls, rows: int) -> Settings:
        """Small batches for few rows (at least eight to an epoch); more, larger ones and more pieces for many."""
        batch = 32 if rows < 5_000 else 128 if rows < 20_000 else 256
        steps, pieces = (3000, 32) if rows < 5_000 else (6000, 64)
        return cls(batch_size=min(batch, max(4, rows // 8)), steps=steps, pieces=pieces)

    @property
    def rounds(self) -> int:
        """How often the rows held out are looked at."""
        return max(1, min(self.most_rounds, self.steps))
