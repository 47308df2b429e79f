"""Tables in, numbers out: read a table from anywhere, pose the problem, turn columns into numbers.

`read_table` reads; `pose` says what is to be learned from what, and what was done to the data; `Encoder` turns the
columns into a matrix of numbers, learned from given rows only.
"""

from __future__ import annotations

from .columns import Column
from .encoder import Encoder
from .files import shipped_sets
from .minibatches import minibatches
from .notes import Note
from .problem import MIN_ROWS, Problem, pose
from .source import read_table

__all__ = ["MIN_ROWS", "Column", "Encoder", "Note", "Problem", "minibatches", "pose", "read_table", "shipped_sets"]
