"""``NAME_encode(cells, row)`` of exported C: from the text of a table's cells to the row that ``NAME_output`` takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...data.calendar import PARTS
from ...words import say
from ..c_literals import c_string
from ..export_model import ExportModel
from ..header import comment_line
from ..ngram_sums.c import sums_c
from .columns import MISSING, cell_columns, cell_count, needs_encode, text_tables

INCLUDES = "#include <stdlib.h>\n#include <string.h>\n"
_HELPERS = r"""
/* the text without spaces around it, up to 255 bytes; in lower case if lower */
static void trimmed(const char *cell, int lower, char text[256])
{
    size_t n;
    while (*cell == ' ' || *cell == '\t' || *cell == '\r' || *cell == '\n') cell++;
    for (n = strlen(cell); n > 0 && strchr(" \t\r\n", cell[n - 1]); n--) {}
    if (n > 255) n = 255;
    for (size_t i = 0; i < n; i++) text[i] = (char)(lower && cell[i] >= 'A' && cell[i] <= 'Z' ? cell[i] + 32 : cell[i]);
    text[n] = 0;
}

static int place_of(const char *text, const char *const *list, int n)
{
    for (int i = 0; i < n; i++)
        if (strcmp(text, list[i]) == 0) return i;
    return -1;
}

/* a number with or without a unit around it; 0 where there is none */
static int number_of(const char *text, int decimal_comma, int unit, double *value)
{
    char digits[256], *end;
    int n = 0, negative = 0, seen = 0;
    for (const char *c = text; *c; c++) {
        const int is_digit = *c >= '0' && *c <= '9';
        if (is_digit && seen == 2) return 0;
        if (is_digit) { digits[n++] = *c; seen = 1; }
        else if (seen == 0 && (*c == '-' || *c == '(')) negative = 1;
        else if (seen == 0 && strncmp(c, "\342\210\222", 3) == 0) { negative = 1; c += 2; } /* U+2212 */
        else if (seen < 2 && (*c == '.' || *c == ',') && (seen || (c[1] >= '0' && c[1] <= '9'))) {
            if (decimal_comma ? *c == ',' : *c == '.') digits[n++] = '.';
            seen = 1;
        }
        else if (seen == 1 && (*c == 'e' || *c == 'E') && strspn(c + 1, "+-") < 2 && c[1 + strspn(c + 1, "+-")] >= '0'
                 && c[1 + strspn(c + 1, "+-")] <= '9') {
            digits[n++] = 'e';
            if (c[1] == '-' || c[1] == '+') digits[n++] = *++c;
        }
        else if (strchr(" '+)", *c) || strncmp(c, "\302\240", 2) == 0 || strncmp(c, "\342\200\231", 3) == 0)
            c += *c == '\302' ? 1 : *c == '\342' ? 2 : 0; /* also a no-break space, an apostrophe */
        else if (!unit) return 0;
        else if (seen) seen = 2;
    }
    digits[n] = 0;
    if (n == 0) return 0;
    *value = strtod(digits, &end) * (negative ? -1 : 1);
    return *end == 0;
}

