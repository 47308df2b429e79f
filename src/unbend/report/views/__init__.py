"""`view`: an object's view in notebooks, self-contained HTML without requests or scripts.

``VIEWS`` names the views by type, so that only the module of the object that is shown is loaded.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ...display import MimeBundle

# class -> (module of report/, function); the function returns HTML, or a whole MIME bundle
VIEWS = {
    "formula.equation.Equation": ("views.formulas", "equation"),
    "formula.proof.judgement.Judgement": ("views.formulas", "judgement"),
    "formula.proof.linearity.Linearity": ("views.formulas", "linearity"),
    "geometry.difference.Difference": ("views.geometry", "difference"),
    "geometry.difference.Equality": ("views.geometry", "sentence"),
    "geometry.local.Explanation": ("views.geometry", "explanation"),
    "geometry.local.LocalMap": ("views.geometry", "local_map"),
    "geometry.ranges.OutputRange": ("views.geometry", "output_range"),
    "geometry.regions.Regions": ("views.geometry", "regions"),
    "geometry.shrink.Shrunk": ("views.geometry", "sentence"),
    "network.gradient_check.GradientCheck": ("views.networks", "gradient_check"),
    "network.network.Network": ("views.networks", "network"),
    "network.trace.Trace": ("views.networks", "trace"),
    "solve.result.Fit": ("views.fits", "fit"),
    "spaces.linear.spans.InSpan": ("views.spaces", "in_span"),
    "spaces.linear.spans.Independence": ("views.spaces", "independence"),
    "spaces.result.AxiomResult": ("views.spaces", "axiom"),
    "spaces.result.AxiomResults": ("views.spaces", "axioms"),
    "spaces.subspace.Subspace": ("views.spaces", "subspace"),
    "train.history.History": ("views.training", "history"),
    "verdict.explanation.RowExplanation": ("contributions", "view"),
    "verdict.model.Model": ("views.tables", "table_model"),
    "verdict.result.Result": ("views.tables", "result"),
    "verdict.scored_model.ScoredModel": ("views.tables", "scored_model"),
    "verdict.where.attribution.Suggestion": ("views.tables", "suggestion"),
    "verdict.where.attribution.Where": ("where", "bends_in_short"),
}
_REPORT = __name__.removesuffix(".views")
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
