"""The rules by hand fit AWS's names: a function named as no operation is would never be asked."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from botocore import xform_name

from iamsim.authorization import planned
from iamsim.authorization.plan import rules_of
from iamsim.reference.built_with import operations_then, services_then

FILES = sorted(Path(planned.__file__).parent.glob("*_rules.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rule_is_named_as_an_operation_is(path: Path) -> None:
    stem = path.stem.removesuffix("_rules")
    service = next(each for each in services_then() if each.replace("-", "_") == stem)
    operations = {xform_name(name) for name in operations_then(service)}
    for name, value in vars(rules_of(service)).items():
        if not inspect.isfunction(value) or name.startswith("_") or name == "forwarded":
            continue
        signature = inspect.signature(value)
        if list(signature.parameters) == ["asked"] and signature.return_annotation == "Iterator[Check]":
            assert name in operations, f"{service} has no operation `{name}`"
