"""Is a formula linear, in which names, and why: the verdict for one name or for several jointly.

*Linear*: f(alpha u + beta v) = alpha f(u) + beta f(v) for all u, v and all numbers alpha, beta, wherever the
formula has a value. *Affine*: linear plus a constant that is not 0. Both are proved by algebra; *nonlinear* rests on a
counterexample in exact numbers or disjoint intervals; otherwise the verdict is *undecided*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Literal

from ...errors import BadInput
from ...words import say
from ..language.build import ZERO, add, multiply
from ..language.tree import Name, Node, depends_on
from ..printing.text import to_text
from .affine_parts import AffineParts, affine_parts, find_nonlinearity
from .affine_proof import affine_forms, is_zero
from .counterexample import Counterexample
from .counterexample_search import CounterexampleSearch
from .linearizing_transforms import linearizing_transform
from .merge_cases import merge_cases
from .simplify import simplify

Verdict = Literal["linear", "affine", "nonlinear", "undecided"]
Evidence = Literal["proved", "refuted", "tested", "open"]
_PROOF_BUDGET = 60_000  # units of work for one proof, about a tenth of a second; less where many names are judged
_MAX_EXPRESSION = 200  # characters of an expression inside a sentence
_MAX_LINES = 20  # of a printed ``Linearity``


@dataclass(frozen=True)
class Judgement:
    """The verdict on how a formula depends on some names jointly, and the evidence for it.

    Attributes
    ----------
    subject : tuple of str
        The names that are judged; all others are held fixed.
    verdict : {"linear", "affine", "nonlinear", "undecided"}
        *Linear*: f(alpha u + beta v) = alpha f(u) + beta f(v); *affine*: linear plus a constant that is not 0.
    evidence : {"proved", "refuted", "tested", "open"}
        *Proved* by algebra, *refuted* by ``counterexample``, *tested* ``trials`` times, or *open* (undecided).
    reason : str
        One sentence in the language that is set.
    coefficients : dict of str to str
        {name: formula}. f = sum of ``coefficients[name]``*name + ``constant`` + ``remainder``.
    constant, remainder : str
        Formulas; the constant depends on no name of the subject, the remainder is the nonlinear part.
    counterexample : Counterexample or None
        Given for *nonlinear* (it refutes affine too) and for *affine* (it refutes linear).
    after : str or None
        The transform that makes a nonlinear formula affine, such as ``"log(y)"``.
    trials : int
        The number of tests, where nothing was proved.
    parts : AffineParts
        Coefficients and constant as expression trees, where the verdict is linear or affine.

    Examples
    --------
    >>> import unbend as ub
    >>> judgement = ub.Formula("y = b1*(1 - exp(-b2*x))").linearity.of("b1")
    >>> judgement.verdict, judgement.evidence, judgement.coefficient
    ('linear', 'proved', '1 - exp(-b2*x)')
    """

    subject: tuple[str, ...]
    verdict: Verdict
    evidence: Evidence
    reason: str
    coefficients: dict[str, str] = field(default_factory=dict)
    constant: str = "0"
    remainder: str = "0"
    counterexample: Counterexample | None = None
    after: str | None = None
    trials: int = 0
    parts: AffineParts = field(default=AffineParts({}), repr=False, compare=False)

    @property
    def coefficient(self) -> str:
        """The coefficient of a single name; of several, all of them in one line."""
        if len(self.subject) == 1:
            return self.coefficients.get(self.subject[0], "0")
        return "; ".join(f"{name}: {text}" for name, text in self.coefficients.items())

    def __str__(self) -> str:
        """The subject, the verdict and the reason, in one line."""
        return f"{', '.join(self.subject)}: {say('formula.verdict_' + self.verdict)}. {self.reason}"


class Linearity:
    """The judgements on one formula, computed on request and cached.

    Printed, it shows one line for each name. Iterating yields the judgements on the single names.

    Parameters
    ----------
    tree : Node
        The expression tree of the right side.
    variables, parameters : sequence of str
        The names in it.

    Examples
    --------
    >>> import unbend as ub
    >>> linearity = ub.Formula("y = a*x**2 + b*x + c").linearity
    >>> {judgement.subject[0]: judgement.verdict for judgement in linearity}
    {'x': 'nonlinear', 'a': 'affine', 'b': 'affine', 'c': 'affine'}
    >>> linearity.of("a", "b", "c").verdict
    'linear'
    """

    def __init__(self, tree: Node, variables: Sequence[str], parameters: Sequence[str]) -> None:
        self._tree = tree
        self.variable_names, self.parameter_names = tuple(variables), tuple(parameters)
        self._cache: dict[tuple[str, ...], Judgement] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The variables, then the parameters."""
        return (*self.variable_names, *self.parameter_names)

    def of(self, *names: str) -> Judgement:
        """The verdict on some names jointly, all others held fixed.

        Parameters
        ----------
        *names : str
            Names of the formula.

        Returns
        -------
        Judgement

        Raises
        ------
        BadInput
            Where a name is not in the formula.
        """
        for name in names:
            if name not in self.names:
                raise BadInput("formula.no_such_name", name=name, known=", ".join(self.names))
        if names not in self._cache:
            self._cache[names] = judge(self._tree, names, self.names, self._search)
        return self._cache[names]

    @cached_property
    def _search(self) -> CounterexampleSearch:
        return CounterexampleSearch(self._tree, self.names)

    @property
    def variables(self) -> Judgement | None:
        """The verdict on all variables jointly; None where there are none."""
        return self.of(*self.variable_names) if self.variable_names else None

    @property
    def parameters(self) -> Judgement | None:
        """The verdict on all parameters jointly; None where there are none."""
        return self.of(*self.parameter_names) if self.parameter_names else None

    @property
    def everything(self) -> Judgement | None:
        """The verdict on all names jointly; None where there are none."""
        return self.of(*self.names) if self.names else None

    def __iter__(self) -> Iterator[Judgement]:
        """The verdicts on the single names."""
        return (self.of(name) for name in self.names)

    def __str__(self) -> str:
        """One line for each name, the first 20 of them."""
        lines = [str(judgement) for judgement in islice(self, _MAX_LINES)]
        return "\n".join([*lines, "…"] if len(self.names) > _MAX_LINES else lines)

    __repr__ = __str__


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
