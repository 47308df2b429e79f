"""Input fields of a panel: which are active."""

from __future__ import annotations

from unbend.widgets.fields import Choice, Field, Number, TextLine, active_fields


def test_dependent_fields_count_only_if_enabled() -> None:
    fields: list[Field] = [
        Number("depth", 2, "Depth", 0, 4, 1),
        Choice("a", "relu", "A", (("relu", "relu"), ("own", "own")), needs=(("depth", 1),)),
        Choice("b", "relu", "B", (("relu", "relu"), ("own", "own")), needs=(("depth", 2),)),
        TextLine("text", "x", "Text", needs=(("a", "own"), ("b", "own"))),
    ]
    for depth, a, b, names in (
        (2, "relu", "relu", "depth a b"), (2, "relu", "own", "depth a b text"), (1, "relu", "own", "depth a"),
        (1, "own", "relu", "depth a text"), (0, "own", "own", "depth"),
    ):  # fmt: skip
        values = {"depth": depth, "a": a, "b": b, "text": "x"}
        assert [field.name for field in active_fields(fields, values)] == names.split()
