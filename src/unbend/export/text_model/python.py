"""`text_model_to_python`: a straight model of text as a Python module that needs the standard library alone."""

from __future__ import annotations

from ...verdict.text import TextModel
from ..ngram_sums.python import FROM_IMPORTS, IMPORTS, sums_python
from ..ngram_sums.tables import NgramSums
from .head import docs, head_lines

_OUTPUT = '''\
INTERCEPTS = {intercepts}


def counts(text):
    """{doc_counts}"""
    return _SUMS[0].counts(text)


def output(text):
    """{doc_output}"""
    return [one + intercept for one, intercept in zip(_SUMS[0](text), INTERCEPTS)]


'''
_CLASSES = '''\
CLASSES = {classes!a}


def probabilities(text):
    """{doc_probabilities}"""
    scores = {scores}
    parts = [math.exp(score - max(scores)) for score in scores]
    return [part / sum(parts) for part in parts]


def predict(text):
    """{doc_predict}"""
    p = probabilities(text)
    return CLASSES[p.index(max(p))]
'''
_LOG_ODDS = "[0.0, *(one / (1 + {damping!r} * abs(one)) for one in output(text))]"
_NUMBERS = '''\
def predict(text):
    """{doc_value}"""
    return output(text)[0]
'''


def text_model_to_python(model: TextModel, name: str = "model") -> str:
    """A module with ``counts``, ``output``, ``predict`` and, for classes, ``probabilities``, each of a text."""
    imports = "".join([*(f"import {name}\n" for name in IMPORTS), *(f"{line}\n" for line in FROM_IMPORTS)])
    scores = _LOG_ODDS.format(damping=model.damping) if len(model.classes) == 2 else "output(text)"
    return "".join(
        [
            *(f"# {line}\n" for line in head_lines(model, name)),
            imports + "\n",
            sums_python([NgramSums.of(model)]),
            _OUTPUT.format(intercepts=model.intercepts.tolist(), **docs()),
            (_CLASSES if model.classes else _NUMBERS).format(classes=list(model.classes), scores=scores, **docs()),
        ]
    )