/* days since 1970-01-01 of a date, year first unless order says where the day is (1) or the month (2); 0 for no date */
static int days_of(const char *text, int order, double *value)
{
    long part[7] = {0, 1, 1, 0, 0, 0, 0}, width[7] = {0}, scale = 1;
    int n = 0, clock = 0;
    for (const char *c = text; *c; n++) {
        while (*c && (*c < '0' || *c > '9')) {
            if (*c == '+' || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z' && *c != 'T')) return 0;
            if (*c == '-' && clock) return 0;
            clock |= *c++ == ':';
        }
        if (!*c) break;
        if (n == 7) return 0;
        for (part[n] = 0; *c >= '0' && *c <= '9'; c++, width[n]++) part[n] = part[n] * 10 + (*c - '0');
        if (width[n] > 9) return 0;
    }
    if (n == 1 && (width[0] == 8 || width[0] == 6)) {
        if (width[0] == 8) { part[2] = part[0] % 100; part[0] /= 100; }
        part[1] = part[0] % 100;
        part[0] /= 100;
        width[0] = 4;
    }
    if (n >= 3 && width[2] == 4) {
        const long first = part[0], second = part[1];
        part[0] = part[2];
        part[1] = order == 1 ? second : first;
        part[2] = order == 1 ? first : second;
        width[0] = 4;
    }
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const long year = part[0], month = part[1], day = part[2];
    const int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (n == 0 || width[0] != 4 || year < 1 || month < 1 || month > 12 || day < 1) return 0;
    if (day > lengths[month - 1] + (month == 2 && leap)) return 0;
    long days = 365 * (year - 1) + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + day - 719163;
    for (int m = 0; m < month - 1; m++) days += lengths[m] + (m == 1 && leap);
    for (long i = 0; i < width[6]; i++) scale *= 10;
    *value = (double)days + (3600.0 * (double)part[3] + 60.0 * (double)part[4] + (double)part[5]
                             + (double)part[6] / (double)scale) / 86400.0;
    return 1;
}

/* the month from 0, the weekday from Monday, or the hour, of days since 1970-01-01 */
static int part_of(double days, int part)
{
    const double whole = floor(days);
    long day = (long)whole + 719468; /* of a year that begins in March (Hinnant, days from civil) */
    if (part == 3) return (int)((days - whole) * 24 + 1e-7) % 24;
    if (part == 2) return (int)((day + 2) % 7);
    day %= 146097;
    const long year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    return (int)(((5 * (day - (365 * year + year / 4 - year / 100)) + 2) / 153 + 2) % 12);
}

struct cell {
    int kind, count, missing; /* kind: 0 number, 1 date, 2 boolean, 3 category, 4 text; of labels */
    int place, part; /* of its cell; a month (1), weekday (2) or hour (3) of the dates in it, by names, or 0 */
    const char *const *labels, *const *missing_labels, *const *names;
    int comma, unit, order, lenient; /* how numbers and dates are read */
    int as_features, value, other, flag; /* which values of x it has */
    int first, last; /* of SUMS: those of a text */
    double fill, low, high;
};
"""
_ENCODE = r"""
/* @doc@ */
int @name@_encode(const char *const cells[@count@], @real@ x[@width@])
{
    for (int k = 0; k < @columns@; k++) {
        const struct cell *column = &cell_columns[k];
        char text[256];
        double value = NAN;
        int known;
@text_features@        trimmed(cells[column->place] ? cells[column->place] : "", column->kind != 3, text);
        if (column->part) {
            known = place_of(text, missing_cells, @missings@) < 0 && days_of(text, column->order, &value);
            strcpy(text, known ? column->names[part_of(value, column->part)] : "");
        }
        if (column->kind == 3) {
            const int own = place_of(text, column->labels, column->count);
            known = place_of(text, column->missing_labels, column->missing) < 0;
            for (int j = 0; j < column->count; j++) *x++ = (@real@)(j == own);
            if (column->other) *x++ = (@real@)(known && own < 0);
            if (column->flag) *x++ = (@real@)!known;
            continue;
        }
        if (column->kind == 2) {
            const int word = place_of(text, column->labels, column->count);
            if (word >= 0) value = word >= column->count / 2;
        } else if (place_of(text, missing_cells, @missings@) < 0) {
            known = column->kind == 1 ? days_of(text, column->order, &value)
                                      : number_of(text, column->comma, column->unit, &value);
            if (!known && !column->lenient) return column->place + 1;
            if (!known) value = NAN;
        }
        if (!column->as_features) {
            *x++ = (@real@)value;
            continue;
        }
        known = value >= column->low && value <= column->high;
        if (column->value) *x++ = (@real@)(known ? value : column->fill);
        if (column->flag) *x++ = (@real@)!known;
    }
    return 0;
}
"""
_TEXT = r"""        if (column->kind == 4) {
            for (int j = column->first; j <= column->last; j++) {
                double sums[@most@];
                if (add_up(&SUMS[j], cells[column->place], sums)) return column->place + 1;
                for (int k = 0; k < SUMS[j].outputs; k++) *x++ = (@real@)sums[k];
            }
            continue;
        }
"""
_KINDS = ("number", "date", "boolean", "category", "text")
_ORDERS = {"day-month-year": 1, "month-day-year": 2}


def encode_prototype(model: ExportModel, name: str, real: str) -> str:
    """The declaration of the function, "" where there is none."""
    if not needs_encode(model):
        return ""
    return f"int {name}_encode(const char *const cells[{cell_count(model)}], {real} x[{len(model.columns)}]);\n"


def encode_c(model: ExportModel, name: str, real: str) -> str:
    """The source, "" where the rows of the table are what ``NAME_output`` takes."""
    if not needs_encode(model):
        return ""
    columns = cell_columns(model)

    def strings(what: str, texts: Sequence[str]) -> str:
        return f"const char *const {what}[{len(texts)}] = {{{', '.join(map(c_string, texts))}}};\n"

    own = [column["name"] for column in columns if "dates" not in column]
    lists = [strings(f"{name}_cells", own)]
    lists.append("static " + strings("missing_cells", MISSING))
    records = []
    for k, column in enumerate(columns):
        places = []
        for key in ("labels", "missing_labels", "names"):
            texts = _texts(column, key)
            places.append(f"{key}_{k}" if texts else "0")
            if texts:
                lists.append("static " + strings(f"{key}_{k}", texts))
        cell = column["dates"] if "dates" in column else own.index(column["name"])
        records.append("    {" + ", ".join(_record(column, cell, places)) + "},\n")
    table = f"static const struct cell cell_columns[{len(columns)}] = {{\n{''.join(records)}}};\n"
    values = {
        "name": name, "real": real, "count": len(own), "columns": len(columns), "width": len(model.columns),
        "missings": len(MISSING), "doc": comment_line(say("export.doc_encode_c")),
    }  # fmt: skip
    tables = text_tables(model)
    most = max((one.outputs for one in tables), default=0)
    function = _ENCODE.replace("@text_features@", _TEXT.replace("@most@", str(most)) if tables else "")
    for key, value in values.items():
        function = function.replace(f"@{key}@", str(value))
    return (sums_c(tables) if tables else "") + "".join(lists) + _HELPERS + table + function


def _texts(column: dict[str, Any], key: str) -> list[str]:
    if key == "labels":
        return _labels(column)
    texts: list[str] = column.get("missing" if key == "missing_labels" else key, [])
    return texts


def _labels(column: dict[str, Any]) -> list[str]:
    labels: list[Any] = column.get("labels", [])
    return [word for words in labels for word in words] if column["kind"] == "boolean" else labels


def _record(column: dict[str, Any], cell: int, places: Sequence[str]) -> list[str]:
    counts = [_KINDS.index(column["kind"]), len(_labels(column)), len(column.get("missing", [])), cell]
    counts.append(PARTS.index(column["part"]) + 1 if "part" in column else 0)
    reading = [column.get("comma") == "decimal", column.get("unit", False), _ORDERS.get(column.get("date", ""), 0),
               column.get("lenient", False)]  # fmt: skip
    features = ["value" in column or column["kind"] == "category", column.get("value", False),
                column.get("other", False), column.get("flag", False)]  # fmt: skip
    numbers = [repr(float(column.get(key, 0.0))) for key in ("fill", "low", "high")]
    tables = [column.get("first", 0), column.get("last", 0)]
    return [*map(str, counts), *places, *(str(int(one)) for one in (*reading, *features, *tables)), *numbers]
