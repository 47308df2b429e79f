"""Activation functions: one record each (`table`), or made from a user's formula (`lookup`)."""

from .lookup import activation
from .record import Activation
from .table import activations

__all__ = ["Activation", "activation", "activations"]
