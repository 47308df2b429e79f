"""Tables: reading them from any source, posing a learning problem, and encoding columns as numbers.

`read_table` reads; `pose_problem` states what is to be predicted from what, with notes on what was done to the data;
`Encoder` turns the columns into a matrix of numbers, fitted on given rows only; `minibatches` draws rows at random.
"""

from __future__ import annotations

from .column import Column
from .column_arrays import ColumnArrays
from .encoder import Encoder
from .file_reader import shipped_sets
from .minibatches import minibatches
from .notes import Note
from .problem import MIN_ROWS, Problem, pose_problem
from .read_options import ReadOptions
from .reader import read_table

__all__ = [
    "MIN_ROWS",
    "Column",
    "ColumnArrays",
    "Encoder",
    "Note",
    "Problem",
    "ReadOptions",
    "minibatches",
    "pose_problem",
    "read_table",
    "shipped_sets",
]
