"""Is a formula affine in a name? The normal form of unbend.formula.proof beside SymPy: CPU time and what is decided.

    PYTHONPATH=src python benchmarks/algebra.py > benchmarks/results/algebra.md

SymPy is asked, with the symbols declared real, whether the second derivative is 0 (by ``simplify`` and by ``equals``),
and whether the formula differs from the line through its values at 1 and 2 (by ``simplify``).
"""

from __future__ import annotations

import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import sympy
from machine import machine

from unbend.formula import Linearity
from unbend.solve import Formula

LIMIT = 60  # seconds for one question
# the models of NIST's regression problems (StRD); every parameter and the variable are judged
MODELS = [
    "b1*(1 - exp(-b2*x))", "exp(-b1*x)/(b2 + b3*x)", "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)", "b1*x**b2",
    "b1*exp(-b2*x) + b3*exp(-(x - b4)**2/b5**2) + b6*exp(-(x - b7)**2/b8**2)", "b1*(1 - (1 + b2*x/2)**(-2))",
    "b1*(1 - (1 + 2*b2*x)**(-0.5))", "b1*b2*x*((1 + b2*x)**(-1))", "b1 + b2*exp(-x*b4) + b3*exp(-x*b5)",
    "(b1 + b2*x + b3*x**2)/(1 + b4*x + b5*x**2)", "b1*(x**2 + x*b2)/(x**2 + x*b3 + b4)",
    "(b1 + b2*x + b3*x**2 + b4*x**3)/(1 + b5*x + b6*x**2 + b7*x**3)", "b1 - b2*x - atan(b3/(x - b4))/pi",
    "b1 + b2*cos(2*pi*x/12) + b3*sin(2*pi*x/12) + b5*cos(2*pi*x/b4) + b6*sin(2*pi*x/b4)", "b1*exp(b2/(x + b3))",
    "b1/(1 + exp(b2 - b3*x))", "b1/((1 + exp(b2 - b3*x))**(1/b4))", "b1/b2*exp(-0.5*((x - b3)/b2)**2)",
    "b1*(b2 + x)**(-1/b3)",
]  # fmt: skip
# formulas that are affine in x once terms cancel
IDENTITIES = [
    "(x + 1)**2 - (x - 1)**2", "(x**3 - x)/(x**2 - 1)", "(1 + x)**12/(1 + x)**11", "1/(1/x + 1/x)", "x**y/x**(y - 1)",
    "exp(log(x))", "log(exp(x))", "sqrt(x)**2", "x**0.3*x**0.7", "log(x*y) - log(x) + x", "log10(10**x)",
    "sin(x)**2 + cos(x)**2 + x", "sin(2*x) - 2*sin(x)*cos(x) + x", "tan(x)*cos(x) - sin(x) + x", "sinh(asinh(x))",
    "asinh(sinh(x))", "cosh(x)**2 - sinh(x)**2 + x", "sigmoid(x) + sigmoid(-x) + x", "softplus(x) - softplus(-x)",
    "logit(sigmoid(x))", "max(x, 0) + min(x, 0)", "max(x, y) + min(x, y)", "abs(x)*sign(x)",
    "where(x > 0, 2*x, x + x)", "abs(x - 1) - abs(1 - x) + x", "log((x + 1)**2) - 2*log(x + 1) + x",
    "sqrt(2)*sqrt(8)*x - 4*x + y", "erf(x) + erfc(x) + x",
]  # fmt: skip
# not affine in x, though the second derivative is 0 wherever it exists
JUMPS = [
    "abs(x)", "max(x, 0)", "relu(x)", "sign(x)", "floor(x)", "x > 0", "where(x > 0, x, x + 1)", "where(x == 1.5, 5, x)",
    "min(max(x, -1), 1)", "leaky_relu(x)",
]  # fmt: skip


class TookTooLong(Exception):
    pass


@contextmanager
def time_limit() -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise TookTooLong

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def by_normal_form(formula: Formula, name: str) -> bool | None:
    verdict = Linearity(formula.tree, formula.variables, formula.parameters).of(name).verdict
    return None if verdict == "undecided" else verdict != "nonlinear"


