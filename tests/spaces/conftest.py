"""The axioms of the catalogue's spaces, checked once for all tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from unbend.spaces import AxiomResults, check_axioms, spaces


@pytest.fixture(scope="session")
def catalogue_results() -> Callable[[str], AxiomResults]:
    """The results for a space of the catalogue, by its name."""
    return cache(lambda name: check_axioms(spaces[name]))
