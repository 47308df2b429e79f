"""`judge`: whether a formula is linear in some names jointly, and why, as a `Judgement`; the decision procedure.

In this order: the structure of the tree, a quick search for a counterexample, a proof by cases, a thorough search.
*Linear* and *affine* are proved by algebra; *nonlinear* requires a counterexample in exact numbers or disjoint
intervals; otherwise the verdict is *undecided*.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from ...words import say
from ..language.build import ZERO, add, multiply
from ..language.tree import Name, Node, depends_on
from ..printing.text import to_text
from .affine_parts import AffineParts, affine_parts, find_nonlinearity
from .affine_proof import affine_forms, is_zero
from .counterexample import Counterexample
from .counterexample_search import CounterexampleSearch
from .judgement import Judgement
from .linearizing_transforms import linearizing_transform
from .merge_cases import merge_cases
from .simplify import simplify

_PROOF_BUDGET = 60_000  # units of work for one proof, about a tenth of a second; less where many names are judged
_MAX_EXPRESSION = 200  # characters of an expression inside a sentence


def judge(
    tree: Node, subject: Sequence[str], names: Sequence[str], search: CounterexampleSearch | None = None
) -> Judgement:
    """The verdict on the names in ``subject`` jointly. ``names``: all names that the formula has values for."""
    subject = tuple(dict.fromkeys(subject))
    search = search or CounterexampleSearch(tree, names)
    if not search.defined:
        return Judgement(subject, "undecided", "open", say("formula.never_defined"))
    parts = affine_parts(tree, subject)
    if parts.is_affine:
        return _linear_or_affine(subject, parts.coefficients, parts.constant, search)
    counterexample = search.find(subject, affine=True)
    if counterexample is not None:
        return _nonlinear(tree, subject, counterexample)
    proof = affine_forms(tree, frozenset(subject), _proof_budget(search))
    if proof is not None:
        atoms, forms = proof
        parts = merge_cases(atoms, forms, subject)
        return _linear_or_affine(subject, parts.coefficients, parts.constant, search)
    counterexample = search.find(subject, affine=True, prefilter=False)
    if counterexample is not None:
        return _nonlinear(tree, subject, counterexample)
    remainder = to_text(parts.remainder)
    reason = say("formula.why_undecided", place=_truncate(remainder))
    return Judgement(subject, "undecided", "open", reason, remainder=remainder)


def _proof_budget(search: CounterexampleSearch) -> int:
    return _PROOF_BUDGET // max(1, len(search.names) // 8)


def _linear_or_affine(
    subject: tuple[str, ...], coefficients: dict[str, Node], constant: Node, search: CounterexampleSearch
) -> Judgement:
    """The verdict on an affine form: linear where its constant is 0."""
    coefficients = {name: short for name, c in coefficients.items() if (short := simplify(c)) != ZERO}
    counterexample = None if constant == ZERO else search.find(subject, affine=False)
    if counterexample is None and (constant == ZERO or is_zero(constant, _proof_budget(search))):
        return _affine_judgement(subject, coefficients, ZERO, None)
    counterexample = counterexample or search.find(subject, affine=False, prefilter=False)
    if counterexample is not None:
        return _affine_judgement(subject, coefficients, simplify(constant), counterexample)
    text = to_text(constant)
    return Judgement(
        subject, "undecided", "open", say("formula.constant_open", constant=_truncate(text)), constant=text
    )


def _affine_judgement(
    subject: tuple[str, ...], coefficients: dict[str, Node], constant: Node, counterexample: Counterexample | None
) -> Judgement:
    """The judgement on a formula that is proved affine; linear where there is no counterexample to linearity."""
    texts = {name: to_text(c) for name, c in coefficients.items()}
    keys = {(True, False): "linear", (False, False): "zero", (True, True): "affine", (False, True): "constant"}
    constant_text = to_text(constant)
    key = keys[bool(coefficients), counterexample is not None]
    reason = say(
        f"formula.why_{key}_together" if key == "linear" and len(subject) > 1 else f"formula.why_{key}",
        form=_form(coefficients, constant), names=_truncate(", ".join(subject)), constant=_truncate(constant_text),
    )  # fmt: skip
    return Judgement(
        subject,
        verdict="linear" if counterexample is None else "affine",
        evidence="proved",
        reason=reason,
        coefficients=texts,
        constant=constant_text,
        counterexample=counterexample,
        parts=AffineParts(coefficients, constant),
    )


def _nonlinear(tree: Node, subject: tuple[str, ...], counterexample: Counterexample) -> Judgement:
    """The judgement that names the operation that is not affine, and a transform that would help."""
    parts = affine_parts(tree, subject)
    kind, place = find_nonlinearity(tree, subject)
    inside = [n for n in subject if depends_on(place, [n])]
    reason = say(f"formula.why_{kind}", names=_truncate(", ".join(inside)), place=_truncate(to_text(place)))
    transform = linearizing_transform(tree, subject)
    if transform is not None:
        reason += " " + say("formula.straight_after", step=transform.step, right=_truncate(to_text(transform.right)))
    return Judgement(
        subject,
        verdict="nonlinear",
        evidence="refuted",
        reason=reason,
        coefficients={name: to_text(simplify(c)) for name, c in parts.coefficients.items()},
        constant=to_text(simplify(parts.constant)),
        remainder=to_text(parts.remainder),
        counterexample=counterexample,
        after=transform.step if transform else None,
    )


def _form(coefficients: dict[str, Node], constant: Node) -> str:
    total: Node = ZERO
    for name, c in islice(coefficients.items(), _MAX_EXPRESSION // 4):  # "a + ": further terms would be truncated
        total = add(total, multiply(c, Name(name)))
    return _truncate(to_text(add(total, constant)))


def _truncate(text: str) -> str:
    return text if len(text) <= _MAX_EXPRESSION else text[: _MAX_EXPRESSION - 1] + "…"
