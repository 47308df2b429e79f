"""Faults of fits of formulas, of judged formulas and spaces, of pieces, ranges and shrinking."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from first_hour_fault import Fault, attempt, fit, notes, sentence, verdict

import unbend as ub
from unbend.report.where import lines
from unbend.solve.linear_model.blas_threads import one_blas_thread

FORMULAS = (
    "floor(x + 1) - floor(x)",
    "(x**3)**(1/3)",
    "cbrt(x**3 + 3*x**2 + 3*x + 1)",
    "x**a*x**(1 - a)",
    "log(a**x)/log(a)",
    "(cos(pi/3) - 0.5)*x**2 + x",
    "max(x, max(y, z)) - max(max(x, y), z) + x",
    "(x**2 > 4) - (x > 2) - (x < -2)",
    "where(x**2 - 2*x + 1 < 0, x**2, x - 1)",
    "where(x**2 == 0.0001, 7, x)",
    "tan(x/2) - sin(x)/(1 + cos(x))",
    "x**2**0.5",
    "x**0.5**2",
    "exp(1000)*x",
)
AITCHISON = ub.Space(
    dimension=2, add="(u1*v1/(u1*v1 + u2*v2), u2*v2/(u1*v1 + u2*v2))",
    scale="(u1**a/(u1**a + u2**a), u2**a/(u1**a + u2**a))", member="u1 > 0 and u2 > 0 and u1 + u2 == 1",
)  # fmt: skip
SPACES = {
    "curve u2 = sin(u1)": ub.Space(2, "(u1 + v1, u2 + v2)", "(a*u1, a*u2)", "u2 == sin(u1)"),
    "up to a million": ub.Space(2, "(u1 + v1, u2 + v2)", "(where(abs(a) > 1e6, 0, a)*u1, a*u2)"),
    "circle mod 2": ub.Space(1, "u1 + v1 - 2*floor((u1 + v1)/2)", "a*u1 - 2*floor(a*u1/2)", "u1 >= 0 and u1 < 2"),
    "compositions": AITCHISON,
    "odds": ub.Space(1, "u1*v1/(u1*v1 + (1 - u1)*(1 - v1))", "u1**a/(u1**a + (1 - u1)**a)", "u1 > 0 and u1 < 1"),
    "3 tanh": ub.Space(1, "3*tanh(atanh(u1/3) + atanh(v1/3))", "3*tanh(a*atanh(u1/3))", "u1 > -3 and u1 < 3"),
    "asinh, integers": ub.Space(1, "asinh(sinh(u1) + sinh(v1))", "asinh(a*sinh(u1))", "u1 <= 5", "integer"),
}  # fmt: skip


def relu(sizes: Sequence[int], seed: int = 0, name: str = "relu") -> ub.Network:
    """Weights and biases uniform in ±1/sqrt(inputs), in float64."""
    rng = np.random.default_rng(seed)
    ends = [(a, b, 1 / np.sqrt(a)) for a, b in pairwise(sizes)]
    arrays = [(rng.uniform(-k, k, (a, b)), rng.uniform(-k, k, b)) for a, b, k in ends]
    return ub.Network.from_arrays(arrays, [name] * (len(arrays) - 1) + ["identity"])


def heavy() -> str:
    told = []
    for seed, sigma in ((500, 2.0), (501, 1.5), (502, 2.0)):
        r = np.random.default_rng(seed)
        d = np.exp(r.normal(0, sigma, (3, 300)))
        y = 2 * d[0] + d[1] + r.normal(size=300) * 2
        result = fit({"x1": d[0], "x2": d[1], "x3": d[2], "y": y}, "y")
        told.append(verdict(result) if result.verdict == "straight_is_enough" else sentence(result))
    return "; ".join(told)


def dependent() -> str:
    r = np.random.default_rng(0)
    c = r.normal(15, 8, 50)
    y = 0.5 * c + r.normal(0, 0.3, 50)
    one = ub.Formula("y = a*celsius + b*fahrenheit + d").fit({"celsius": c, "fahrenheit": c * 1.8 + 32, "y": y})
    silent = 0
    for seed in range(200):
        r = np.random.default_rng(seed)
        u = r.normal(size=40)
        v = (2 * u, u / 3, 1 - u)[seed % 3]
        found = ub.Formula("y = a*u + b*v + d").fit({"u": u, "v": v, "y": u + r.normal(size=40)})
        silent += not found.undetermined
    values = {name: round(value, 4) for name, value in one.values.items()}
    return f"{values}, undetermined {one.undetermined}; {silent} of 200 pass silently"


def constant() -> str:
    x = np.linspace(0, 4, 30)
    told = []
    for level in (4.0, 4.1):
        found = ub.Formula("y = a*exp(-k*x) + c").fit({"x": x, "y": np.full(30, level)})
        told.append(f"y = {level}: undetermined {found.undetermined}, r2 {found.r2}")
    return "; ".join(told)


def narrow() -> str:
    t = np.arange(10_000.0)
    found = 0
    for seed in range(5):
        r = np.random.default_rng(seed)
        centre = r.uniform(1000, 9000)
        clean = 40 * 0.5 * np.exp(-((t - centre) ** 2) / (2 * 1.2**2))
        y = clean + r.normal(0, 0.5, 10_000)
        got = ub.Formula("y = a*exp(-(x - m)**2/(2*s**2)) + c").fit({"x": t, "y": y})
        found += got.rss < 1.02 * float(np.sum((y - clean) ** 2))
    return f"the peak found in {found} of 5"


def alarms() -> str:
    r = np.random.default_rng(3)
    x = np.sort(r.uniform(0, 10, 30))
    y = 2 * np.sin(3.3 * x + 0.4) + r.normal(0, 0.1, 30)
    y[[4, 20]] += 30
    a = ub.Formula("y = a*sin(w*x + p) + c").fit({"x": x, "y": y}, bounds={"w": (2, 5)})
    t = np.linspace(0, 10, 80)
    b = ub.Formula("y = a*exp(-k*x) + b*exp(-l*x) + c").fit(
        {"x": t, "y": 1e6 + 5 * np.exp(-t) + 3 * np.exp(-0.2 * t) + r.normal(0, 1e-3, 80)}
    )
    c = ub.Formula("y = a*exp(-k*x) + c").fit({"x": [0.0, 1.0, 2.0], "y": [3.0, 2.0, 1.5]})
    return ", ".join(f"converged={found.converged}" for found in (a, b, c))


def shrunk() -> str:
    eye = np.eye(3)
    r = np.random.default_rng(0)
    net = ub.Network.from_arrays(
        [(r.normal(size=(2, 3)), r.normal(size=3)), (eye, np.zeros(3)), (r.normal(size=(3, 1)), np.zeros(1))],
        ["relu", "relu", "identity"],
    )
    small = ub.shrink(net, box=[[-1, 1], [-1, 1]])
    return f"{'-'.join(map(str, small.before))} becomes {'-'.join(map(str, small.after))}"


def judged() -> str:
    undecided = []
    for text in FORMULAS:
        said = attempt(lambda text=text: ub.Formula(f"w = {text}", variables=["x"]).linearity.of("x").verdict)
        if said not in ("linear", "affine", "nonlinear"):
            undecided.append(f"`{text}`: {said}")
    return f"{len(undecided)} of {len(FORMULAS)} not decided. {'; '.join(undecided)}"


def axioms() -> str:
    told = []
    for name, space in SPACES.items():
        start = time.process_time()
        found = ub.check_axioms(space)
        seconds = time.process_time() - start
        tested = [v for v in (f"V{i}" for i in range(1, 11)) if found[v].verdict == "tested"]
        told.append(f"{name}: {', '.join(tested) or 'none'} only tested, {seconds:.1f} s")
    equal = ("u1**3 == 8*u2**3", "exp(u1) == exp(u2)")
    told += [f'is_subspace("{text}"): {ub.is_subspace(text, 2).verdict}' for text in equal]
    return "; ".join(told)


def pieces() -> str:
    told = []
    for sizes in ((2, 20, 20, 1), (2, 64, 64, 1), (2, 32, 32, 32, 32, 1), (2, 256, 256, 256, 1)):
        net = relu(sizes)
        seconds = []
        with one_blas_thread():
            for _ in range(5):
                start = time.process_time()
                found = ub.regions(net, box=[[-1, 1], [-1, 1]])
                seconds.append(time.process_time() - start)
        took = 1e3 * min(seconds)
        told.append(f"{'-'.join(map(str, sizes))}: {found.count:,} pieces, proved {found.proved}, {took:.0f} ms")
    return f"{'; '.join(told)} (CPU time, one thread, best of five)"


def bounds() -> str:
    box = [[-1.0, 1.0]] * 5
    f, g = relu((5, 12, 12, 1), 1), relu((5, 12, 12, 1), 2)
    apart = ub.max_difference(f, g, box)
    x = np.random.default_rng(0).uniform(-1, 1, (400_000, 5))
    seen = float(np.abs(f(x) - g(x)).max())
    net = relu((4, 9, 9, 2), 3, "hard_tanh")
    reach = ub.output_range(net, [[-1.0, 1.0]] * 4)
    y = net(x[:, :4])
    return f"difference {apart} (random points: {seen:.4g}); range {reach} (random points: {y.min(0)} to {y.max(0)})"


def products() -> str:
    r = np.random.default_rng(0)
    x = r.normal(size=(3, 800))
    table = {"x1": x[0], "x2": x[1], "x3": x[2], "y": x[0] * x[1] * x[2] + 0.1 * r.normal(size=800)}
    hour = np.arange(800.0)
    drift = {"x1": x[0], "hour": hour, "y": x[0] * (hour / 400 - 1) + 0.1 * r.normal(size=800)}
    three, drifting = fit(table, "y"), fit(drift, "y")
    return (
        f"x1·x2·x3: {verdict(three)}; {' '.join(lines(three)[:1]) or 'where: empty'} "
        f"Slope that drifts with hour: {verdict(drifting)}; {notes(drifting, 'hour')}"
    )


EXACT = (
    Fault("T1", "lognormal columns, y = 2 x1 + x2 + noise, three seeds",
          "*Cannot tell*, \"neither … better than a constant\" beside R² 0.999", heavy),
    Fault("T2", "`y = a*celsius + b*fahrenheit + d`; 200 pairs v = 2u, u/3, 1 − u",
          "a = −6.5e11, undetermined (), no note; 159 of 200 silent", dependent),
    Fault("T3", "`y = a*exp(-k*x) + c` on a constant y", "k = 3.95 ± 7e−17, undetermined (); R² 1", constant),
    Fault("T4", "10,000 rows, a peak 1.2 rows wide, 40 noise-sd high", "missed, converged=True", narrow),
    Fault("T5", "outliers, an offset of 1e6, 3 rows for 3 parameters", "converged=False at the minimum", alarms),
    Fault("T6", "`shrink` of relu(relu(·)), 2-3-3-1", "stays 2-3-3-1", shrunk),
    Fault("T7", "14 formulas undecided or refused", "11 undecided, 3 refused", judged),
    Fault("T8", "`check_axioms`, `is_subspace`", "false laws only tested; up to 18 s; both subspaces open", axioms),
    Fault("T9", "pieces of four networks", "5.2, 22, 35 ms; the fourth beyond 1.5 s", pieces),
    Fault("T10", "5-12-12-1 `max_difference`; 4-9-9-2 hard tanh `output_range`",
          "bound 15.2 where 0.140 was seen; beaten by random points", bounds),
    Fault("T11", "x1·x2·x3; a slope that drifts with the row number", "`where` empty; hour left out", products),
)  # fmt: skip
