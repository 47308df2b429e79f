"""Exported Python code of the pages runs."""

from __future__ import annotations

import unbend as ub
from unbend.lab import bend, bend_pieces, combinations, spaces, straight
from unbend.lab.curve_fit import CurveFit
from unbend.lab.draggable_points import parse_points

from .conftest import defaults


def test_exported_code_runs() -> None:
    own = {"space": "own", "n": 1, "add": "u*v", "scale": "u**a", "member": "u > 0"}
    straight_values = defaults(straight.fields)
    made = CurveFit(straight.parse_formula(straight_values), parse_points("0 1; 1 2; 2 4"))
    for code in (
        spaces.python(defaults(spaces.fields)),
        spaces.python(defaults(spaces.fields, **own)).replace("print(ub.check_axioms(space))", ""),
        combinations.combination_python(defaults(spaces.fields, vectors="1/2 0; 0 1")),
        made.python(),
        straight.python(ub.Formula("y = a*x + b", variables=["x"])),
        bend_pieces.python(defaults(bend.fields, bend="relu")),
        bend_pieces.python(defaults(bend.fields, bend="sigmoid")),
    ):
        exec(compile(code, "exported", "exec"), {"print": lambda *_: None})
