"""`characters_c`: exported C99 that reads UTF-8, knows letters from signs, and makes lower case."""

from __future__ import annotations

from ..c_literals import listed
from .lower_case import lower_case_runs
from .tables import kind_runs

_SOURCE = r"""
/* the code points from which on characters are 0 spaces, 1 letters, 2 signs */
static const uint32_t RUNS[] = {
@runs@
};
static const uint8_t KINDS[] = {
@kinds@
};
/* first, last, step, what is added for the lower case */
static const int32_t LOWER[][4] = {
@lower@
};

static int kind_of(uint32_t c)
{
    int low = 0, high = (int)(sizeof RUNS / sizeof *RUNS);
    while (low < high) {
        const int middle = (low + high) / 2;
        if (RUNS[middle] <= c) low = middle + 1;
        else high = middle;
    }
    return KINDS[low - 1];
}

static uint32_t lower_case(uint32_t point)
{
    const int32_t c = (int32_t)point;
    int low = 0, high = (int)(sizeof LOWER / sizeof *LOWER);
    while (low < high) {
        const int middle = (low + high) / 2;
        if (LOWER[middle][1] < c) low = middle + 1;
        else high = middle;
    }
    if (low == (int)(sizeof LOWER / sizeof *LOWER) || c < LOWER[low][0]) return point;
    return (c - LOWER[low][0]) % LOWER[low][2] ? point : (uint32_t)(c + LOWER[low][3]);
}

/* the next code point of UTF-8; U+FFFD for bytes that are none */
static uint32_t next_point(const unsigned char **at)
{
    const unsigned char *s = *at;
    const int more = s[0] < 0x80 ? 0 : s[0] < 0xC0 ? -1 : s[0] < 0xE0 ? 1 : s[0] < 0xF0 ? 2 : s[0] < 0xF8 ? 3 : -1;
    uint32_t c = more <= 0 ? s[0] : s[0] & (0x3Fu >> more);
    *at = s + 1;
    if (more < 0) return 0xFFFD;
    for (int i = 1; i <= more; i++) {
        if ((s[i] & 0xC0) != 0x80) return 0xFFFD;
        c = c << 6 | (s[i] & 0x3Fu);
    }
    *at = s + more + 1;
    return c;
}
"""


def characters_c() -> str:
    """``next_point``, ``kind_of`` and ``lower_case``."""
    starts, kinds = zip(*kind_runs(), strict=True)
    values = {
        "runs": listed(starts),
        "kinds": listed(kinds),
        "lower": listed(f"{{{run.first}, {run.last}, {run.step}, {run.shift}}}" for run in lower_case_runs()),
    }
    source = _SOURCE
    for name, value in values.items():
        source = source.replace(f"@{name}@", value)
    return source
