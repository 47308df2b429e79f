"""``encode(cells)`` of exported JavaScript modules."""

from __future__ import annotations

import json

from ...words import say
from ..export_model import ExportModel
from ..ngram_sums.javascript import sums_javascript
from .columns import MISSING, cell_columns, cell_count, needs_encode, text_tables

_SOURCE = r"""
const encoders = [
@columns@
];
export const cells = encoders.filter((column) => !("dates" in column));
const missing = new Set(@missing@);

/** @doc@ */
export function encode(row) {
  if (row.length !== cells.length) throw new RangeError(@wrong_length@ + row.length);
  const texts = row.map((cell) => (cell === null || cell === undefined ? "" : String(cell).trim()));
  let own = 0;
  return encoders.flatMap((column) => {
    const k = column.dates;
    const text = k === undefined ? texts[own++] : labelOf(column, read(cells[k], texts[k]));
@text_features@    if (column.kind === "category") {
      const known = !column.missing.includes(text);
      const features = column.labels.map((label) => Number(text === label));
      if (column.other) features.push(Number(known && !column.labels.includes(text)));
      return column.flag ? [...features, Number(!known)] : features;
    }
    const value = column.kind === "boolean" ? flagOf(column, text) : read(column, text);
    if (!("value" in column)) return [value];
    const known = value >= column.low && value <= column.high;
    return [...(column.value ? [known ? value : column.fill] : []), ...(column.flag ? [Number(!known)] : [])];
  });
}

// the label of the month, weekday or hour of a date
function labelOf(column, days) {
  if (Number.isNaN(days)) return "";
  const day = Math.floor(days);
  if (column.part === "month") return column.names[new Date(day * 864e5).getUTCMonth()];
  if (column.part === "weekday") return column.names[(((day + 3) % 7) + 7) % 7];
  return column.names[Math.floor((days - day) * 24 + 1e-7) % 24];
}

function flagOf(column, text) {
  const k = column.labels.findIndex((words) => words.includes(text.toLowerCase()));
  return k < 0 ? NaN : k;
}

// the number or the days since 1970-01-01 in a cell, NaN where it is missing
function read(column, text) {
  if (missing.has(text.toLowerCase())) return NaN;
  const value = column.kind === "date" ? daysOf(text, column) : numberOf(text, column);
  if (Number.isNaN(value) && !column.lenient) throw new RangeError(column.name + ": " + JSON.stringify(text));
  return value;
}

function numberOf(text, column) {
  const found = /^(\D*?)([.,]?\d[\d.,'’\s]*(?:[eE][-+]?\d+)?)(\D*)$/.exec(text);
  if (!found || (!column.unit && /[^-+−()\s]/.test(found[1] + found[3]))) return NaN;
  const digits = found[2].replace(/['’\s]/g, "");
  const plain = column.comma === "decimal" ? digits.replace(/\./g, "").replace(/,/g, ".") : digits.replace(/,/g, "");
  return (/[-−(]/.test(found[1]) ? -1 : 1) * Number(plain);
}

function daysOf(text, column) {
  let parts = text.match(/\d+/g) ?? [];
  const offset = text.indexOf(":") >= 0 && text.lastIndexOf("-") > text.indexOf(":");
  if (/[A-SU-Za-z+]/.test(text) || offset || parts.length < 1 || parts.length > 7) return NaN;
  if (parts.length === 1 && (parts[0].length === 6 || parts[0].length === 8)) {
    parts = [parts[0].slice(0, 4), parts[0].slice(4, 6), parts[0].slice(6) || "1"];
  }
  if (parts.length >= 3 && parts[2].length === 4) {
    const [a, b, year] = parts;
    parts.splice(0, 3, year, ...(column.date === "day-month-year" ? [b, a] : [a, b]));
  }
  if (parts[0].length !== 4) return NaN;
  const all = [...parts, ...["1", "1", "0", "0", "0"].slice(parts.length - 1)];
  const [year, month, day, hour, minute, second] = all.map(Number);
  const days = new Date(0).setUTCFullYear(year, month - 1, day) / 864e5;
  if (new Date(days * 864e5).getUTCMonth() !== month - 1) return NaN;
  const fraction = parts.length === 7 ? Number("0." + parts[6]) : 0;
  return days + (3600 * hour + 60 * minute + second + fraction) / 86400;
}
"""

_TEXT = """\
    if (column.kind === "text") return sums.slice(column.first, column.last + 1).flatMap((table) => table.of(text));
"""


def encode_javascript(model: ExportModel) -> str:
    """The source, "" where the rows of the table are what ``output`` takes."""
    if not needs_encode(model):
        return ""
    values = {
        "text_features": _TEXT if model.texts else "",
        "columns": "\n".join(f"  {_text(column)}," for column in cell_columns(model)),
        "missing": _text(MISSING),
        "doc": say("export.doc_encode"),
        "wrong_length": _text(say("export.code_cells_length", count=cell_count(model))),
    }
    source = (sums_javascript(text_tables(model)) if model.texts else "") + _SOURCE
    for name, value in values.items():
        source = source.replace(f"@{name}@", value)
    return source


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
