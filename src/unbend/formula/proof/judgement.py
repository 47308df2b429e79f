"""Is a formula linear, in what, and why: the verdict for one name or for several together.

*linear*: f(alpha u + beta v) = alpha f(u) + beta f(v) for all u, v and all numbers alpha, beta, wherever the
formula has a value. *affine*: linear plus a constant that is not 0.
Both are proved by algebra; *nonlinear* is refuted by a counterexample in exact numbers; otherwise *undecided*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Literal

from ...errors import BadInput
from ...words import say
from ..language.build import ZERO, add, multiply
from ..language.tree import Name, Node, stands_in
from ..text import to_text
from .affine_parts import Parts, culprit, take_apart
from .affine_proof import is_zero, straight_forms
from .counterexample import Counterexample
from .counterexample_search import Search
from .linearizing_transforms import straight_after
from .merge_cases import gathered
from .simplify import simplify

Verdict = Literal["linear", "affine", "nonlinear", "undecided"]
Evidence = Literal["proved", "refuted", "tested", "open"]
_UNITS = 60_000  # of work for one proof, about a tenth of a second; less where there are many names to judge
_LONG = 200  # characters of an expression inside a sentence


@dataclass(frozen=True)
class Judgement:
    """The verdict on some names together, and what it rests on.

    f = sum of ``coefficients[name]``*name + ``constant`` + ``remainder`` (texts of formulas). ``counterexample``
    is given for *nonlinear* (it refutes affine too) and for *affine* (it refutes linear). ``after`` is the step that
    makes a nonlinear formula straight, such as ``"log(y)"``. ``trials`` counts tests where nothing was proved.
    """

    subject: tuple[str, ...]
    verdict: Verdict
    evidence: Evidence
    reason: str
    coefficients: dict[str, str] = field(default_factory=dict)
    constant: str = "0"
    remainder: str = "0"
    counterexample: Any = None
    after: str | None = None
    trials: int = 0
    parts: Parts = field(default=Parts({}), repr=False, compare=False)  # the same as trees, where it is straight

    @property
    def coefficient(self) -> str:
        """The coefficient of a single name."""
        return self.coefficients.get(self.subject[0], "0") if len(self.subject) == 1 else "; ".join(
            f"{name}: {text}" for name, text in self.coefficients.items()
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{', '.join(self.subject)}: {say('formula.verdict_' + self.verdict)}. {self.reason}"


class Linearity:
    """Judgements on one formula, made when asked for and kept."""

    def __init__(self, tree: Node, variables: Sequence[str], parameters: Sequence[str]) -> None:
        self._tree = tree
        self._variables, self._parameters = tuple(variables), tuple(parameters)
        self._known: dict[tuple[str, ...], Judgement] = {}

    def of(self, *names: str) -> Judgement:
        """The verdict on these names together, all others held fixed.

        Raises ``BadInput`` where a name does not stand in the formula.
        """
        every = (*self._variables, *self._parameters)
        for name in names:
            if name not in every:
                raise BadInput("formula.no_such_name", name=name, known=", ".join(every))
        if names not in self._known:
            self._known[names] = judge(self._tree, names, every, self._search)
        return self._known[names]

    @cached_property
    def _search(self) -> Search:
        return Search(self._tree, (*self._variables, *self._parameters))

    @property
    def variables(self) -> Judgement | None:
        """The verdict on all variables together; None where there are none."""
        return self.of(*self._variables) if self._variables else None

    @property
    def parameters(self) -> Judgement | None:
        """The verdict on all parameters together; None where there are none."""
        return self.of(*self._parameters) if self._parameters else None

    @property
    def everything(self) -> Judgement | None:
        """The verdict on all names together; None where there are none."""
        names = (*self._variables, *self._parameters)
        return self.of(*names) if names else None

    def __iter__(self) -> Any:
        """The verdicts on the single names."""
        return (self.of(name) for name in (*self._variables, *self._parameters))


def judge(tree: Node, subject: Sequence[str], names: Sequence[str], search: Search | None = None) -> Judgement:
    """The verdict on the names in ``subject`` together. ``names`` are all names with values."""
    subject = tuple(dict.fromkeys(subject))
    search = search or Search(tree, names)
    if not search.defined:
        return Judgement(subject, "undecided", "open", say("formula.never_defined"))
    parts = take_apart(tree, subject)
    if parts.straight:
        return _constant_judged(subject, parts.coefficients, parts.constant, search)
    counterexample = search.find(subject, affine=True)
    if counterexample is not None:
        return _nonlinear(tree, subject, counterexample)
    proof = straight_forms(tree, frozenset(subject), _units(search))
    if proof is not None:
        atoms, forms = proof
        found = gathered(atoms, forms, subject)
        return _constant_judged(subject, found.coefficients, found.constant, search)
    counterexample = search.find(subject, affine=True, patient=True)
    if counterexample is not None:
        return _nonlinear(tree, subject, counterexample)
    rest = to_text(parts.remainder)
    return Judgement(subject, "undecided", "open", say("formula.why_undecided", place=_cut(rest)), remainder=rest)


def _units(search: Search) -> int:
    return _UNITS // max(1, len(search.names) // 8)


def _constant_judged(
    subject: tuple[str, ...], coefficients: dict[str, Node], constant: Node, search: Search
) -> Judgement:
    """Linear or affine: whether the constant of a straight formula is 0."""
    coefficients = {name: short for name, c in coefficients.items() if (short := simplify(c)) != ZERO}
    found = None if constant == ZERO else search.find(subject, affine=False)
    if found is None and (constant == ZERO or is_zero(constant, _units(search))):
        return _straight(subject, coefficients, ZERO, None)
    found = found or search.find(subject, affine=False, patient=True)
    if found is not None:
        return _straight(subject, coefficients, simplify(constant), found)
    text = to_text(constant)
    return Judgement(subject, "undecided", "open", say("formula.constant_open", constant=_cut(text)), constant=text)


def _straight(
    subject: tuple[str, ...], coefficients: dict[str, Node], constant: Node, found: Counterexample | None
) -> Judgement:
    texts = {name: to_text(c) for name, c in coefficients.items()}
    why = {(True, False): "linear", (False, False): "zero", (True, True): "affine", (False, True): "constant"}
    rest = to_text(constant)
    key = why[bool(coefficients), found is not None]
    reason = say(
        f"formula.why_{key}_together" if key == "linear" and len(subject) > 1 else f"formula.why_{key}",
        form=_form(coefficients, constant), names=_cut(", ".join(subject)), constant=_cut(rest),
    )  # fmt: skip
    verdict: Verdict = "linear" if found is None else "affine"
    return Judgement(subject, verdict, "proved", reason, texts, rest, counterexample=found,
                     parts=Parts(coefficients, constant))  # fmt: skip


def _nonlinear(tree: Node, subject: tuple[str, ...], found: Counterexample) -> Judgement:
    parts = take_apart(tree, subject)
    kind, place = culprit(tree, subject)
    inside = [n for n in subject if stands_in(place, [n])]
    reason = say(f"formula.why_{kind}", names=_cut(", ".join(inside)), place=_cut(to_text(place)))
    after = straight_after(tree, subject)
    if after is not None:
        reason += " " + say("formula.straight_after", step=after.step, right=_cut(to_text(after.right)))
    return Judgement(
        subject, "nonlinear", "refuted", reason,
        {name: to_text(simplify(c)) for name, c in parts.coefficients.items()},
        to_text(simplify(parts.constant)), to_text(parts.remainder), found, after.step if after else None,
    )  # fmt: skip


def _form(coefficients: dict[str, Node], constant: Node) -> str:
    total: Node = ZERO
    for name, c in islice(coefficients.items(), _LONG // 4):  # "a + ": more would be cut
        total = add(total, multiply(c, Name(name)))
    return _cut(to_text(add(total, constant)))


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
