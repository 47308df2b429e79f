"""Numbers with signs around them: percentages, amounts of money, negative numbers in parentheses, spaces in groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .number_parser import STYLES, dotted_numbers, plain_numbers, styled_numbers

# A currency -> the signs, codes and words for it.
_CURRENCIES = {
    "$": ("$", "US$", "USD", "US dollars", "dollars", "dollar", "달러"),
    "€": ("€", "EUR", "euros", "euro", "유로"),
    "£": ("£", "GBP"),
    "¥": ("¥", "￥", "JPY", "yen", "엔", "円"),
    "元": ("元", "CNY", "RMB", "위안"),
    "원": ("원", "₩", "￦", "KRW"),
    "천원": ("천원", "천 원"),
    "만원": ("만원", "만 원"),
    "백만원": ("백만원", "백만 원"),
    "억원": ("억원", "억 원"),
    "₹": ("₹", "INR", "Rs.", "Rs"),
    "CHF": ("CHF", "SFr."),
    "zł": ("zł", "PLN"),
    "Kč": ("Kč", "CZK"),
    "kr": ("kr", "kr."),
    "R$": ("R$", "BRL"),
    "C$": ("C$", "CA$", "CAD"),
    "A$": ("A$", "AU$", "AUD"),
    "HK$": ("HK$", "HKD"),
    "NT$": ("NT$", "TWD"),
    "S$": ("S$", "SGD"),
    "₽": ("₽", "RUB", "руб."),
    "₺": ("₺", "TRY"),
    "฿": ("฿", "THB"),
    "₫": ("₫", "VND"),
    "₱": ("₱", "PHP"),
    "₪": ("₪", "ILS"),
    **{code: (code,) for code in ("SEK", "NOK", "DKK", "HUF", "MXN", "ZAR", "IDR", "MYR", "NZD", "SAR", "AED")},
}
PERCENT = "%"
_UNITS = {sign.lower(): unit for unit, signs in _CURRENCIES.items() for sign in signs} | {"%": PERCENT, "％": PERCENT}
_UNIT = "|".join(re.escape(sign) for sign in sorted(_UNITS, key=len, reverse=True))
_GAP = " '’\u00a0\u202f\u2009"  # between groups of three digits
_SIGN, _SPACE = "[-+−]", "[ \u00a0\u202f]?"
_PATTERN = (
    rf"^(?P<open>\()?{_SPACE}(?P<sign>{_SIGN})?{_SPACE}(?P<before>(?i:{_UNIT}))?{_SPACE}(?P<inner>\()?"
    rf"(?P<second>{_SIGN})?{_SPACE}(?P<digits>[.,]?\d(?:[\d.,{_GAP}]*\d)?[.,]?(?:[eE][+-]?\d+)?)"
    rf"{_SPACE}(?P<close>\))?{_SPACE}(?P<after>(?i:{_UNIT}))?(?P<last>\))?$"
)
_GROUPED = rf"^\d{{1,3}}([{_GAP}]\d{{3}})+([.,]\d*)?$"


@dataclass(frozen=True)
class Amounts:
    """A column of such numbers: float64 ``values``; ``units``, one for each cell; what was found in the cells.

    ``comma``: the meaning of the comma, "" for none; ``negative``: whether some stand in parentheses; ``gaps``: whether
    spaces or apostrophes separate thousands.
    """

    values: Any
    units: Any
    comma: str
    negative: bool
    gaps: bool


def looks_like_amount(text: Any) -> Any:
    """Cell by cell: whether it is a number, with or without signs around it; null for a missing cell."""
    parts = pc.extract_regex(text, _PATTERN)
    fits = pc.and_(parts.is_valid(), pc.fill_null(_fits(_field(parts, "digits")), False))
    return pc.if_else(text.is_valid(), fits, pa.scalar(None, pa.bool_()))


def read_amounts(text: Any, comma_styles: tuple[str, ...], *, dotted: bool = False) -> Amounts | None:
    """Read a column of text; ``None`` if some cell is no amount, or if all stand in parentheses, as in "(1)", "(2)".

    ``comma_styles``: the possible meanings of a comma, the likeliest first; ``dotted``: a dot separates thousands.
    """
    head = text.slice(0, 100).drop_null()
    if not pc.all(looks_like_amount(head)).as_py():
        return None
    encoded = text.combine_chunks().dictionary_encode()
    distinct = encoded.dictionary
    parts = pc.extract_regex(distinct, _PATTERN)
    digits = _field(parts, "digits")
    if distinct.null_count or parts.null_count or not pc.all(_fits(digits)).as_py():
        return None
    opened = _either(parts, "open", "inner")
    if not pc.all(pc.equal(opened, _either(parts, "close", "last"))).as_py():
        return None
    negative = bool(pc.any(opened).as_py())
    if negative and pc.all(opened).as_py():
        return None
    gaps = pc.match_substring_regex(digits, f"[{_GAP}]")
    bare = pc.replace_substring_regex(digits, f"[{_GAP}]", "")
    read = _read_digits(bare, comma_styles, dotted)
    if read is None:
        return None
    numbers, comma = read
    minus = pc.xor(_is_minus(_field(parts, "sign")), pc.xor(_is_minus(_field(parts, "second")), opened))
    numbers = pc.if_else(minus, pc.negate(numbers), numbers)
    units = pa.array([_unit(*pair) for pair in zip(*(_field(parts, k).to_pylist() for k in ("before", "after")),
                                                   strict=True)], pa.string())  # fmt: skip
    if units.null_count:  # two units around one number
        return None
    values, indices = pa.chunked_array([numbers.take(encoded.indices)]), encoded.indices
    return Amounts(values, units.take(indices), comma, negative, bool(pc.any(gaps).as_py()))


def _field(parts: Any, name: str) -> Any:
    return pc.struct_field(parts, name)


def _fits(digits: Any) -> Any:
    """Whether spaces, if any, stand between groups of three digits, and the rest is a number in one of the styles."""
    spaced = pc.match_substring_regex(digits, f"[{_GAP}]")
    grouped = pc.match_substring_regex(digits, _GROUPED)
    styled = pc.or_(*(pc.match_substring_regex(digits, pattern) for pattern in STYLES.values()))
    return pc.or_(pc.and_(spaced, grouped), styled)


def _either(parts: Any, one: str, other: str) -> Any:
    return pc.or_(pc.not_equal(_field(parts, one), ""), pc.not_equal(_field(parts, other), ""))


def _is_minus(sign: Any) -> Any:
    return pc.is_in(sign, value_set=pa.array(["-", "−"]))


def _read_digits(digits: Any, comma_styles: tuple[str, ...], dotted: bool) -> tuple[Any, str] | None:
    if dotted:
        numbers = dotted_numbers(digits)
        return None if numbers is None else (numbers, "decimal")
    numbers = plain_numbers(digits)
    return (numbers, "") if numbers is not None else styled_numbers(digits, digits, comma_styles)


def _unit(before: str, after: str) -> str | None:
    """The unit of a cell, "" for none; ``None`` for two different ones."""
    units = {_UNITS[sign.lower()] for sign in (before, after) if sign}
    return units.pop() if len(units) == 1 else "" if not units else None
