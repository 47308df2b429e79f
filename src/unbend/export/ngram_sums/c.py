"""`sums_c`: exported C99 that adds up what a text's n-grams say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...words import say
from ..c_literals import c_floats, listed
from ..header import comment_line
from .c_characters import characters_c
from .tables import CONSTANTS, NgramSums

INCLUDES = "#include <math.h>\n#include <stdint.h>\n#include <stdlib.h>\n"
_SOURCE = r"""
/* weights of n-grams; the text's row is log2(1 + count) times idf, divided by its length. buckets ascend, and rows are
   theirs in idf and codes */
struct sums {
    int longest, words, across, outputs;
    uint32_t mask;
    long size;
    const uint32_t *buckets;
    const int32_t *rows;
    const uint8_t *idf;
    const int8_t *codes;
    const float *scales;
};
@characters@
static uint32_t mix(uint32_t h, uint32_t c)
{
    h = (h ^ c) * 0x01000193u;
    return h ^ h >> 15;
}

static uint32_t finish(uint32_t h)
{
    h = (h ^ h >> 16) * 0x85EBCA6Bu;
    h = (h ^ h >> 13) * 0xC2B2AE35u;
    return h ^ h >> 16;
}

/* the hash of the word that begins at *i; *i becomes its end */
static uint32_t word_hash(const uint32_t *text, long n, long *i)
{
    const int sort = kind_of(text[*i]);
    uint32_t h = 0x2F6B9D31u;
    for (; *i < n && text[*i] != 32 && kind_of(text[*i]) == sort; ++*i) h = mix(h, text[*i]);
    return h;
}

/* the row of an n-gram's hash, if it has one, at the end of found */
static void add_row(const struct sums *s, uint32_t hash, int32_t *found, long *count)
{
    const uint32_t bucket = hash & s->mask;
    long low = 0, high = s->size;
    while (low < high) {
        const long middle = low + (high - low) / 2;
        if (s->buckets[middle] < bucket) low = middle + 1;
        else high = middle;
    }
    if (low < s->size && s->buckets[low] == bucket) found[(*count)++] = s->rows[low];
}

/* those of a character n-gram that ends in c, h is its hash without it: as it is, and without a final consonant */
static void add_character(const struct sums *s, uint32_t h, uint32_t c, int size, int32_t *found, long *count)
{
    add_row(s, finish(mix(h, c) ^ (uint32_t)size), found, count);
    if (c >= 0xAC00 && c <= 0xD7A3 && (c - 0xAC00) % 28)
        add_row(s, finish(mix(h, c - (c - 0xAC00) % 28) ^ (uint32_t)size), found, count);
}

/* the rows of the n-grams of characters, words, and pairs of words in n padded code points */
static void add_rows(const struct sums *s, const uint32_t *text, long n, int32_t *found, long *count)
{
    for (long i = 0; i < n; i++) {
        uint32_t h = 0x811C9DC5u;
        for (int size = 1; size <= s->longest && i + size <= n; size++) {
            const uint32_t c = text[i + size - 1];
            if (size > 1 || c != 32) add_character(s, h, c, size, found, count);
            h = mix(h, c);
            if (size > 1 && c == 32) break;
        }
        if (text[i] == 32) continue;
        h = 0x811C9DC5u;
        for (long k = i, size = 0, crossed = 0; s->across && k < n && size < s->longest; k++) {
            crossed |= text[k] == 32;
            if (text[k] == 32) continue;
            size++;
            if (crossed) add_character(s, h, text[k], (int)size, found, count);
            h = mix(h, text[k]);
        }
        if (s->words && (text[i - 1] == 32 || kind_of(text[i - 1]) != kind_of(text[i]))) {
            long end = i;
            const uint32_t own = word_hash(text, n, &end);
            add_row(s, finish(own), found, count);
            end += end < n && text[end] == 32;
            if (s->words > 1 && end < n && text[end] != 32)
                add_row(s, finish(mix(own, word_hash(text, n, &end))), found, count);
        }
    }
}

