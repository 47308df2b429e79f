"""Fully connected networks in plain NumPy that a student can read."""

from .epoch import Recipe, Stack, infer, run_epoch
from .files import load, save
from .gradient_check import GradientCheck, check_gradient
from .layers import Dense, Layer
from .losses import Loss, loss, losses, softmax
from .network import Network
from .optimizers import Optimizer, optimizer, optimizers, with_l1
from .scaling import Scaler, fold, unfold
from .trace import Trace

__all__ = [
    "Dense",
    "GradientCheck",
    "Layer",
    "Loss",
    "Network",
    "Optimizer",
    "Recipe",
    "Scaler",
    "Stack",
    "Trace",
    "check_gradient",
    "fold",
    "infer",
    "load",
    "loss",
    "losses",
    "optimizer",
    "optimizers",
    "run_epoch",
    "save",
    "softmax",
    "unfold",
    "with_l1",
]
