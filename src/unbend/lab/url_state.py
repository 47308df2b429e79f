"""`UrlState`: the state of a page in its URL, field values and hidden parts, range-checked when the URL is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..widgets.fields import Button, Field
from ..words import say

VERSION = "1"  # of the URLs; raised when a field changes its meaning


@dataclass(frozen=True)
class UrlState:
    """A parsed URL: values by field name, names of hidden fields and parts, and error messages as sentences."""

    values: dict[str, Any]
    hidden: tuple[str, ...]
    problems: tuple[str, ...]


def parse_url(parameters: Mapping[str, Any], fields: Sequence[Field], parts: Sequence[str] = ()) -> UrlState:
    """Parse a URL's query parameters. An invalid value is reported and replaced by the field's default.

    ``parts`` are names beside the fields' that ``_hide`` may list.
    """
    problems: list[str] = []
    given = {str(key): value[-1] if isinstance(value, list) else value for key, value in parameters.items()}
    version = given.get("v", VERSION)
    if version != VERSION:
        problems.append(say("lab.other_version", got=str(version)[:20], ours=VERSION))
        given = {key: value for key, value in given.items() if key.startswith("_")}
    values = {}
    for field in fields:
        values[field.name] = field.default
        if field.name in given and not isinstance(field, Button):
            try:
                values[field.name] = field.read(given[field.name])
            except ValueError as error:
                problems.append(str(error))
    known = [*(field.name for field in fields), *parts]
    requested = [name for name in str(given.get("_hide", "")).split(",") if name]
    unknown = [name for name in requested if name not in known]
    problems += [say("lab.nothing_to_hide", got=name[:40], known=", ".join(known)) for name in unknown]
    return UrlState(values, tuple(name for name in requested if name in known), tuple(problems))
