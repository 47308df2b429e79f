"""Every door fuzzed for some seconds; `fuzz_run.py` does it for as long as you like."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from fuzz_inputs import seeds, spoiled
from fuzz_run import bounded
from fuzz_targets import TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import unbend as ub

RUN = Path(__file__).with_name("fuzz_run.py")


@pytest.fixture(autouse=True)
def needs_marimo_for_pages(request: pytest.FixtureRequest) -> None:
    if "url" in request.node.name and not find_spec("marimo"):
        pytest.skip("the lab is not installed")


@pytest.mark.parametrize("door", [door for door in TARGETS if door != "formula"])
def test_good_inputs_are_accepted(door: str) -> None:
    """What is spoiled below is good: the fuzzers reach behind the first check."""
    assert any(TARGETS[door](seed) for seed in seeds(door))


@pytest.mark.parametrize("door", TARGETS)
def test_nothing_but_errors_of_our_own_comes_out(door: str) -> None:
    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(spoiled(door))
    def spoil(data: bytes) -> None:
        with bounded():
            TARGETS[door](data)

    spoil()


@pytest.mark.parametrize("door", ["model", "csv"])
def test_guided_by_branches(door: str) -> None:
    if not find_spec("atheris"):
        pytest.skip("atheris is not installed (pip install '.[fuzz]'; it has wheels for Linux alone)")
    where = {"PYTHONPATH": str(Path(ub.__file__).parents[1])}
    command = [sys.executable, str(RUN), door, "--engine", "atheris", "--seconds", "2"]
    done = subprocess.run(command, env=os.environ | where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


MEMORY = """
import resource, sys, tracemalloc
from pathlib import Path
import unbend as ub
import numpy as np
from unbend.errors import ModelError

net = ub.Network([ub.Dense(1, 1)], seed=0)
ub.train(net, np.ones((4, 1)), np.ones(4), epochs=1, checkpoint=sys.argv[1] + "/warm", resume=True)
ub.load(ub.save(net, sys.argv[1] + "/warm.safetensors"))
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), used + (64 << 20)))
tracemalloc.start()
worst = 0
for path in sorted(Path(sys.argv[1]).glob("hostile*")):
    tracemalloc.reset_peak()
    try:
        if path.is_dir():
            ub.train(net, np.ones((4, 1)), np.ones(4), epochs=1, checkpoint=path, resume=True)
        else:
            ub.load(path)
        raise SystemExit(f"{path} was accepted")
    except ModelError as error:
        assert "\\n" not in str(error)
    worst = max(worst, tracemalloc.get_traced_memory()[1])
print(worst)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded on Linux alone")
def test_hostile_files_allocate_nothing_large(tmp_path: Path) -> None:
    """Shapes of 10^12 and files that only look large (holes), within 64 MiB of addresses beyond those in use."""

    def raw(tensors: dict[str, object], kind: str, size: int) -> bytes:
        description = {"format": kind, "version": 1, "activations": ["tanh"], "extra": {}, "belongs": {}, "facts": {}}
        header = json.dumps({"__metadata__": {"unbend": json.dumps(description)}, **tensors}).encode()
        return struct.pack("<Q", len(header)) + header + b"\0" * size

    def tensor(shape: list[int], begin: int, end: int) -> dict[str, object]:
        return {"dtype": "F64", "shape": shape, "data_offsets": [begin, end]}

    many = {
        "shape": raw({"0.W": tensor([10**6, 10**6], 8, 16), "0.b": tensor([1], 0, 8)}, "unbend.network", 16),
        "offsets": raw({"0.W": tensor([10**12, 1], 8, 8 + 8 * 10**12), "0.b": tensor([1], 0, 8)}, "unbend.network", 16),
        "overflow": raw({"0.W": tensor([2**62, 8], 8, 16), "0.b": tensor([1], 0, 8)}, "unbend.network", 16),
        "header": struct.pack("<Q", 10**12) + b"{}",
        "twelve": b'{"format": "unbend.network", "version": 1, "layers": [{"inputs": 1000000000000}]}',
    }
    for name, data in many.items():
        (tmp_path / f"hostile-{name}").write_bytes(data)
        folder = tmp_path / f"hostile-kept-{name}"
        folder.mkdir()
        (folder / "checkpoint.safetensors").write_bytes(data.replace(b"unbend.network", b"unbend.checkpoint"))
    (tmp_path / "hostile-json.json").write_bytes(many["twelve"])
    wide = {"0.W": tensor([10**6, 10**5], 8, 8 + 8 * 10**11), "0.b": tensor([1], 0, 8)}
    with open(tmp_path / "hostile-hole", "wb") as file:  # a file of 800 GB that takes no room
        file.write(raw(wide, "unbend.network", 0))
        file.truncate(file.tell() + 8 + 8 * 10**11)
    where = os.environ | {"PYTHONPATH": str(Path(ub.__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", MEMORY, str(tmp_path)], env=where, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) < 4 << 20


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_as_a_formula(text: str) -> None:
    TARGETS["formula"](text.encode("utf-8", "replace"))