def by_simplify(formula: Formula, name: str) -> bool | None:
    """0 after simplification is a proof; anything else shows nothing."""
    return True if sympy.simplify(second_derivative(formula, name)) == 0 else None


def by_equals(formula: Formula, name: str) -> bool | None:
    """SymPy's ``equals`` compares numbers first; False is found at a random point in floating-point arithmetic."""
    result: bool | None = second_derivative(formula, name).equals(0)
    return result


def second_derivative(formula: Formula, name: str) -> Any:
    return sympy.diff(formula.sympy(), sympy.Symbol(name, real=True), 2)


def by_line(formula: Formula, name: str) -> bool | None:
    """Whether f is the line through f(1) and f(2); 0 after simplification is a proof."""
    f, x = formula.sympy(), sympy.Symbol(name, real=True)
    first, second = f.subs(x, 1), f.subs(x, 2)
    return True if sympy.simplify(f - first - (x - 1) * (second - first)) == 0 else None


METHODS: dict[str, Callable[[Formula, str], bool | None]] = {
    "unbend": by_normal_form, "SymPy `simplify(f'')`": by_simplify, "SymPy `f''.equals(0)`": by_equals,
    "SymPy `simplify(f - line)`": by_line,
}  # fmt: skip


def ask(method: Callable[[Formula, str], bool | None], formula: Formula, name: str) -> tuple[bool | str | None, float]:
    """The answer (or "error", "too long") and the seconds of CPU time; SymPy's cache is emptied before."""
    sympy.core.cache.clear_cache()
    start = time.process_time()
    answer: bool | str | None
    try:
        with time_limit():
            answer = method(formula, name)
    except TookTooLong:
        answer = "too long"
    except Exception:
        answer = "error"
    return answer, time.process_time() - start


def table(title: str, questions: list[tuple[Formula, str]]) -> None:
    truth = [by_normal_form(formula, name) for formula, name in questions]
    affine = sum(t is True for t in truth)
    print(f"## {title}\n\n{len(questions)} questions: {affine} affine, {len(truth) - affine} not\n")
    print(
        "| method | affine, proved | not affine, shown | wrong | open | error | over 60 s | median | 95 % | slowest |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for label, method in METHODS.items():
        results = [ask(method, formula, name) for formula, name in questions]
        answers = [answer for answer, _ in results]
        wrong = [{a, t} == {True, False} for a, t in zip(answers, truth, strict=True)]
        times = sorted(1000 * seconds for _, seconds in results)
        counts = [sum(a is kind and not w for a, w in zip(answers, wrong, strict=True)) for kind in (True, False)]
        counts += [sum(wrong), answers.count(None), *(answers.count(kind) for kind in ("error", "too long"))]
        slow = times[int(0.95 * len(times))]
        cells = [*map(str, counts), *(f"{t:.2g}" if t < 10 else f"{t:.0f}" for t in (
            statistics.median(times), slow, times[-1]))]  # fmt: skip
        print(f"| {label} | " + " | ".join(cells) + " |")
    print()


def import_seconds(module: str) -> float:
    """Median CPU time of a new process that imports the module, less that of an empty one."""

    def run(code: str) -> float:
        program = f"import time\n{code}\nprint(time.process_time())"
        return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)

    return statistics.median(run(f"import {module}") for _ in range(5)) - statistics.median(run("") for _ in range(5))


def main() -> None:
    print("# Is a formula affine in a name: the normal form beside SymPy\n")
    print(machine(("numpy", "sympy", "mpmath")) + "; CPU time in ms. Made by `python benchmarks/algebra.py`.\n")
    print(
        "The formulas were chosen for this table; the models are those of NIST's collection (StRD). *Wrong*: a second"
    )
    print("derivative that is 0 wherever it exists proves nothing where a formula has kinks or jumps.\n")
    formulas = [Formula(text, variables=["x"]) for text in MODELS]
    table("Models", [(f, name) for f in formulas for name in (*f.variables, *f.parameters)])
    table("Identities", [(Formula(text, variables=["x"]), "x") for text in IDENTITIES])
    table("Kinks and jumps", [(Formula(text, variables=["x"]), "x") for text in JUMPS])
    print(f"`import sympy` takes {import_seconds('sympy'):.2f} s of CPU time; judging a formula does not import it.")


if __name__ == "__main__":
    main()
