"""Replacements that are undone, also in modules that are imported later."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from iamsim.intercept.patches import Patches


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "imported_late.py").write_text("class Thing:\n    word = 'own'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "imported_late"
    sys.modules.pop("imported_late", None)


def patch_thing(patches: Patches) -> Any:
    return lambda module: patches.set(module.Thing, "word", "patched")


def test_a_module_imported_later_is_patched_and_put_back(late: str) -> None:
    patches, finders = Patches(), list(sys.meta_path)
    patches.when_imported(late, patch_thing(patches))
    module = importlib.import_module(late)
    assert module.Thing.word == "patched"
    assert module.__spec__.origin.endswith("imported_late.py")
    patches.undo()
    assert module.Thing.word == "own"
    assert sys.meta_path == finders


def test_a_module_imported_already_is_patched_at_once(late: str) -> None:
    module, patches = importlib.import_module(late), Patches()
    patches.when_imported(late, patch_thing(patches))
    assert module.Thing.word == "patched"
    patches.undo()
    assert module.Thing.word == "own"


def test_a_module_that_is_never_imported_costs_nothing(late: str) -> None:
    patches, finders = Patches(), list(sys.meta_path)
    patches.when_imported(late, patch_thing(patches))
    assert late not in sys.modules
    patches.undo()
    assert sys.meta_path == finders
    assert importlib.import_module(late).Thing.word == "own"


def test_a_module_that_is_not_there_stays_so() -> None:
    patches = Patches()
    patches.when_imported("no_such_module", lambda module: None)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_module")
    patches.undo()
