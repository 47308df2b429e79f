"""`DesignMatrix`: one column for each linear parameter; `System`: the linear system A B = y, printed.

Row i of A times the vector B of parameters is a linear combination; all rows form the system.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import ShapeError
from ..language.tree import Name, Node
from ..printing.mathml import matrix_mathml, number_mathml, to_mathml
from ..printing.tex import to_tex
from ..printing.text import to_text
from .tape import Tape

_DOTS = "<mo>⋮</mo>"


@dataclass(frozen=True)
class DesignMatrix:
    """The columns of the matrix as formulas, one for each of ``parameters``, and the offset: the part without any.

    A linear model is y = sum of columns[j]*parameters[j] + offset.
    """

    parameters: tuple[str, ...]
    columns: tuple[Node, ...]
    offset: Node
    response: Node | None

    @cached_property
    def tape(self) -> Tape[Any]:
        """One tape for the columns, the offset, and the response where there is one."""
        return Tape([*self.columns, self.offset, *([self.response] if self.response is not None else [])])

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns as text: ('x**2', 'x', '1')."""
        return tuple(to_text(c) for c in self.columns)


@dataclass(frozen=True, eq=False)
class System:
    """The linear system A B = y: ``A`` (rows, parameters); ``y`` (rows,), the response minus the offset."""

    design: DesignMatrix
    A: Array
    y: Array

    def product(self, B: Any) -> Array:
        """A B (rows,), each entry a linear combination. Raises ``ShapeError`` where B has another length."""
        B = np.asarray(B, dtype=float)
        if B.shape != (self.A.shape[1],):
            rows, columns = self.A.shape
            got, names = "×".join(map(str, B.shape)) or "1", ", ".join(self.design.parameters)
            raise ShapeError("formula.product_shape", columns=columns, rows=rows, got=got, names=names)
        return np.asarray(self.A @ B)

    def text(self, rows: int = 3) -> str:
        """The first rows of the system in plain text."""
        shown = min(rows, len(self.A))
        cells = [[f"{v:.6g}" for v in row] for row in self.A[:shown]]
        if len(self.A) > shown:
            cells.append(["⋮"] * self.A.shape[1])
        right = [f"{v:.6g}" for v in self.y[:shown]] + ["⋮"] * (len(cells) - shown)
        parts = [_block(cells), _block([[n] for n in self.design.parameters]), _block([[r] for r in right])]
        height = max(map(len, parts))
        parts = [part + [" " * len(part[0])] * (height - len(part)) for part in parts]
        signs = ["="] + [" "] * (height - 1)
        lines = [f"{a} {b} {s} {c}".rstrip() for a, b, s, c in zip(*parts[:2], signs, parts[2], strict=True)]
        return "\n".join([f"A = [ {'  '.join(self.design.texts)} ]", *lines])

    def tex(self, rows: int = 3) -> str:
        """The first rows of the system in LaTeX."""
        shown = min(rows, len(self.A))
        more = r" \\ \vdots" if len(self.A) > shown else ""
        matrix = r" \\ ".join(" & ".join(f"{v:.6g}" for v in row) for row in self.A[:shown])
        dots = (r" \\ " + " & ".join([r"\vdots"] * self.A.shape[1])) if more else ""
        names = r" \\ ".join(to_tex(Name(n)) for n in self.design.parameters)
        right = r" \\ ".join(f"{v:.6g}" for v in self.y[:shown])
        return (
            rf"\begin{{pmatrix}} {matrix}{dots} \end{{pmatrix}} \begin{{pmatrix}} {names} \end{{pmatrix}}"
            rf" = \begin{{pmatrix}} {right}{more} \end{{pmatrix}}"
        )

    def mathml(self, rows: int = 3) -> str:
        """The first rows of the system as a complete MathML element."""
        shown = min(rows, len(self.A))
        more = len(self.A) > shown
        matrix = [[number_mathml(v) for v in row] for row in self.A[:shown]] + [[_DOTS] * self.A.shape[1]] * more
        names = [[to_mathml(Name(n))] for n in self.design.parameters]
        right = [[number_mathml(v)] for v in self.y[:shown]] + [[_DOTS]] * more
        inside = f"{matrix_mathml(matrix)}{matrix_mathml(names)}<mo>=</mo>{matrix_mathml(right)}"
        return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow>{inside}</mrow></math>'


def _block(cells: list[list[str]]) -> list[str]:
    """A matrix in brackets, its columns right-aligned."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["[ " + "  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) + " ]" for row in cells]
