"""Builds the wheel, installs it in a clean environment, and checks that everything of the tree is in it and works."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
STORY = Path(__file__).with_name("story.py")


def files_of_the_tree() -> set[str]:
    """What must be in the wheel, by the name that it has there."""
    wanted = set()
    for folder, package in (("iamsim", "iamsim"), ("mocks", "iamsim/mocks"), ("grammar", "iamsim/grammar")):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                wanted.add(f"{package}/{path.relative_to(ROOT / folder).as_posix()}")
    return wanted | {"iamsim/policies/__init__.py", "iamsim/policies/aws_managed.zip"}


def main() -> int:
    """0 if the wheel is whole."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        subprocess.run(
            [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, str(ROOT)], check=True, cwd=folder
        )
        wheel = next(place.glob("*.whl"))
        missing = files_of_the_tree() - set(zipfile.ZipFile(wheel).namelist())
        if missing:
            print(f"not in the wheel: {', '.join(sorted(missing))}")
            return 1
        venv.create(place / "clean", with_pip=True)
        python = place / "clean" / "bin" / "python"
        subprocess.run([str(python), "-m", "pip", "install", "-q", str(wheel)], check=True, cwd=folder)
        done = subprocess.run([str(python), "-W", "error", str(STORY)], check=False, cwd=folder)
        print("the wheel is whole" if done.returncode == 0 else "the story failed with the installed wheel")
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
