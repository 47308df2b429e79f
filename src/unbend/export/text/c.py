"""`write_text`: a table of n-grams as C99, one file that needs ``math.h`` and ``string.h`` and allocates nothing."""

from __future__ import annotations

from ...network.shortest_decimals import shortest_decimals
from ...text.fasttext import NgramTable
from ...text.fasttext.int8_blocks import Int8Blocks
from ...words import say
from ..c_literals import c_floats, c_string, listed
from ..header import c_identifier
from .parts import head_lines, settings

_CODE = """\
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {{ COUNT = {count}, KEPT = {kept_count}, OUTPUTS = {outputs}, CLASSES = {classes} }};
enum {{ BUCKETS = {buckets}, SHORTEST = {shortest}, LONGEST = {longest}, WORD_NGRAMS = {word_ngrams} }};

const char *const {name}_classes[CLASSES] = {{
{class_list}
}};
static const char *const LABELS[CLASSES] = {{
{labels}
}};
/* ascending */
static const char *const WORDS[] = {{
{words}
}};
static const int32_t ROW_OF_WORD[] = {{
{rows}
}};
static const int32_t BUCKET_OF_ROW[] = {{
{kept}
}};
{weights}

typedef struct {{
    double *sums;
    long rows, words;
    uint64_t running[WORD_NGRAMS + 1];
}} State;

static void add(State *s, long row)
{{
    for (long k = 0; k < OUTPUTS; k++) s->sums[k] += weight(row * OUTPUTS + k);
    s->rows++;
}}

static long find_word(const char *word, size_t n)
{{
    long low = 0, high = COUNT;
    while (low < high) {{
        const long middle = low + (high - low) / 2;
        int order = strncmp(WORDS[middle], word, n);
        if (order == 0 && WORDS[middle][n] != '\\0') order = 1;
        if (order == 0) return ROW_OF_WORD[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }}
    return -1;
}}

static void add_bucket(State *s, int32_t bucket)
{{
    long low = 0, high = KEPT;
    if ({all_kept}) {{
        add(s, COUNT + (long)bucket);
        return;
    }}
    while (low < high) {{
        const long middle = low + (high - low) / 2;
        if (BUCKET_OF_ROW[middle] < bucket) low = middle + 1;
        else high = middle;
    }}
    if (low < KEPT && BUCKET_OF_ROW[low] == bucket) add(s, COUNT + low);
}}

/* FNV-1a; each byte with its sign, as fastText takes it */
static uint32_t hash_byte(uint32_t h, unsigned char byte)
{{
    return (h ^ (byte < 128 ? (uint32_t)byte : (uint32_t)byte | 0xFFFFFF00u)) * 16777619u;
}}

/* byte i of <word> */
static unsigned char byte_at(const char *word, size_t n, size_t i)
{{
    return i == 0 ? '<' : i == n + 1 ? '>' : (unsigned char)word[i - 1];
}}

static int continues(unsigned char byte) {{ return (byte & 0xC0) == 0x80; }}

static void add_characters(State *s, const char *word, size_t n)
{{
    const size_t size = n + 2;
    for (size_t i = 0; i < size; i++) {{
        uint32_t h = 2166136261u;
        size_t j = i;
        if (continues(byte_at(word, n, i))) continue;
        for (int length = 1; j < size && length <= LONGEST; length++) {{
            do h = hash_byte(h, byte_at(word, n, j++));
            while (j < size && continues(byte_at(word, n, j)));
            if (length >= SHORTEST && (length > 1 || (i > 0 && j < size)))
                add_bucket(s, (int32_t)(h % (uint32_t)({buckets} > 0 ? {buckets} : 1)));
        }}
    }}
}}

static int is_left_out(const char *word, size_t n, long row)
{{
    static const char prefix[] = "__label__";
    const size_t m = sizeof prefix - 1;
    for (int k = 0; k < CLASSES; k++)
        if (strncmp(LABELS[k], word, n) == 0 && LABELS[k][n] == '\\0') return 1;
    return row < 0 && n >= m && memcmp(word, prefix, m) == 0;
}}

static void add_word(State *s, const char *word, size_t n)
{{
    const long row = find_word(word, n);
    if (is_left_out(word, n, row)) return;
    if (row >= 0) add(s, row);
    if (LONGEST > 0 && !(n == 4 && memcmp(word, "</s>", 4) == 0)) add_characters(s, word, n);
    if (WORD_NGRAMS > 1) {{
        uint32_t h = 2166136261u;
        uint64_t wide;
        for (size_t i = 0; i < n; i++) h = hash_byte(h, (unsigned char)word[i]);
        wide = (uint64_t)h | (h >> 31 ? 0xFFFFFFFF00000000u : 0u);
        for (int k = WORD_NGRAMS; k > 1; k--) s->running[k] = s->running[k - 1] * 116049371u + wide;
        s->running[1] = wide;
        s->words++;
        for (int k = 2; k <= WORD_NGRAMS && k <= s->words; k++)
            add_bucket(s, (int32_t)(s->running[k] % (uint64_t)({buckets} > 0 ? {buckets} : 1)));
    }}
}}

/* {doc_output} {doc_c_output} */
long {name}_output(const char *text, double y[{outputs}])
{{
    static const char space[] = " \\n\\r\\t\\v\\f";
    State s = {{0}};
    s.sums = y;
    for (int k = 0; k < OUTPUTS; k++) y[k] = 0;
    for (;;) {{
        size_t n;
        text += strspn(text, space);
        n = strcspn(text, space);
        if (n == 0 || (n == 4 && memcmp(text, "</s>", 4) == 0)) break;
        add_word(&s, text, n);
        text += n;
    }}
    add_word(&s, "</s>", 4);
    for (int k = 0; k < OUTPUTS; k++) y[k] = s.rows ? y[k] / (double)s.rows : NAN;
    return s.rows;
}}

{link}
/* {doc_predict} {doc_c_predict} */
int {name}_predict(const char *text)
{{
    double p[{classes}];
    int best = 0;
    if ({name}_probabilities(text, p) == 0) return -1;
    for (int k = 1; k < CLASSES; k++)
        if (p[k] > p[best]) best = k;
    return best;
}}
"""
_LINKS = {
    "softmax": """\
/* {doc_probabilities} {doc_c_output} */
long {name}_probabilities(const char *text, double p[{classes}])
{{
    const long rows = {name}_output(text, p);
    double top = p[0], sum = 0;
    for (int k = 1; k < CLASSES; k++) top = p[k] > top ? p[k] : top;
    for (int k = 0; k < CLASSES; k++) sum += p[k] = exp(p[k] - top);
    for (int k = 0; k < CLASSES; k++) p[k] /= sum;
    return rows;
}}
""",
    "one_vs_all": """\
static double log_sigmoid(double z) {{ return fmin(z, 0) - log1p(exp(-fabs(z))); }}

/* {doc_probabilities} {doc_c_output} */
long {name}_probabilities(const char *text, double p[{classes}])
{{
    const long rows = {name}_output(text, p);
    for (int k = 0; k < CLASSES; k++) p[k] = rows ? exp(log_sigmoid(p[k])) : NAN;
    return rows;
}}
""",
    "tree": """\
static double log_sigmoid(double z) {{ return fmin(z, 0) - log1p(exp(-fabs(z))); }}

/* the children of each node: labels, then nodes */
static const int32_t TREE[][2] = {{
{tree}
}};

/* {doc_probabilities} {doc_c_output} */
long {name}_probabilities(const char *text, double p[{classes}])
{{
    double y[OUTPUTS + 1], logs[2 * CLASSES];
    const long rows = {name}_output(text, y);
    logs[2 * CLASSES - 2] = 0;
    for (int k = CLASSES - 2; k >= 0; k--) {{
        logs[TREE[k][0]] = logs[CLASSES + k] + log_sigmoid(-y[k]);
        logs[TREE[k][1]] = logs[CLASSES + k] + log_sigmoid(y[k]);
    }}
    for (int k = 0; k < CLASSES; k++) p[k] = rows ? exp(logs[k]) : NAN;
    return rows;
}}
""",
}
_FLOATS = """\
static const double WEIGHTS[] = {{
{values}
}};
static double weight(long i) {{ return WEIGHTS[i]; }}"""
_CODES = """\
static const signed char CODES[] = {{
{values}
}};
static const float SCALES[] = {{
{scales}
}};
static double weight(long i) {{ return (double)CODES[i] * (double)SCALES[i / {block}]; }}"""


