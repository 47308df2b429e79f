"""``encode(cells)`` of exported Python modules."""

from __future__ import annotations

from ...words import say
from ..export_model import ExportModel
from ..ngram_sums.python import sums_python
from .columns import MISSING, cell_columns, cell_count, needs_encode, text_tables

_SOURCE = '''\


_COLUMNS = [
{columns}
]
CELLS = {cells}
_MISSING = {missing}


def encode(cells):
    """{doc}"""
    if len(cells) != len(CELLS):
        raise ValueError({wrong_length} + str(len(cells)))
    texts = ["" if cell is None else str(cell).strip() for cell in cells]
    row, own = [], iter(texts)
    for column in _COLUMNS:
{text}
{text_features}        if column["kind"] == "category":
            known = text not in column["missing"]
            row += [float(text == label) for label in column["labels"]]
            row += [float(known and text not in column["labels"])] * column["other"]
            row += [float(not known)] * column["flag"]
            continue
        value = _flag(column, text) if column["kind"] == "boolean" else _read(column, text)
        if "value" not in column:
            row.append(value)
            continue
        known = column["low"] <= value <= column["high"]
        row += [value if known else column["fill"]] * column["value"] + [float(not known)] * column["flag"]
    return row


{label}def _flag(column, text):
    return next((float(k) for k, words in enumerate(column["labels"]) if text.lower() in words), math.nan)


def _read(column, text):
    """The number or the days since 1970-01-01 in a cell, NaN where it is missing."""
    if text.lower() in _MISSING:
        return math.nan
    value = (_days if column["kind"] == "date" else _number)(text, column)
    if value is None and not column["lenient"]:
        raise ValueError(column["name"] + ": " + repr(text))
    return math.nan if value is None else value


def _number(text, column):
    found = re.fullmatch(r"(\\D*?)([.,]?\\d[\\d.,'’\\s]*(?:[eE][-+]?\\d+)?)(\\D*)", text)
    if found is None or not column["unit"] and re.search(r"[^-+−()\\s]", found[1] + found[3]):
        return None
    digits = re.sub(r"['’\\s]", "", found[2])
    digits = digits.replace(".", "").replace(",", ".") if column["comma"] == "decimal" else digits.replace(",", "")
    sign = -1.0 if re.search("[-−(]", found[1]) else 1.0
    try:
        return sign * float(digits)
    except ValueError:
        return None


def _days(text, column):
    parts = re.findall(r"\\d+", text)
    if re.search("[A-SU-Za-z+]", text) or 0 <= text.find(":") < text.rfind("-") or not 1 <= len(parts) <= 7:
        return None
    if len(parts) == 1 and len(parts[0]) in (6, 8):
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:] or "1"]
    if len(parts) >= 3 and len(parts[2]) == 4:
        parts[:3] = [parts[2], *(parts[1::-1] if column["date"] == "day-month-year" else parts[:2])]
    if len(parts[0]) != 4:
        return None
    year, month, day, hour, minute, second = map(int, (parts + ["1", "1", "0", "0", "0"][len(parts) - 1 :])[:6])
    fraction = float("0." + parts[6]) if len(parts) == 7 else 0.0
    try:
        days = date(year, month, day).toordinal() - 719163
    except ValueError:
        return None
    return days + (3600 * hour + 60 * minute + second + fraction) / 86400
'''

_OWN = "        text = next(own)"
_OWN_OR_LABEL = """\
        k = column.get("dates")
        text = next(own) if k is None else _label(column, _read(CELLS[k], texts[k]))"""
_TEXT = """\
        if column["kind"] == "text":
            row += [one for table in range(column["first"], column["last"] + 1) for one in _SUMS[table](text)]
            continue
"""
_LABEL = '''\
def _label(column, days):
    """The label of the month, weekday or hour of a date."""
    if math.isnan(days):
        return ""
    day = math.floor(days)
    if column["part"] == "month":
        return column["names"][date.fromordinal(day + 719163).month - 1]
    return column["names"][(day + 3) % 7 if column["part"] == "weekday" else int((days - day) * 24 + 1e-7) % 24]


'''


def encode_python(model: ExportModel) -> str:
    """The source, "" where the rows of the table are what ``output`` takes."""
    if not needs_encode(model):
        return ""
    columns = "\n".join(f"    {column!a}," for column in cell_columns(model))
    count = cell_count(model)
    has_parts = any(one.calendar is not None for one in model.encoders)
    return (sums_python(text_tables(model)) if model.texts else "") + _SOURCE.format(
        columns=columns,
        cells='[column for column in _COLUMNS if "dates" not in column]' if has_parts else "_COLUMNS",
        text=_OWN_OR_LABEL if has_parts else _OWN,
        label=_LABEL if has_parts else "",
        text_features=_TEXT if model.texts else "",
        missing=ascii(list(MISSING)),
        doc=say("export.doc_encode"),
        wrong_length=ascii(say("export.code_cells_length", count=count)),
    )
