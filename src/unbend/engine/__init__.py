"""The same network as in ``network/``, fast: one call trains an epoch, one call infers."""

from .epoch import infer, run_epoch

__all__ = ["infer", "run_epoch"]
