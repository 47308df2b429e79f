"""What is wrong with a command line, as a sentence of the catalogue in place of Typer's own."""

from __future__ import annotations

import re
from typing import Any

from ..words import say


def usage_error(error: Any) -> str:
    """The sentence for an error that Typer raises; Typer's own where it is of no known kind.

    Typer does not export the classes of its errors, so they are told apart by name.
    """
    kinds = {kind.__name__ for kind in type(error).__mro__}
    message = str(error.message)
    if "NoSuchOption" in kinds:
        near = ", ".join(sorted(error.possibilities or ()))
        return say("cli.no_such_option_near" if near else "cli.no_such_option", got=error.option_name, near=near)
    if "BadOptionUsage" in kinds:
        return say("cli.option_without" if "not take" in message else "cli.option_needs", option=error.option_name)
    if "MissingParameter" in kinds and error.param is not None:
        return say(f"cli.missing_{error.param.param_type_name}", name=_name(error.param))
    if "BadParameter" in kinds and error.param is not None:
        return say("cli.bad_value", name=_name(error.param), reason=value_error(message))
    if extra := re.fullmatch(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", message):
        return say("cli.extra_arguments", got=extra[1])
    return str(error.format_message()).rstrip(".")


def value_error(message: str) -> str:
    """Why a value is refused: Typer says it of numbers, ``parser`` functions of their own say it in full."""
    if "valid integer" in message:
        return say("cli.not_an_integer")
    if re.search("valid (float|number)", message):
        return say("cli.not_a_number")
    if limits := _limits(message):
        return say("cli.not_in_range", limits=limits)
    return message.rstrip(".")


def _limits(message: str) -> str:
    """``≥ 1`` of Typer's "Input should be greater than or equal to 1", ``1<=x<=65535`` of Click's; "" elsewhere."""
    found = re.search(r"(greater|less) than or equal to ([\d.-]+)|range ([\d.<>=x-]+)", message)
    if found is None:
        return ""
    return (found[3] or f"{'≥' if found[1] == 'greater' else '≤'} {found[2]}").rstrip(".")


def _name(parameter: Any) -> str:
    """``--seed``, ``DATA``."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name).upper()
    return str(max(parameter.opts, key=len))
