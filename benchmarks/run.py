"""Every benchmark, one after the other: `make bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARKS = ("calls.py", "startup.py", "plugin.py", "engine.py", "access.py", "server.py")


def main() -> int:
    """0 if all of them ran."""
    here = Path(__file__).parent
    failed = 0
    for name in BENCHMARKS:
        if (here / name).exists():
            print(f"\n== {name}", flush=True)
            failed |= subprocess.run([sys.executable, str(here / name)], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
