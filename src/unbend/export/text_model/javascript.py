"""`text_model_to_javascript`: a straight model of text as an ES module without dependencies."""

from __future__ import annotations

import json

from ...verdict.text import TextModel
from ..ngram_sums.javascript import sums_javascript
from ..ngram_sums.tables import NgramSums
from .head import docs, head_lines

_OUTPUT = """\
export const intercepts = {intercepts};

/** {doc_counts} */
export function counts(text) {{
  return sums[0].counts(text);
}}

/** {doc_output} */
export function output(text) {{
  return sums[0].of(text).map((sum, k) => sum + intercepts[k]);
}}

"""
_CLASSES = """\
export const classes = {classes};

/** {doc_probabilities} */
export function probabilities(text) {{
  const scores = {scores};
  const top = scores.reduce((a, b) => Math.max(a, b));
  const parts = scores.map((score) => Math.exp(score - top));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / sum);
}}

/** {doc_predict} */
export function predict(text) {{
  const p = probabilities(text);
  return classes[p.indexOf(p.reduce((a, b) => Math.max(a, b)))];
}}
"""
_LOG_ODDS = "[0, ...output(text).map((one) => one / (1 + {damping!r} * Math.abs(one)))]"
_NUMBERS = """\
/** {doc_value} */
export function predict(text) {{
  return output(text)[0];
}}
"""


def text_model_to_javascript(model: TextModel, name: str = "model") -> str:
    """A module with ``counts``, ``output``, ``predict`` and, for classes, ``probabilities``, each of a text."""
    scores = _LOG_ODDS.format(damping=model.damping) if len(model.classes) == 2 else "output(text)"
    return "".join(
        [
            *(f"// {line}\n" for line in head_lines(model, name)),
            sums_javascript([NgramSums.of(model)]),
            _OUTPUT.format(intercepts=model.intercepts.tolist(), **docs()),
            (_CLASSES if model.classes else _NUMBERS).format(
                classes=json.dumps(model.classes), scores=scores, **docs()
            ),
        ]
    )
