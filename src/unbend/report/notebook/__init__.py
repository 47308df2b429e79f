"""`view`: an object's view in notebooks, self-contained HTML without requests or scripts.

``VIEWS`` names the views by type, so that only the module of the object that is shown is loaded.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ...display import MimeBundle

# class -> (module of report/, function); the function returns HTML, or a whole MIME bundle
VIEWS = {
    "activations.record.Activation": ("notebook.activations", "activation"),
    "activations.table.Activations": ("notebook.activations", "activations"),
    "display.Registry": ("notebook.activations", "names"),
    "formula.equation.Equation": ("notebook.formulas", "equation"),
    "formula.proof.judgement.Judgement": ("notebook.formulas", "judgement"),
    "formula.proof.linearity.Linearity": ("notebook.formulas", "linearity"),
    "geometry.difference.Difference": ("notebook.geometry", "difference"),
    "geometry.difference.Equality": ("notebook.geometry", "sentence"),
    "geometry.local.Explanation": ("notebook.geometry", "explanation"),
    "geometry.local.LocalMap": ("notebook.geometry", "local_map"),
    "geometry.ranges.OutputRange": ("notebook.geometry", "output_range"),
    "geometry.regions.Regions": ("notebook.geometry", "regions"),
    "geometry.shrink.Shrunk": ("notebook.geometry", "sentence"),
    "network.gradient_check.GradientCheck": ("notebook.networks", "gradient_check"),
    "network.network.Network": ("notebook.networks", "network"),
    "network.trace.Trace": ("notebook.networks", "trace"),
    "solve.result.Fit": ("notebook.fits", "fit"),
    "spaces.catalogue.Spaces": ("notebook.spaces", "spaces"),
    "spaces.linear.spans.InSpan": ("notebook.spaces", "in_span"),
    "spaces.linear.spans.Independence": ("notebook.spaces", "independence"),
    "spaces.result.AxiomResult": ("notebook.spaces", "axiom"),
    "spaces.result.AxiomResults": ("notebook.spaces", "axioms"),
    "spaces.space.Space": ("notebook.spaces", "space"),
    "spaces.subspace.Subspace": ("notebook.spaces", "subspace"),
    "train.history.History": ("notebook.training", "history"),
    "verdict.explanation.RowExplanation": ("row_contributions", "view"),
    "verdict.importance.Importances": ("importance", "importance_table"),
    "verdict.model.Model": ("notebook.tables", "table_model"),
    "verdict.own_test.OwnTest": ("notebook.tables", "own_test"),
    "verdict.result.Result": ("notebook.tables", "result"),
    "verdict.scored_model.ScoredModel": ("notebook.tables", "scored_model"),
    "verdict.several_targets.Results": ("index", "index_table"),
    "verdict.tree_scores.TreeScores": ("notebook.tables", "boosted_trees"),
    "verdict.text.text_explanation.TextExplanation": ("text_contributions", "view"),
    "verdict.text.text_model.TextModel": ("notebook.texts", "text_model"),
    "verdict.where.attribution.Suggestion": ("notebook.tables", "suggestion"),
    "verdict.where.attribution.Where": ("where", "bends_in_short"),
}
_REPORT = __name__.removesuffix(".notebook")
_PACKAGE = _REPORT.removesuffix("report")


def view(value: Any) -> MimeBundle:
    """The view of any displayed object, by its type or the nearest base that has one: {MIME type: content}."""
    for kind in type(value).__mro__:
        found = VIEWS.get(f"{kind.__module__}.{kind.__qualname__}".removeprefix(_PACKAGE))
        if found is not None:
            module, function = found
            content = getattr(import_module(f".{module}", _REPORT), function)(value)
            parts: MimeBundle = {"text/html": content} if isinstance(content, str) else content
            return {"text/plain": repr(value), **parts}
    return {"text/plain": repr(value)}
