"""Damaged fastText models: ``python benchmarks/fasttext_fuzz.py [--count 100000] [--seed 0]``.

Each file is one of tests/text/models with bytes flipped, overwritten by extreme numbers, cut out, doubled, or the end
missing. What reads them may raise one-line errors of its own and nothing else. Memory is that which Python and NumPy
allocate (tracemalloc; the file itself is mapped). The last lines are for benchmarks/results/fasttext.md.
"""

from __future__ import annotations

import argparse
import struct
import sys
import tempfile
import time
import tracemalloc
import warnings
from pathlib import Path

import numpy as np

from unbend.errors import BadInput
from unbend.text.fasttext import collapse_fasttext, read_fasttext

MODELS = Path(__file__).parents[1] / "tests" / "text" / "models"
EXTREMES = [0, 1, -1, 2, 255, 256, 65535, 2**31 - 1, -(2**31), 1000, 10**6]
TEXTS = ["what is my balance", "오늘 너무 힘들다", ""]
FIELDS = 56 + 28  # bytes of the header's numbers: arguments, then sizes of the dictionary


def damaged(seed: bytes, rng: np.random.Generator) -> bytes:
    """A model with one to four places changed; half of them among the numbers that say sizes."""
    data = bytearray(seed)
    for _ in range(rng.integers(1, 5)):
        at = int(rng.integers(0, FIELDS if rng.random() < 0.5 else len(data)))
        how = rng.integers(0, 7)
        if how == 0:
            data[at] ^= 1 << int(rng.integers(0, 8))
        elif how <= 2:
            at -= at % 4
            data[at : at + 4] = struct.pack("<i", EXTREMES[rng.integers(0, len(EXTREMES))])
        elif how == 3:
            data[at : at + 8] = struct.pack("<q", int(rng.integers(-(2**62), 2**62)))
        elif how == 4:
            del data[at : at + int(rng.integers(1, 40))]
        elif how == 5:
            data[at:at] = data[at : at + int(rng.integers(1, 200))]
        else:
            del data[int(rng.integers(0, len(data))) :]
        if len(data) < FIELDS:
            break
    return bytes(data)


def use(path: Path) -> str:
    """What became of a file: refused, accepted."""
    try:
        model = read_fasttext(path)
        if model.labels:
            table = collapse_fasttext(model)
            table.probabilities(TEXTS)
            table.explain(TEXTS[0])
    except BadInput as error:
        text = str(error)
        assert text.strip() and "\n" not in text and len(text) < 2000, repr(text)
        return "refused"
    return "accepted"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    warnings.simplefilter("error")
    seeds = [path.read_bytes() for path in sorted(MODELS.iterdir()) if path.suffix in (".bin", ".ftz")]
    rng = np.random.default_rng(arguments.seed)
    path = Path(tempfile.mkdtemp()) / "model.bin"
    for seed in seeds:  # imports, caches
        path.write_bytes(seed)
        assert use(path) == "accepted"
    tracemalloc.start()
    counts, worst, slowest = {"refused": 0, "accepted": 0}, (0.0, 0), 0.0
    start = time.perf_counter()
    for i in range(arguments.count):
        data = damaged(seeds[rng.integers(0, len(seeds))], rng)
        path.write_bytes(data)
        tracemalloc.reset_peak()
        before, began = tracemalloc.get_traced_memory()[0], time.perf_counter()
        try:
            counts[use(path)] += 1
        except BaseException:
            (path.parent / "finding.bin").write_bytes(data)
            print(f"finding after {i} files: {path.parent / 'finding.bin'}", file=sys.stderr)
            raise
        slowest = max(slowest, time.perf_counter() - began)
        peak = tracemalloc.get_traced_memory()[1] - before
        worst = max(worst, (max(peak - 2**20, 0) / max(len(data), 1), peak))
    seconds = time.perf_counter() - start
    print(f"{arguments.count:,} damaged files in {seconds:.0f} s: {counts['refused']:,} refused with one line, "
          f"{counts['accepted']:,} accepted, no other outcome")  # fmt: skip
    print(f"memory at most {worst[1] / 2**20:.2f} MiB ({worst[0]:.0f} times its file's length beyond 1 MiB); "
          f"slowest {slowest:.2f} s")  # fmt: skip


if __name__ == "__main__":
    main()
