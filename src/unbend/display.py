"""How objects show themselves, in notebooks and as pages, without depending on the code that draws them.

Records inherit from ``Displayed``. Their views are made by ``provider()``, which the package's ``__init__`` sets to the
module ``unbend.report``, loaded when first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

Record = TypeVar("Record", bound="Named")
MimeBundle = dict[str, str]  # {MIME type: content}, as in IPython's display protocol


class Views(Protocol):
    """What draws: ``view`` for any displayed object, ``page`` for the result of a fit, ``index_page`` for several."""

    view: Callable[[Any], MimeBundle]
    page: Callable[[Any], str]
    index_page: Callable[[Any, Any], str]


def no_views() -> Views:
    """Raises ``RuntimeError``: the package sets a provider when it is imported."""
    raise RuntimeError("unbend.display.provider is not set; import unbend first")


provider: Callable[[], Views] = no_views


class Displayed:
    """An object with a view of its own in notebooks (Jupyter, VS Code, marimo)."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        return provider().view(self)

    def _repr_html_(self) -> str | None:
        return self._repr_mimebundle_().get("text/html")


class Named(Protocol):
    """A record with a name."""

    @property
    def name(self) -> str:
        """The name."""


class Registry(Displayed, Mapping[str, Record], Generic[Record]):
    """Records by name, an immutable mapping."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = {record.name: record for record in records}

    def __getitem__(self, name: str) -> Record:
        return self._records[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self))})"
