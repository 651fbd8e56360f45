"""What condition operators have in common: the policy's values become one comparison with a value of the request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from iamsim.policy.context import Context

Comparison: TypeAlias = Callable[[str, Context], bool]
"""Whether a value of the request matches at least one value of the policy; the context fills in variables."""

Compiler: TypeAlias = Callable[["tuple[str, ...]", bool], Comparison]
"""Makes the comparison from the policy's values; the flag says whether `${...}` is a variable (L-10)."""
