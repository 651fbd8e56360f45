"""What the pytest plugin adds to tests that do not use it: a run of many empty tests, with the plugin and without.

python benchmarks/plugin.py [--runs 7] [--tests 500]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

QUIET = (
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:asyncio",
    "-p",
    "no:hypothesispytest",
    "-p",
    "no:xdist",
    "-p",
    "no:anyio",
)


def seconds(folder: Path, *options: str) -> float:
    """The processor time that a run of pytest there takes, from start to end of its process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "pytest", *QUIET, *options], cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the two medians, and what the plugin adds to the run and to each test."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--tests", type=int, default=500)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in (1, chosen.tests):
            (folder / f"of_{count}").mkdir()
            code = "\n".join(f"def test_{number}(): pass" for number in range(count))
            (folder / f"of_{count}" / "test_nothing.py").write_text(code)
        added: dict[int, float] = {}
        for count in (1, chosen.tests):
            with_it: list[float] = []
            without: list[float] = []
            for _ in range(chosen.runs + 1):  # in turns, so that a busy machine is busy for both
                without.append(seconds(folder / f"of_{count}", "-p", "no:iamsim"))
                with_it.append(seconds(folder / f"of_{count}"))
            base, plugin = statistics.median(without[1:]), statistics.median(with_it[1:])
            added[count] = plugin - base
            ratio = plugin / base
            print(f"{count} empty tests: {base * 1000:.0f} ms without, {plugin * 1000:.0f} ms with it = {ratio:.2f}x")
        each = (added[chosen.tests] - added[1]) / (chosen.tests - 1)
        print(f"added: {added[1] * 1000:.0f} ms to the run, {max(each, 0) * 1_000_000:.0f} us to each test")


if __name__ == "__main__":
    main()
