"""What exported code may answer: the exact value, and 4 units in the last place for every operation on the way.

``exact`` works the network out from the activations' textbook formulas with hundreds of digits. ``allowed`` follows the
operations of the stable form that exports are made from: each may be wrong by 4 ulp of its result, and hands the
errors of its operands on (a running error analysis, as in Higham 2002, ch. 3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np

import unbend as ub
from unbend.activations import Activation
from unbend.formula.language.functions import CONSTANTS
from unbend.formula.language.grammar import parse
from unbend.formula.language.tree import COMPARISONS, Binary, Call, Constant, Name, Negative, Node, Number
from unbend.formula.printing.numpy_functions import required_steps

ULPS = 4
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "log2": lambda a: mp.log(a, 2), "cbrt": lambda a: mp.sign(a) * mp.root(abs(a), 3), "abs": abs,
    **{name: getattr(mp, name) for name in (
        "exp", "expm1", "log", "log1p", "log10", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos",
        "atan", "asinh", "acosh", "atanh", "erf", "erfc", "sign", "floor", "ceil")},
}  # fmt: skip
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip
Ball = tuple[Any, Any]  # a value and how far the computed one may be from it


class Kind:
    """One float type's rounding."""

    def __init__(self, dtype: Any) -> None:
        info = np.finfo(dtype)
        self.digits, self.tiny = info.nmant, mp.mpf(float(info.smallest_subnormal))

    def ulps(self, value: Any) -> Any:
        """4 units in the last place of the value."""
        if value == 0 or mp.isinf(value):
            return ULPS * self.tiny
        return ULPS * max(self.tiny, mp.ldexp(1, int(mp.floor(mp.log(abs(value), 2))) - self.digits))

    def ball(self, node: Node, names: dict[str, Ball]) -> Ball:
        """The value of a formula and its allowed error."""
        match node:
            case Number() | Constant():
                text = node.text if isinstance(node, Number) else CONSTANTS[node.name]
                return mp.mpf(text), self.ulps(mp.mpf(text))
            case Name(name):
                return names[name]
            case Negative(operand):
                value, error = self.ball(operand, names)
                return -value, error
            case Binary(operator, left, right):
                return self._binary(operator, left, right, names)
            case Call("where", (condition, yes, no)):
                c, a, b = (self.ball(n, names) for n in (condition, yes, no))
                chosen, other = (a, b) if c[0] != 0 else (b, a)
                return (chosen[0], chosen[1] if c[1] == 0 else max(chosen[1], abs(a[0] - b[0]) + other[1]))
            case Call("max" | "min" as which, (left, right)):
                a, b = self.ball(left, names), self.ball(right, names)
                return (max if which == "max" else min)(a[0], b[0]), max(a[1], b[1])
            case Call(function, (argument,)):
                f, (x, e) = FUNCTIONS[function], self.ball(argument, names)
                value = f(x)
                moved = 0 if e == 0 else max(abs(f(x + e) - value), abs(f(x - e) - value)) * mp.mpf("1.1")
                exact = function in ("abs", "sign", "floor", "ceil")
                return value, moved + (0 if exact else self.ulps(value))
        raise TypeError(node)

    def _binary(self, operator: str, left: Node, right: Node, names: dict[str, Ball]) -> Ball:
        (a, ea), (b, eb) = self.ball(left, names), self.ball(right, names)
        if operator in COMPARISONS:
            sure = left == right or abs(a - b) > ea + eb
            return mp.mpf(COMPARE[operator](a, b)), mp.mpf(0 if sure else 1)
        if operator in "+-":
            value = a + b if operator == "+" else a - b
            return value, ea + eb + self.ulps(value)
        if operator == "*":
            return a * b, abs(a) * eb + abs(b) * ea + ea * eb + self.ulps(a * b)
        if operator == "/":
            least = abs(b) - eb
            return (a / b, (ea + abs(a / b) * eb) / least + self.ulps(a / b)) if least > 0 else (a / b, mp.inf)
        value = a**b
        moved = max(abs((a + s) ** b - value) for s in (ea, -ea)) * mp.mpf("1.1")
        return value, moved + self.ulps(value)

    def activation(self, record: Activation, x: Ball) -> Ball:
        names = {"x": x}
        for name, text in (steps := required_steps(record.steps, ("value",))):
            names[name] = self.ball(parse(text), names)
        return names[steps[-1][0]]

    def layer(self, W: np.ndarray, b: np.ndarray, x: list[Ball]) -> list[Ball]:
        """n products and n sums for each neuron, none of them larger than the sum of the sizes."""
        found = []
        for j in range(W.shape[1]):
            w = [mp.mpf(float(v)) for v in W[:, j]]
            terms = [v * c for (v, _), c in zip(x, w, strict=True)]
            size = sum(abs(t) for t in terms) + abs(float(b[j]))
            error = sum(abs(c) * e for (_, e), c in zip(x, w, strict=True))
            error += sum(self.ulps(t) for t in terms) + len(terms) * self.ulps(size)
            found.append((sum(terms) + mp.mpf(float(b[j])), error))
        return found

    def allowed(self, net: ub.Network, row: np.ndarray) -> list[Any]:
        """The allowed error of each output."""
        values: list[Ball] = [(mp.mpf(float(v)), mp.mpf(0)) for v in row]
        with mp.workdps(50):
            for layer in net.layers:
                values = [self.activation(layer.activation, z) for z in self.layer(layer.W, layer.b, values)]
        return [e for _, e in values]


def exact(net: ub.Network, row: np.ndarray) -> list[Any]:
    """The network's answer from the textbook formulas, with hundreds of digits."""
    unrounded = Kind(np.float64)
    unrounded.ulps = lambda value: mp.mpf(0)  # type: ignore[method-assign]
    with mp.workdps(460):
        x = [mp.mpf(float(v)) for v in row]
        for layer in net.layers:
            z = [sum((a * mp.mpf(float(w)) for a, w in zip(x, layer.W[:, j], strict=True)), mp.mpf(float(layer.b[j])))
                 for j in range(layer.outputs)]  # fmt: skip
            tree = parse(layer.activation.formula)
            x = [unrounded.ball(tree, {"x": (v, mp.mpf(0))})[0] for v in z]
        return x


def shares(net: ub.Network, rows: np.ndarray, answers: np.ndarray, known: np.ndarray | None = None) -> np.ndarray:
    """How much of the allowed error each answer uses, (rows, outputs); at most 1 is fine. ``known``: exact answers."""
    kind = Kind(net.dtype)
    used = np.zeros(answers.shape)
    for i, row in enumerate(rows):
        with mp.workdps(60):
            answer = exact(net, row) if known is None else known[i]
            for j, (true, room) in enumerate(zip(answer, kind.allowed(net, row), strict=True)):
                used[i, j] = float(abs(mp.mpf(float(answers[i, j])) - true) / max(room, kind.tiny))
    return used
