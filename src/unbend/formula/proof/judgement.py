"""`Judgement`: how a formula depends on some names jointly, with the evidence.

*Linear*: f(alpha u + beta v) = alpha f(u) + beta f(v) for all u, v and all numbers alpha, beta, wherever the
formula has a value. *Affine*: linear plus a constant that is not 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ...display import Displayed
from ...words import say
from .affine_parts import AffineParts
from .counterexample import Counterexample

Verdict = Literal["linear", "affine", "nonlinear", "undecided"]
Evidence = Literal["proved", "refuted", "tested", "open"]


@dataclass(frozen=True)
class Judgement(Displayed):
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
