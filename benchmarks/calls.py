"""Time per boto3 call: iamsim with IAM off and on, beside botocore's own cost (the floor) and moto, in one run.

    python benchmarks/calls.py [--rounds 3] [--count 300] [--without-moto]

moto comes from PyPI into an environment of its own under .bench/; it is called, never looked into.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORKLOAD = Path(__file__).with_name("workload.py")
MOTO = ROOT / ".bench" / "moto"
RUNS = [("iamsim", "floor"), ("iamsim", "off"), ("iamsim", "on"), ("moto", "off"), ("moto", "on")]


def moto_python() -> Path:
    """The interpreter of moto's environment, made on first use."""
    python = MOTO / "bin" / "python"
    if not python.exists():
        print("installing moto from PyPI into .bench/moto ...", file=sys.stderr)
        venv.create(MOTO, with_pip=True)
        packages = ["moto[s3,dynamodb,sqs,iam,sts,ec2]", "boto3"]
        subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True)
    return python


def once(system: str, mode: str, count: int) -> dict[str, float]:
    """One run of the workload: milliseconds by call."""
    python = moto_python() if system == "moto" else Path(sys.executable)
    done = subprocess.run(
        [str(python), str(WORKLOAD), system, mode, "--count", str(count)], check=True, capture_output=True, text=True
    )
    return dict(json.loads(done.stdout))


def main() -> None:
    """Print one row per call."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--without-moto", action="store_true")
    chosen = parser.parse_args()
    runs = [run for run in RUNS if run[0] != "moto" or not chosen.without_moto]
    results: dict[tuple[str, str], list[dict[str, float]]] = {run: [] for run in runs}
    for _ in range(chosen.rounds):  # in turn, so that a slow moment of the machine hits all alike
        for run in runs:
            results[run].append(once(*run, chosen.count))
    medians = {
        run: {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
        for run, rounds in results.items()
    }
    floor = medians[("iamsim", "floor")]
    heads = ["floor ms", *(f"{system} {mode}" for system, mode in runs[1:])]
    print(f"{'median per call':34}" + "".join(f"{head:>14}" for head in heads) + "     (ratios to the floor)")
    for name, base in floor.items():
        ratios = [medians[run][name] / base for run in runs[1:]]
        print(f"{name:34}{base:14.3f}" + "".join(f"{ratio:13.2f}x" for ratio in ratios))


if __name__ == "__main__":
    main()
