"""The optimizers: one record each, as formulas of one parameter ``p`` and its gradient ``g``.

The names in the formulas are part of a checkpoint's identity (`train.state`): changing one makes older checkpoints
those of another training.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from ..arrays import Array
from ..display import Registry
from ..errors import ShapeError
from ..formula.printing.numpy_functions import numpy_function


@dataclass(frozen=True)
class Optimizer:
    """An update rule for parameters.

    Parameters
    ----------
    name : str
    steps : tuple of (str, str)
        (name, formula) pairs. The formulas use ``p`` (parameter), ``g`` (gradient), the state, ``rate`` (learning
        rate), ``decay`` (weight decay; 0 for biases) and the bias corrections ``c1`` = 1 - 0.9^t and ``c2`` =
        1 - 0.999^t of step t, from 1; they end in ``new`` and the new state ``new_…``.
    state : tuple of str, default ()
        The names of the state per parameter, 0 at first.
    """

    name: str
    steps: tuple[tuple[str, str], ...]
    state: tuple[str, ...] = ()

    @cached_property
    def move(self) -> Callable[..., tuple[Array, ...]]:
        """(p, g, *state, rate, decay, c1, c2) -> (new, *new state), on arrays."""
        results = ("new", *(f"new_{name}" for name in self.state), "")  # the last "" makes a tuple of one, too
        return numpy_function(("p", "g", *self.state, "rate", "decay", "c1", "c2"), self.steps, results)


_L2 = ("d", "g + decay*p")  # weight decay as part of the gradient
BETAS = 0.9, 0.999  # Adam's decay rates of the first and the second moment
_BETA1, _BETA2 = BETAS
# Denormal numbers would make every step ten times slower once a network fits: moments below 1e-18 count as 0, and no
# gradient counts as smaller than 1e-15 where it is squared. Both are far below the 1e-8 they are compared with.
_MOMENTS = (
    ("kept", f"{_BETA1}*m + {round(1 - _BETA1, 12)}*d"),
    ("new_m", "where(abs(kept) < 1e-18, 0*kept, kept)"),
    ("size", "max(abs(d), 1e-15)"),
    ("new_v", f"{_BETA2}*v + {round(1 - _BETA2, 12)}*(size*size)"),
    ("q", "(new_m/c1)/(sqrt(new_v/c2) + 1e-8)"),
)
optimizers: Registry[Optimizer] = Registry(
    [
        Optimizer("sgd", (_L2, ("new", "p - rate*d"))),
        # Sutskever et al. 2013, eq. 1-2, with momentum 0.9
        Optimizer(
            "momentum",
            (
                _L2,
                ("kept", "0.9*v - rate*d"),
                ("new_v", "where(abs(kept) < 1e-18, 0*kept, kept)"),
                ("new", "p + new_v"),
            ),
            ("v",),
        ),
        # Kingma & Ba 2015, algorithm 1
        Optimizer("adam", (_L2, *_MOMENTS, ("new", "p - rate*q")), ("m", "v")),
        # Loshchilov & Hutter 2019, algorithm 2: decoupled weight decay
        Optimizer("adamw", (("d", "g"), *_MOMENTS, ("new", "p - rate*(q + decay*p)")), ("m", "v")),
    ]
)


def optimizer(which: str | Optimizer) -> Optimizer:
    """The record of that name. Raises ``ShapeError`` for an unknown one."""
    if isinstance(which, Optimizer):
        return which
    if which not in optimizers:
        raise ShapeError("network.no_such_optimizer", got=which, known=", ".join(optimizers))
    return optimizers[which]


def with_l1(which: str | Optimizer) -> Optimizer:
    """The same optimizer with an L1 penalty in place of weight decay.

    After each step a weight is soft-thresholded by ``rate * decay``: the proximal operator of decay * |p| (Daubechies,
    Defrise & De Mol 2004), decoupled from the gradient as in AdamW. So weights become exactly 0.
    """
    record = optimizer(which)
    # momentum stores the actual change of a weight (Ochs et al. 2014, iPiano), or the penalty would count a tenth
    renames = {"new": "moved", "new_v": "speed"} if record.name == "momentum" else {"new": "moved"}
    names = re.compile(r"\b(decay|" + "|".join(renames) + r")\b")
    substitutes = {"decay": "0", **renames}
    steps = [
        (renames.get(name, name), names.sub(lambda match: substitutes[match[0]], text)) for name, text in record.steps
    ]
    thresholded = ("new", "where(moved > less, moved - less, where(moved < -less, moved + less, 0*moved))")
    change = [("new_v", "new - p")] if "new_v" in renames else []
    return Optimizer(f"{record.name}_l1", (*steps, ("less", "rate*decay"), thresholded, *change), record.state)


def corrections(step: int) -> tuple[float, float]:
    """The bias corrections (c1, c2) of step t = 1, 2, …"""
    return 1 - _BETA1**step, 1 - _BETA2**step
