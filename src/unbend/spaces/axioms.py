"""`check_axioms`: the ten vector space axioms for a space, each proved, refuted, tested or senseless."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from ..errors import BadInput
from ..formula.language.tree import Name
from .axiom_laws import LAWS, Law
from .proof.inverse_axiom import check_inverse
from .proof.space_prover import EXISTENCE_WORK, MembershipTracking, SpaceProver, equal_vectors
from .proof.zero_axiom import check_zero
from .result import AXIOMS, AxiomResult, AxiomResults, format_value
from .search.irrational_scalar import irrational_counterexample
from .search.law_search import search_counterexample, search_far
from .search.trial_vectors import Vector, sample_members
from .space import Space


def check_axioms(space: Space, progress: Callable[[str], None] | None = None) -> AxiomResults:
    """Check the ten axioms of a vector space.

    Counterexamples are searched for among small round vectors, in exact arithmetic; without one, a proof is tried;
    without a proof, numbers far out and around those in the formulas follow, and then the axiom counts as tested. A
    proof may cost a fixed amount of work, some seconds at most. The zero is tested as u + 0 = u, the inverse as
    u + (-u) = 0. A result without a value (a division by zero, the logarithm of a negative number) lies outside the
    set.

    Parameters
    ----------
    space : Space
    progress : callable, optional
        Called with "V1" … "V10" before each axiom.

    Returns
    -------
    AxiomResults
        A mapping from "V1" … "V10" to results with ``verdict`` ("proved", "refuted", "tested" or "senseless"),
        ``reason``, ``counterexample`` and ``trials``. The order: two closures, commutativity, associativity, zero and
        inverse of addition; associativity of scalars, the two distributive laws, the unit.

    Raises
    ------
    BadInput
        Where no vector of the set is found.

    Examples
    --------
    >>> import unbend as ub
    >>> results = ub.check_axioms(ub.spaces["quadrant"])
    >>> results["V2"].verdict, str(results["V2"].counterexample)
    ('refuted', 'a = -1, u = (0, 1): a u = (0, -1)')
    >>> results.is_vector_space
    False
    """
    pool = _members(space)
    prover = SpaceProver(space)
    report = progress or (lambda _: None)
    results = _check_laws(space, tuple(LAWS), pool, prover, report)
    rational = [u for u in pool if all(isinstance(x, Fraction) for x in u)]
    prover.renew_limit(EXISTENCE_WORK)
    report("V5")
    results["V5"], zero = check_zero(space, rational, prover)
    prover.renew_limit(EXISTENCE_WORK)
    report("V6")
    results["V6"] = check_inverse(space, rational, prover, results["V5"], zero)
    return AxiomResults(space, {axiom: results[axiom] for axiom in AXIOMS})


def check_closures(space: Space) -> dict[str, AxiomResult]:
    """V1 and V2 alone. Raises ``BadInput`` where no vector of the set is found."""
    return _check_laws(space, ("V1", "V2"), _members(space), SpaceProver(space))


def _members(space: Space) -> list[Vector]:
    pool = sample_members(space)
    if not pool:
        raise BadInput("spaces.no_member", member=str(space.member))
    return pool


def _check_laws(
    space: Space,
    axioms: Sequence[str],
    pool: Sequence[Vector],
    prover: SpaceProver,
    report: Callable[[str], None] = lambda _: None,
) -> dict[str, AxiomResult]:
    """The results for these axioms; the closures come first, since the proofs of other laws use them."""
    results: dict[str, AxiomResult] = {}
    for axiom in axioms:
        prover.renew_limit()
        report(axiom)
        results[axiom] = _check_law(space, LAWS[axiom], pool, prover)
        if results[axiom].verdict == "proved":
            prover.closed.add(axiom)
    return results


def _check_law(space: Space, law: Law, pool: Sequence[Vector], prover: SpaceProver) -> AxiomResult:
    """Counterexample, else proof, else tested; senseless where a side has no value for some numbers."""
    counterexample, undefined, trials = search_counterexample(space, law, pool)
    if counterexample is None and law.axiom == "V2":
        counterexample = irrational_counterexample(space, pool)
    if counterexample is None and space.is_formula and _is_proved(law, prover):
        return AxiomResult(law.axiom, "proved", "proved_leaves" if law.right is None else "proved_equal", trials=trials)
    if counterexample is None and undefined is None:
        counterexample, _, more = search_far(space, law, pool)
        trials += more
    if counterexample is not None:
        undefined_left = counterexample.left.endswith("?")
        why = "refuted_equal" if law.right else "no_value" if undefined_left else "refuted_leaves"
        return AxiomResult(
            axiom=law.axiom,
            verdict="refuted",
            why=why,
            values={"where": str(counterexample)},
            counterexample=counterexample,
            trials=trials,
        )
    if undefined is not None:
        where = ", ".join(f"{k} = {format_value(v)}" for k, v in undefined.items())
        return AxiomResult(law.axiom, "senseless", "undefined", {"where": where}, trials=trials)
    return AxiomResult(law.axiom, "tested", "tested_only", {"trials": str(trials)}, trials=trials)


def _is_proved(law: Law, prover: SpaceProver) -> bool:
    """Whether the law is proved for unknown vectors of the set and unknown scalars."""
    operations = MembershipTracking(prover, law.vectors)
    arguments = [*(Name(s) for s in law.scalars), *(operations.vector(v) for v in law.vectors)]
    left = tuple(law.left(operations, *arguments))
    right = tuple(law.right(operations, *arguments)) if law.right is not None else ()
    given = [*prover.memberships(law.vectors), *operations.known]
    if law.right is None:
        return prover.proves(given, left, prover.membership(left))
    # most laws hold for all numbers, members or not, which is proved faster
    return any(prover.proves(known, [*left, *right], equal_vectors(left, right)) for known in ([], given))
