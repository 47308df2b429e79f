"""Where networks are straight: counts, speed, ranges, differences, shrinking; writes ``results/geometry.md``.

    OPENBLAS_NUM_THREADS=1 python benchmarks/geometry.py FOLDER [--million] [--only counts,speed,...]

FOLDER holds ``pieces.json`` and the networks it names. ``regioncam`` and ``auto_LiRPA`` are measured in the same run
where they are installed. Times are medians of several calls after one to warm up, except where one call is said.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from geometry_nets import awkward, normal, published, shuffled, two_moons, uniform
from geometry_peers import float_only, lirpa, regioncam, seconds
from machine import machine

import unbend as ub
from unbend.geometry.bounds import interval_bounds, linear_bounds

BOX = np.array([[-1.0, 1.0], [-1.0, 1.0]])
RESULTS = Path(__file__).parent / "results"


def table(head: list[str], rows: list[list[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def counts(folder: Path) -> str:
    rows: list[list[object]] = []
    for name, net, known in [*published(folder), *awkward()]:
        found, peer = ub.regions(net), regioncam(net)
        rows.append([name, known or "", found.count, found.exact_decisions, peer() if peer else "–"])
    return table(["network", "known", "unbend (proved)", "settled exactly", "regioncam"], rows)


def speed(folder: Path) -> str:
    rows: list[list[object]] = []
    nets = [(n, net, 15) for n, net, _ in published(folder) if n in ("A_64x2", "M_128x2")]
    for name, net, repeats in [*nets, ("2-256-256-256-1", uniform([2, 256, 256, 256, 1]), 3)]:
        ours, found = seconds(lambda net=net: ub.regions(net), repeats)
        plain, _ = seconds(float_only(net), repeats)
        call = regioncam(net)
        theirs, seen = seconds(call, min(repeats, 5)) if call else (float("nan"), "–")
        rows.append([name, found.count, f"{1e3 * ours:.1f}", f"{1e3 * plain:.1f}", f"{ours / plain:.2f}",
                     f"{1e3 * theirs:.1f} ({seen})"])  # fmt: skip
    head = ["network", "pieces", "proved, ms", "float only, ms", "ratio", "regioncam, ms (pieces)"]
    return table(head, rows) + "\n\n" + first_call()


def first_call() -> str:
    """A fresh process with no cache: import, build, count; nothing is compiled."""
    count, took, *_ = alone("2, 64, 64, 1")
    return f"First call in a fresh process, imports included (2-64-64-1, {count} pieces): {float(took):.2f} s."


def alone(sizes: str) -> list[str]:
    """Count a network's pieces in a process of its own: pieces, seconds, exact decisions, peak memory in GiB."""
    code = (
        "import time; t = time.perf_counter()\n"
        f"import resource, sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import unbend as ub; from geometry_nets import uniform\n"
        f"found = ub.regions(uniform([{sizes}])); took = time.perf_counter() - t\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20\n"
        "print(found.count, took, found.exact_decisions, peak)"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def million(folder: Path) -> str:
    count, took, exact, peak = alone("2, 832, 832, 832, 1")
    return (f"2-832-832-832-1: {int(count):,} pieces, proved, in {float(took):.1f} s (one call, imports included); "
            f"{exact} signs settled exactly; peak memory of the process {float(peak):.2f} GiB.")  # fmt: skip


def ranges(folder: Path) -> str:
    rows: list[list[object]] = []
    for name, net, _ in [*published(folder), ("trained 2-32-32-1", two_moons(0, [2, 32, 32, 1], 0.01), None)]:
        exact = ub.output_range(net, BOX)
        width = float(exact.high[0] - exact.low[0])
        cells: list[object] = [name, f"[{exact.low[0]:.5f}, {exact.high[0]:.5f}]"]
        ours = [interval_bounds(net, BOX).output, linear_bounds(net, BOX).output]
        cells += [f"{float(b.high[0] - b.low[0]) / width:.1f}" for b in ours]
        for method in ("IBP", "CROWN"):
            bounds = lirpa(net, method)
            cells.append("–" if bounds is None else f"{float(bounds[1][0] - bounds[0][0]) / width:.1f}")
        rows.append(cells)
    head = ["network", "exact range", "intervals ×", "linear relaxation ×", "auto_LiRPA IBP ×", "auto_LiRPA CROWN ×"]
    return table(head, rows) + "\n\nHow many times wider than the exact range the bounds are."


def differences(folder: Path) -> str:
    rows: list[list[object]] = []
    for name, net, _ in published(folder)[:3]:
        rounded = net.with_arrays([(W.astype(np.float16), b.astype(np.float16)) for W, b in net.arrays])
        for what, other in (
            ("its copy in float16 numbers", rounded),
            ("its neurons permuted and rescaled", shuffled(net)),
        ):
            took, found = seconds(lambda f=net, g=other: ub.max_difference(f, g), 1)
            verdict = ub.equal(net, other).verdict
            rows.append([name, what, f"{found.value:.3g}", np.round(found.at, 4).tolist(), verdict, f"{took:.2f}"])
    return table(["network", "against", "max of the difference", "at", "equal?", "s"], rows)


def more_inputs(folder: Path) -> str:
    """Branch and bound above two inputs: ranges of 20 random networks, and differences of pairs of networks."""
    rows: list[list[object]] = []
    exceeded = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        sizes = [int(rng.integers(4, 9)), *map(int, rng.integers(8, 17, size=rng.integers(1, 4))), 1]
        names = [str(rng.choice(["relu", "hard_tanh", "leaky_relu"])) for _ in sizes[2:]]
        plain = normal(sizes, seed, 0.3)
        net = ub.Network.from_arrays(plain.arrays, [*names, "identity"])
        took, found = cpu_seconds(lambda net=net: ub.output_range(net))
        y = net(np.random.default_rng(seed + 1000).uniform(-1, 1, (100_000, sizes[0])))
        exceeded += bool(y.max() > found.attained_high[0] or y.min() < found.attained_low[0])
        root = linear_bounds(net, np.array([[-1.0, 1.0]] * sizes[0])).output
        rows.append(["-".join(map(str, sizes)), f"[{y.min():.4f}, {y.max():.4f}]",
                     f"[{found.attained_low[0]:.4f}, {found.attained_high[0]:.4f}]",
                     f"[{found.low[0]:.4f}, {found.high[0]:.4f}]", f"[{root.low[0]:.3f}, {root.high[0]:.3f}]",
                     f"{found.gap.max():.2g}", found.stopped, f"{took:.1f}"])  # fmt: skip
    head = ["network", "100,000 random points", "attained", "proved bounds", "one linear relaxation", "gap",
            "search", "s (processor)"]  # fmt: skip
    pairs: list[list[object]] = []
    for sizes in ([5, 12, 12, 1], [6, 16, 16, 1], [8, 12, 12, 12, 1]):
        f, g = normal(sizes, 0, 0.3), normal(sizes, 1, 0.3)
        took, apart = cpu_seconds(lambda f=f, g=g: ub.max_difference(f, g))
        x = np.random.default_rng(5).uniform(-1, 1, (100_000, sizes[0]))
        exceeded += bool(np.abs(f(x) - g(x)).max() > apart.value)
        pairs.append(["-".join(map(str, sizes)), f"{np.abs(f(x) - g(x)).max():.4f}", f"{apart.value:.4f}",
                      f"{apart.bound:.4f}", f"{apart.gap:.2g}", apart.stopped, f"{took:.1f}"])  # fmt: skip
    pair_head = [
        "two networks",
        "random points differ by",
        "attained",
        "proved bound",
        "gap",
        "search",
        "s (processor)",
    ]
    beaten = f"Searches that random points exceeded: {exceeded} of {len(rows) + len(pairs)}."
    return "\n\n".join([table(head, rows), table(pair_head, pairs), beaten])


def cpu_seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """Processor time of one call, and its result."""
    start = time.process_time()
    result = call()
    return time.process_time() - start, result


def shrinking(folder: Path) -> str:
    rows: list[list[object]] = []
    for sizes in ([2, 32, 32, 1], [2, 64, 64, 64, 1]):
        for decay in (0.01, 0.3, 1.0, 3.0):
            small = ub.shrink(two_moons(1, sizes, decay), BOX)
            before, after = ("-".join(map(str, s)) for s in (small.before, small.after))
            rows.append(
                [before, decay, after, small.neurons_saved, small.multiplications_saved, f"{small.largest:.1e}"]
            )
    head = [
        "trained",
        "weight decay",
        "shrunk",
        "neurons saved",
        "multiplications fewer",
        "largest difference, 10⁵ points",
    ]
    return table(head, rows)


def curve(folder: Path) -> str:
    """Pieces against neurons for random networks, drawn (Hanin & Rolnick 2019, figure 1)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.6), dpi=130, layout="constrained")
    axes = figure.add_subplot()
    rows: list[list[object]] = []
    for depth in (1, 2, 3, 4):
        neurons = [n for n in (12, 24, 48, 72, 96, 144, 192) if n // depth >= 6]
        found = [np.mean([ub.regions(normal([2, *[n // depth] * depth, 1], seed, 0.3)).count for seed in range(5)])
                 for n in neurons]  # fmt: skip
        axes.plot(neurons, found, "o-", label=f"{depth} hidden layer{'s' * (depth > 1)}", ms=4)
        rows += [[depth, n, f"{c:.0f}"] for n, c in zip(neurons, found, strict=True)]
    total = np.array([12, 192])
    axes.plot(total, total**2 / 2, "k--", lw=1, label="(neurons)²/2")
    axes.plot([12, 14.5], [2.0**12, 2.0**14.5], "k:", lw=1.4, label="2^neurons, the exponential bound")
    axes.set(xscale="log", yscale="log", xlabel="hidden neurons", ylabel="pieces on [-1, 1]²",
             title="Random networks: pieces grow like neurons², not 2^neurons")  # fmt: skip
    axes.set_xticks(ticks := [12, 24, 48, 96, 192], labels=[str(n) for n in ticks])
    axes.minorticks_off()
    axes.legend(frameon=False, fontsize=9)
    figure.savefig(RESULTS / "geometry_pieces.png")
    return "![pieces against neurons](geometry_pieces.png)\n\n" + table(
        ["hidden layers", "neurons", "pieces (mean of 5)"], rows
    )


def sampled(folder: Path) -> str:
    net = uniform([2, 256, 256, 256, 1])
    from unbend.geometry.sampling import sample_pieces

    seen, all_ = sample_pieces(net, BOX, 1_000_000, 0), ub.regions(net)
    return f"A million random points see {seen.count:,} of the {all_.count:,} pieces of 2-256-256-256-1."


PARTS: dict[str, tuple[str, Callable[[Path], str]]] = {
    "counts": ("Counts", counts), "speed": ("Speed, one thread", speed), "million": ("A million pieces", million),
    "sampled": ("What samples miss", sampled), "ranges": ("Ranges on [-1, 1]²", ranges),
    "differences": ("Two networks", differences), "more_inputs": ("Above two inputs", more_inputs),
    "shrink": ("Lossless shrinking of trained networks", shrinking),
    "curve": ("Pieces against neurons", curve),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default=",".join(PARTS))
    chosen = parser.parse_args()
    page = RESULTS / "geometry.md"
    old = dict(re.findall(r"^## (.*?)\n\n(.*?)\n(?=\n## |\Z)", page.read_text() if page.exists() else "", re.M | re.S))
    for name in chosen.only.split(","):
        title, part = PARTS[name]
        old[title] = f"{machine(('numpy', 'scipy', 'regioncam', 'torch'))}\n\n{part(chosen.folder)}"
        print(f"## {title}\n\n{old[title]}\n", flush=True)
        body = "".join(f"\n## {title}\n\n{old[title]}\n" for title, _ in PARTS.values() if title in old)
        page.write_text(f"# Where a network is straight\n\nMade by `benchmarks/geometry.py`.\n{body}")


if __name__ == "__main__":
    main()