static int by_row(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* the row of each n-gram that has one, ascending, as often as it occurs, to be freed; NULL without memory */
static int32_t *rows_of(const struct sums *s, const char *text, long *count)
{
    const unsigned char *at = (const unsigned char *)(text ? text : "");
    size_t bytes = 0;
    while (at[bytes]) bytes++;
    uint32_t *const points = malloc((bytes + 3) * sizeof *points);
    /* a part of the text has two spaces more than characters */
    int32_t *const found = malloc((bytes + 3 + 2 * (bytes / @chunk@)) * (size_t)(2 * s->longest + 3) * sizeof *found);
    *count = 0;
    while (points && found && (*at || *count == 0)) {
        long n = 1, taken = 0;
        points[0] = 32;
        while (*at && taken < @chunk@) {
            uint32_t c = next_point(&at);
            taken++;
            if (c == 0x130) { /* a capital I with a dot is two in lower case */
                points[n++] = 'i';
                c = 0x307;
                taken++;
            }
            c = kind_of(c) ? lower_case(c) : 32;
            if (c != 32 || points[n - 1] != 32) points[n++] = c;
        }
        if (points[n - 1] != 32) points[n++] = 32;
        add_rows(s, points, n, found, count);
        if (!*at) break;
    }
    free(points);
    if (!points) {
        free(found);
        return NULL;
    }
    if (found) qsort(found, (size_t)*count, sizeof *found, by_row);
    return found;
}

/* how often a row occurs from this place on */
static long run_of(const int32_t *rows, long count)
{
    long n = 1;
    while (n < count && rows[n] == rows[0]) n++;
    return n;
}

/* the sums of a text; 0, or -1 without memory */
static int add_up(const struct sums *s, const char *text, double *sums)
{
    long count, n;
    int32_t *const rows = rows_of(s, text, &count);
    const int k = s->outputs;
    double squares = 0;
    if (!rows) return -1;
    for (int i = 0; i < k; i++) sums[i] = 0;
    for (long at = 0; at < count; at += n) {
        n = run_of(rows + at, count - at);
        const double value = s->idf[rows[at]] / @steps@.0 * log2(1.0 + (double)n);
        squares += value * value;
        for (long i = 0, j = (long)rows[at] * k; i < k; i++, j++)
            sums[i] += value * s->codes[j] * (double)s->scales[j / @block@];
    }
    for (int i = 0; i < k; i++) sums[i] = squares > 0 ? sums[i] / sqrt(squares) : 0;
    free(rows);
    return 0;
}

@arrays@
static const struct sums SUMS[] = {
@tables@
};
"""
_ARRAYS = """\
/* {comment} */
static const uint32_t BUCKETS_{k}[] = {{
{buckets}
}};
static const int32_t ROWS_{k}[] = {{
{rows}
}};
static const uint8_t IDF_{k}[] = {{
{idf}
}};
static const int8_t CODES_{k}[] = {{
{codes}
}};
static const float SCALES_{k}[] = {{
{scales}
}};
"""
_TABLE = """\
    {{{longest}, {words}, {across}, {outputs}, {mask}u, {size},
     BUCKETS_{k}, ROWS_{k}, IDF_{k}, CODES_{k}, SCALES_{k}}},"""


def sums_c(tables: Sequence[NgramSums]) -> str:
    """``SUMS``: for each table what ``add_up(&SUMS[k], text, sums)`` takes."""
    values = {
        **CONSTANTS,
        "characters": characters_c(),
        "arrays": "\n".join(_arrays(k, one) for k, one in enumerate(tables)),
        "tables": "\n".join(
            _TABLE.format(k=k, size=len(one.buckets), **one.settings()) for k, one in enumerate(tables)
        ),
    }
    source = _SOURCE
    for name, value in values.items():
        source = source.replace(f"@{name}@", str(value))
    return source


def _arrays(k: int, table: NgramSums) -> str:
    order = np.argsort(table.buckets)
    return _ARRAYS.format(
        k=k,
        comment=comment_line(say("text.export_table", rows=len(order))),
        buckets=listed(table.buckets[order]),
        rows=listed(order),
        idf=listed(table.idf),
        codes=listed(table.codes.reshape(-1)),
        scales=listed(c_floats(table.scales)),
    )
