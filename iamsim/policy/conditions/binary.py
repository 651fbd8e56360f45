"""BinaryEquals (C-7): byte equality of base64-decoded values."""

from __future__ import annotations

from iamsim.policy.conditions.comparison import Comparison
from iamsim.policy.context import Context


def decoded(text: str) -> bytes | None:
    """The bytes that `text` encodes; None if it is not base64."""
    import base64  # only here: few policies use this operator

    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None


def equals(values: tuple[str, ...], substitute: bool) -> Comparison:
    """Whether the request's bytes are those of one of the policy's values."""
    wanted = frozenset(found for found in map(decoded, values) if found is not None)

    def compare(value: str, context: Context) -> bool:
        found = decoded(value)
        return found is not None and found in wanted

    return compare
