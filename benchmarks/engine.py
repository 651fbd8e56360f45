"""Decisions per CPU second of the policy engine, beside other engines, in one run; what starting and loading cost.

    python benchmarks/engine.py [--rounds 3] [--seconds 0.5] [--without-peers]

(a) one policy, 3 statements, 2 conditions; (b) 10 identity policies with 60 statements, a boundary, 2 SCP levels with
20 statements and a bucket policy with 10; (c) 23 managed policies, ReadOnlyAccess among them. Each with one request
repeated, and with 10,000 different requests; one thread. The rounds go through all engines in turn, and the best of
each counts. What Cedar is given for (a) and (b) is said in `peers/run_cedarpy.py`; it has no like of (c).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine_cases import cases
from engine_peers import BENCH, Engine, engines

FIRST_DECISION = """
from iamsim.policy import Access, Policies, Policy, Principal, PrincipalKind, evaluate
alice = Principal(PrincipalKind.USER, "111111111111", "arn:aws:iam::111111111111:user/alice", "AIDA")
policy = Policy.parse('{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}}')
assert evaluate(Access(alice, "s3:GetObject", "arn:aws:s3:::b/k"), Policies(identity=(policy,))).allowed
"""
STARTS = {
    "python -c pass": "pass",
    "import iamsim.policy": "import iamsim.policy",
    "... and the first decision": FIRST_DECISION,
    "import boto3": "import boto3",
}
KINDS = ("repeated", "different")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--without-peers", action="store_true")
    chosen = parser.parse_args()
    hostile()
    loading()
    starting(chosen.rounds)
    decisions(engines(with_peers=not chosen.without_peers), chosen.rounds, chosen.seconds)


def decisions(running: list[Engine], rounds: int, seconds: float) -> None:
    """Decisions per CPU second by case and kind, and how many times as many iamsim makes."""
    given = cases()
    best: dict[tuple[str, str, str], float] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "cases.json")
        file.write_text(json.dumps(given), encoding="utf-8")
        for _ in range(rounds):
            for engine in running:
                for name, rates in engine.rates(file, seconds).items():
                    for kind, rate in rates.items():
                        best[engine.name, name, kind] = max(best.get((engine.name, name, kind), 0.0), rate)
    print(f"{'decisions per CPU second':<62}" + "".join(f"{engine.name:>24}" for engine in running))
    for name, case in given.items():
        for kind in KINDS:
            title = f"{name} {case['title']}, {kind}"
            print(f"{title:<62}", end="")
            ours = best["iamsim", name, kind]
            for engine in running:
                rate = best.get((engine.name, name, kind))
                ratio = "" if engine.name == "iamsim" or rate is None else f" (1/{ours / rate:,.1f})"
                told = "-" if rate is None else f"{rate:,.0f}{ratio}"
                print(f"{told:>24}", end="")
            print()
    print(
        f"(c) takes {best['iamsim', '(a)', 'different'] / best['iamsim', '(c)', 'different']:.2f} times as long as (a)"
    )


def starting(rounds: int) -> None:
    """The CPU time of whole processes, in milliseconds."""
    took: dict[str, list[float]] = {name: [] for name in STARTS}
    for _ in range(3 * rounds):
        for name, code in STARTS.items():
            took[name].append(process_ms(code))
    base = statistics.median(took["python -c pass"])
    print("\nCPU milliseconds of a new process, beyond Python's own")
    for name, times in took.items():
        if name != "python -c pass":
            print(f"{name:<62}{statistics.median(times) - base:>24.1f}")


def process_ms(code: str) -> float:
    """The CPU time of a new interpreter that runs `code`, all modules compiled."""
    timed = f"{code}\nimport time; print(time.process_time() * 1000)"
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(BENCH / "pycache")}
    command = [sys.executable, "-c", timed]
    return float(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def loading() -> None:
    """What AWS's managed policies cost: the index, one of them, all of them."""
    from iamsim.policy import Policy
    from iamsim.reference.managed_policies import aws_managed_policies

    print("\nCPU milliseconds for AWS's managed policies")

    def told(what: str, run: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = run()
        print(f"{what:<62}{(time.process_time() - start) * 1000:>24.1f}")
        return result

    managed = told("their index", aws_managed_policies)
    told("reading and compiling ReadOnlyAccess, the longest",
         lambda: Policy.parse(managed["arn:aws:iam::aws:policy/ReadOnlyAccess"].document))  # fmt: skip
    told(
        f"reading and compiling all {len(managed):,}", lambda: [Policy.parse(one.document) for one in managed.values()]
    )


def hostile() -> None:
    """What is made to be slow: the time for each size, which must grow no faster than the size."""
    from tests.policy.hostile import CASES, LONG_TEXTS

    print(f"\n{'hostile policies and requests: CPU milliseconds':<62}{'small':>24}{'large':>24}{'growth by size':>24}")
    for name, make in CASES.items():
        small, large = (10_000, 1_000_000) if name in LONG_TEXTS else (1_000, 10_000)
        times = []
        for size in (small, large):
            run = make(size)
            start = time.process_time()
            run()
            times.append((time.process_time() - start) * 1000)
        growth = times[1] / times[0] / (large / small)
        print(f"{f'{name}, {small:,} and {large:,}':<62}{times[0]:>24.2f}{times[1]:>24.2f}{growth:>24.2f}")


if __name__ == "__main__":
    main()
