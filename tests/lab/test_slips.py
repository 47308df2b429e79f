"""The page Slips: every slip holds."""

from __future__ import annotations

from unbend.lab import slips


def test_every_slip_is_verified_and_shown_beside_the_text() -> None:
    assert len(slips.slips()) == 15
    for name in ("E01", "E07", "E12", "E13"):  # the article's own tests run them all
        row = slips.run_slip(name)
        assert slips.verdict(row)[1] == "good" and "`" not in slips.comparison(row) and row.outcome.lines
        compile(slips.python(name), name, "exec")
