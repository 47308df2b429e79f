"""Views of a table's verdict, its models and their explanations."""

from __future__ import annotations

from html import escape

from ...verdict import Model, Result, ScoredModel
from ...verdict.own_test import OwnTest
from ...verdict.tree_scores import TreeScores
from ...verdict.where import Suggestion
from ...words import say
from .. import pictures
from ..html import paragraph, table
from ..sentences import advice, caveats, explanation, headline, model_scores, own_test_rows, tree_scores, trees_sentence
from ..where import change


def result(verdict: Result) -> str:
    """The verdict, its interval drawn, and both models' held-out scores."""
    models = [(say("report.straight"), verdict.linear), (say("report.network"), verdict.network)]
    rows = [(name, model_scores(model)) for name, model in models]
    if verdict.trees:
        rows.append((say("report.trees"), tree_scores(verdict.trees)))
    parts = [
        f"<h3>{escape(headline(verdict))}</h3>",
        paragraph(explanation(verdict)),
        pictures.gain_bar(verdict.gain, verdict.interval)
        if verdict.decision.is_known
        else paragraph(say("report.gain_unknown")),
        table(["", ""], rows, bold_row=0 if verdict.chosen == "linear" else 1),
        paragraph(advice(verdict)),
        *([paragraph(trees)] if (trees := trees_sentence(verdict)) else []),
        *(paragraph(text) for text in caveats(verdict)),
    ]
    return "\n".join(parts)


def table_model(model: Model) -> str:
    """What it predicts, from which columns."""
    rows = [
        (say("report.target"), model.target + (f": {', '.join(model.classes)}" if model.classes else "")),
        (say("report.columns"), ", ".join(model.columns)),
        (say("report.network"), repr(model.network)),
    ]
    return table(["", ""], rows)


def scored_model(scored: ScoredModel) -> str:
    """Its held-out scores, and the model."""
    return paragraph(model_scores(scored)) + table_model(scored.model)


def boosted_trees(scored: TreeScores) -> str:
    """Their held-out scores."""
    return paragraph(tree_scores(scored))


def own_test(test: OwnTest) -> str:
    """The scores of the constant and both models on the user's own test set."""
    return table(["", ""], own_test_rows(test))


def suggestion(found: Suggestion) -> str:
    """The formula to copy, and with its fitted values."""
    texts = [text for text in (found.text, found.text_with_values) if text]
    return paragraph(change(found)) + "".join(f"<pre>{escape(text)}</pre>" for text in texts)
