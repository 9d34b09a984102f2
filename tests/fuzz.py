"""Fresh draws, round after round: ``make fuzz``. (``make test`` draws the same at each run and on each machine.)

A round runs the property tests and the proofs of the exercises (the marks `hypothesis` and `fuzz`) on draws that follow
from its seed, and prints a line. After the last round the failures are listed, each with the command that repeats it.

    python tests/fuzz.py --rounds 20
    python tests/fuzz.py --seed 123456 --only tests/test_fusion.py::test_order_changes_nothing
"""

import argparse
import os
import re
import secrets
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / "_build" / "fuzz"
MARKS = "(hypothesis or fuzz) and not browser and not built"


def files():
    """The test files that draw: no others need to be imported."""
    found = []
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if re.search(r"^from hypothesis import|mark\.fuzz", text, re.M):
            found.append(path.relative_to(ROOT).as_posix())
    return found


def round_of(seed, chosen):
    """Runs one round; its log, and the names of the tests that failed."""
    command = [sys.executable, "-m", "pytest", "-m", MARKS, f"--hypothesis-seed={seed}", "-p", "no:cacheprovider"]
    command += ["-n", "auto", "--maxprocesses", "4", "--dist", "worksteal"]
    command += ["--tb=short", "-rfE", "--durations=15", *chosen]
    environment = {**os.environ, "MMCOURSE_FUZZ": str(seed)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    log = done.stdout + done.stderr
    failed = re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, re.M)
    if done.returncode and not failed:
        failed = [f"(pytest ended with {done.returncode})"]
    return log, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, help="repeat the round of this seed")
    parser.add_argument("--only", help="a test, or files with blanks between them")
    asked = parser.parse_args()
    chosen = files() if not asked.only else [asked.only] if "::" in asked.only else asked.only.split()
    seeds = [secrets.randbits(31) for _ in range(asked.rounds)] if asked.seed is None else [asked.seed]
    LOGS.mkdir(parents=True, exist_ok=True)
    found = []
    for number, seed in enumerate(seeds, start=1):
        began = time.monotonic()
        log, failed = round_of(seed, chosen)
        minutes = (time.monotonic() - began) / 60
        print(f"round {number} of {len(seeds)}: seed {seed}, {minutes:.1f} minutes, {len(failed)} failed", flush=True)
        for name in failed:
            print(f"  {name}", flush=True)
        (LOGS / f"{seed}.txt").write_text(log, encoding="utf-8")
        found += [(seed, name) for name in failed]
    for seed, name in found:
        only = f' ONLY="{name}"' if "::" in name else ""
        print(f"again: make fuzz SEED={seed}{only}   (its words: {(LOGS / f'{seed}.txt').relative_to(ROOT)})")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
