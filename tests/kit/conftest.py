"""Small mocks of the moment, written into a temporary folder that the loader then finds beside the real ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from iamsim.kit.loader import load_service, service_of

Write = Callable[..., None]


@pytest.fixture
def write_mock(tmp_path: Path) -> Iterator[Write]:
    """Writes the mock of a service: its service.yaml and its modules, by name.

    The real mock of that service, if there is one, is out of sight until the test ends.
    """
    mocks = import_module("iamsim.mocks")
    original, modules = list(mocks.__path__), dict(sys.modules)

    def is_mock(name: str) -> bool:
        return name.startswith("iamsim.mocks.")

    mocks.__path__[:] = [str(tmp_path)]
    for name in filter(is_mock, modules):
        del sys.modules[name]
    _forget()

    def write(service: str, definition: str, **sources: str) -> None:
        folder = tmp_path / service.replace("-", "_")
        folder.mkdir()
        _forget()
        (folder / "__init__.py").write_text("")
        (folder / "service.yaml").write_text(definition)
        for name, source in sources.items():
            (folder / f"{name}.py").write_text(
                "from __future__ import annotations\nfrom iamsim.kit import *\n" + source
            )

    yield write
    mocks.__path__[:] = original
    for name in filter(is_mock, list(sys.modules)):
        del sys.modules[name]
    sys.modules.update({name: module for name, module in modules.items() if is_mock(name)})
    for name in {name.split(".")[2] for name in modules if is_mock(name)} | {path.name for path in tmp_path.iterdir()}:
        package = modules.get(f"iamsim.mocks.{name}")
        if package is not None:
            setattr(mocks, name, package)
        elif hasattr(mocks, name):
            delattr(mocks, name)
    _forget()


def _forget() -> None:
    """What the loader has loaded, and what it has not found."""
    load_service.cache_clear()
    service_of.cache_clear()
