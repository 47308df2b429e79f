"""`text_model_to_c`: a straight model of text as C99, one file that needs the standard library alone."""

from __future__ import annotations

from ...network.shortest_decimals import shortest_decimals
from ...verdict.text import TextModel
from ..c_literals import c_string, listed
from ..header import c_identifier, comment_line
from ..ngram_sums.c import INCLUDES, sums_c
from ..ngram_sums.tables import NgramSums
from .head import docs, head_lines

_OUTPUT = """\
static const double INTERCEPTS[{outputs}] = {{
{intercepts}
}};

/* {doc_counts} Returns how many rows there are and fills the first most; -1 without memory. */
long {name}_counts(const char *text, long most, int32_t *rows, int32_t *counts)
{{
    long total, n, found = 0;
    int32_t *const all = rows_of(&SUMS[0], text, &total);
    if (!all) return -1;
    for (long at = 0; at < total; at += n, found++) {{
        n = run_of(all + at, total - at);
        if (found < most) rows[found] = all[at];
        if (found < most) counts[found] = (int32_t)n;
    }}
    free(all);
    return found;
}}

/* {doc_output} Returns 0, or -1 without memory. */
int {name}_output(const char *text, double y[{outputs}])
{{
    if (add_up(&SUMS[0], text, y)) return -1;
    for (int k = 0; k < {outputs}; k++) y[k] += INTERCEPTS[k];
    return 0;
}}
"""
_CLASSES = """
const char *const {name}_classes[{classes}] = {{
{labels}
}};

/* {doc_probabilities} Returns 0, or -1 without memory. */
int {name}_probabilities(const char *text, double p[{classes}])
{{
    double top, sum = 0;
{scores}
    top = p[0];
    for (int k = 1; k < {classes}; k++) top = p[k] > top ? p[k] : top;
    for (int k = 0; k < {classes}; k++) sum += p[k] = exp(p[k] - top);
    for (int k = 0; k < {classes}; k++) p[k] /= sum;
    return 0;
}}

/* {doc_predict} Its number, from 0; -1 without memory. */
int {name}_predict(const char *text)
{{
    double p[{classes}];
    int best = 0;
    if ({name}_probabilities(text, p)) return -1;
    for (int k = 1; k < {classes}; k++) best = p[k] > p[best] ? k : best;
    return best;
}}
"""
_LOG_ODDS = """\
    if ({name}_output(text, &p[1])) return -1;
    p[0] = 0;
    p[1] /= 1 + {damping!r} * fabs(p[1]);"""
_SCORES = "    if ({name}_output(text, p)) return -1;"


def text_model_to_c(model: TextModel, name: str = "model") -> str:
    """C99 source with ``NAME_counts``, ``NAME_output``; for classes ``NAME_probabilities`` and ``NAME_predict``."""
    name = c_identifier(name)
    sizes = {"name": name, "outputs": model.weights.shape[1], "classes": len(model.classes)}
    texts = {key: comment_line(text) for key, text in docs().items()}
    comment = "\n".join(f"   {line}" for line in head_lines(model, name, normalises=False))
    parts = [f"/*{comment[2:]} */\n", INCLUDES, sums_c([NgramSums.of(model)])]
    parts.append(_OUTPUT.format(intercepts=listed(shortest_decimals(model.intercepts)), **sizes, **texts))
    if model.classes:
        scores = (_LOG_ODDS if len(model.classes) == 2 else _SCORES).format(name=name, damping=model.damping)
        labels = listed(c_string(label) for label in model.classes)
        parts.append(_CLASSES.format(scores=scores, labels=labels, **sizes, **texts))
    return "".join(parts)
