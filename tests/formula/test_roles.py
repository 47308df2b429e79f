"""Roles of names: declared, or guessed by the conventions of mathematics."""

import pytest

from unbend.errors import FormulaError
from unbend.solve import Formula


def test_roles_of_names() -> None:
    guessed = Formula("y = b2*x + b10 + b1*t")
    assert (guessed.variables, guessed.parameters, guessed.guessed) == (("x", "t"), ("b1", "b2", "b10"), True)
    assert Formula("무게 = a*나이 + b").variables == ("나이",)
    assert Formula("y = a*x", variables=["a"]).parameters == ("x",)
    assert Formula("y = a*x", parameters=["x"]).variables == ("a",)
    assert Formula("y = e*x", parameters=["e"]).parameters == ("e",)
    assert Formula("y = e*x").parameters == ()
    assert Formula("y = a*x + b", variables=["x"], parameters=["b", "a"]).parameters == ("b", "a")
    for arguments in ({"variables": ["z"]}, {"variables": ["x"], "parameters": ["x", "a"]},
                      {"variables": ["x"], "parameters": []}):  # fmt: skip
        with pytest.raises(FormulaError):
            Formula("y = a*x", **arguments)  # type: ignore[arg-type]
    with pytest.raises(FormulaError, match="both sides"):
        Formula("y = a*y")
