"""Every answer of a mock has only members that AWS's model knows: the serializer leaves others out in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from iamsim.kit.backend import MockBackend
from iamsim.request import Call


def strangers(shape: Any, value: Any, path: str) -> Iterator[str]:
    """Where `value` has a member that `shape` does not have, or is of another kind."""
    kind = shape.type_name if shape is not None else "structure"
    if value is None:
        return
    if kind == "structure" and isinstance(value, dict):
        members = shape.members if shape is not None else {}
        for name, inner in value.items():
            if name in members:
                yield from strangers(members[name], inner, f"{path}.{name}")
            else:
                yield f"{path}.{name}"
    elif kind == "list" and isinstance(value, list | tuple):
        for inner in value:
            yield from strangers(shape.member, inner, f"{path}[]")
    elif kind == "map" and isinstance(value, dict):
        for key, inner in value.items():
            yield from strangers(shape.value, inner, f"{path}.{key}")
    elif kind in ("structure", "list", "map") or isinstance(value, dict | list | tuple):
        yield f"{path}, a {type(value).__name__}"


@pytest.fixture(autouse=True)
def only_known_members(monkeypatch: pytest.MonkeyPatch) -> None:
    run = MockBackend.run

    def checked(self: MockBackend, call: Call) -> dict[str, Any]:
        reply = run(self, call)
        found = list(strangers(call.operation.model.output_shape, reply, call.operation.name))
        assert not found, f"{call.operation.service} answers with what AWS's model does not know: {found}"
        return reply

    monkeypatch.setattr(MockBackend, "run", checked)
