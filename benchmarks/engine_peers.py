"""The engines that `engine.py` times, each in an environment of its own under `.bench/`, made on first use.

The peers come from PyPI and npm. They are called, never looked into.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
RUNNERS = Path(__file__).with_name("peers")
BENCH = ROOT / ".bench"


class Engine(NamedTuple):
    """How one engine is run."""

    name: str
    command: tuple[str, ...]  # what is followed by the file of cases and the seconds
    after: tuple[str, ...] = ()
    folder: Path = ROOT

    def rates(self, cases: Path, seconds: float) -> dict[str, dict[str, float]]:
        """Decisions per CPU second, by case and kind of requests; none, and a message, if the engine fails."""
        command = [*self.command, str(cases), str(seconds), *self.after]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"{self.name} failed: {done.stderr.strip()[-300:]}", file=sys.stderr)
            return {}
        return dict(json.loads(done.stdout.splitlines()[-1]))


def iamsim() -> Engine:
    return Engine("iamsim", (sys.executable, str(RUNNERS / "run_iamsim.py")))


def naive() -> Engine:
    return Engine("naive", (sys.executable, str(RUNNERS / "run_iamsim.py")), ("naive",))


def from_pypi(package: str) -> Engine:
    """A Python package. Raises CalledProcessError if it cannot be installed."""
    python = BENCH / package / "bin" / "python"
    done = BENCH / package / "installed"
    if not done.exists():
        print(f"installing {package} from PyPI into .bench/ ...", file=sys.stderr)
        venv.create(BENCH / package, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", package], check=True, stdout=sys.stderr)
        done.touch()
    return Engine(package, (str(python), str(RUNNERS / f"run_{package}.py")))


def from_npm(package: str, runner: str) -> Engine:
    """A Node package. Raises CalledProcessError if it cannot be installed, FileNotFoundError without Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise FileNotFoundError("Node and npm are not installed")
    folder = BENCH / package.rsplit("/", 1)[-1]
    if not (folder / "node_modules" / package).exists():
        print(f"installing {package} from npm into .bench/ ...", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        command = [npm, "install", "--silent", "--no-audit", "--no-fund", package]
        subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)
    return Engine(package.rsplit("/", 1)[-1], (node, str(RUNNERS / runner)), folder=folder)


def engines(*, with_peers: bool) -> list[Engine]:
    """iamsim first, then those that can be had here; the others are told about."""
    found = [iamsim(), naive()]
    for name, make in (
        ("cedarpy", lambda: from_pypi("cedarpy")),
        ("principalmapper", lambda: from_pypi("principalmapper")),
        ("iam-simulate", lambda: from_npm("@cloud-copilot/iam-simulate", "run_iam_simulate.mjs")),
    ):
        try:
            if with_peers:
                found.append(make())
        except (OSError, subprocess.CalledProcessError) as problem:
            print(f"{name} is left out: {problem}", file=sys.stderr)
    return found