def write_text(table: NgramTable, name: str) -> str:
    """Functions ``NAME_output``, ``NAME_probabilities`` and ``NAME_predict`` of a text in UTF-8 that ends in a zero."""
    order = sorted(range(len(table.vocabulary.words)), key=table.vocabulary.words.__getitem__)
    words = table.vocabulary.words
    buckets = table.vocabulary.buckets
    numbers = {**settings(table), "name": c_identifier(name)}
    docs = {f"doc_{what}": say(f"fasttext.doc_{what}")
            for what in ("output", "probabilities", "predict", "c_output", "c_predict")}  # fmt: skip
    children = [] if table.tree is None else [f"{{{a}, {b}}}" for a, b in table.tree.children]
    code = _CODE.format(
        **numbers, **docs,
        class_list=listed(c_string(label) for label in table.classes),
        labels=listed(c_string(label) for label in table.labels),
        words=listed((c_string(word) for word in sorted(words)), '""'),
        rows=listed(order),
        kept=listed([] if buckets is None else buckets),
        kept_count=0 if buckets is None else len(buckets),
        all_kept=int(buckets is None),
        weights=_weights(table, numbers["block"]),
        link=_LINKS[table.link].format(**numbers, **docs, tree=listed(children, "{0, 0}")),
    )  # fmt: skip
    return "".join(f"/* {line} */\n" for line in head_lines(table, name)) + code


def _weights(table: NgramTable, block: int) -> str:
    weights = table.weights
    if isinstance(weights, Int8Blocks):
        codes = listed(weights.codes.reshape(-1).tolist())
        return _CODES.format(values=codes, scales=listed(c_floats(weights.scales)), block=block)
    return _FLOATS.format(values=listed(shortest_decimals(weights.reshape(-1))))
