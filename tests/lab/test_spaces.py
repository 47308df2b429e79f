"""The page Spaces: answers and pictures; formulas are parsed by the grammar alone; own spaces in a subprocess."""

from __future__ import annotations

import json

import pytest

from unbend.errors import BadInput
from unbend.lab import spaces

from .conftest import defaults, parse_svg


def test_catalogue_space_is_checked() -> None:
    values = defaults(spaces.fields, space="two_crossing_lines")
    result = spaces.check(values)
    assert result["kind"] == "bad" and "V1" in result["pictures"]
    assert result["table"].count("<tr>") == 11
    assert "V1" in spaces.picture(result, "auto") and "V3" in spaces.picture(result, "V3")
    assert json.loads(spaces.as_json(result))["is_vector_space"] is False
    parse_svg(spaces.picture(result, "auto"))


def test_custom_spaces_are_parsed_not_executed() -> None:
    own = defaults(spaces.fields, space="own", n=1)
    for bad in ({"add": "u + v)"}, {"scale": "__import__('os').getpid()"}, {"member": "u1 >"}, {"add": "x + v"}):
        with pytest.raises(BadInput):
            spaces.check({**own, "member": "", **bad})


def test_own_space_is_checked_in_a_subprocess() -> None:
    result = spaces.check(defaults(spaces.fields, space="own", n=1, add="u*v", scale="u**a", member="u > 0"))
    assert result["json"]["is_vector_space"] is True and result["kind"] == "good"
