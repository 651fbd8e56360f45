"""The Condition block: every operator with every key must hold (L-80 to L-86, L-95 to L-103)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from iamsim.policy.conditions.comparison import Comparison
from iamsim.policy.conditions.operators import Operator, Quantifier, operator
from iamsim.policy.context import Context, text_of

Test: TypeAlias = Callable[[Context], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One line of a Condition block: an operator, a key and the policy's values."""

    operator: str
    key: str
    values: tuple[str, ...]
    holds: Test

    def describe(self) -> str:
        """As a reader would say it: `StringEquals aws:username "alice" or "bob"`."""
        return f"{self.operator} {self.key} " + (" or ".join(f'"{value}"' for value in self.values) or "(no value)")

    def found_in(self, context: Context) -> str:
        """What the request has for the key, in words."""
        value = context.get(self.key.lower())
        if value is None:
            return f"no `{self.key}`"
        return f'"{value}"' if isinstance(value, str) else "the list " + ", ".join(f'"{one}"' for one in value)


def compile_block(block: Mapping[str, Mapping[str, object]], *, substitute: bool) -> tuple[Condition, ...]:
    """The conditions of `block`, each ready to be asked. An unknown operator never holds."""
    return tuple(
        Condition(name, key, values, _test(operator(name), key.lower(), values, substitute))
        for name, keys in block.items()
        for key, given in keys.items()
        for values in [_values(given)]
    )


def _values(given: object) -> tuple[str, ...]:
    return tuple(map(text_of, given)) if isinstance(given, (list, tuple)) else (text_of(given),)


def _test(found: Operator | None, key: str, values: Sequence[str], substitute: bool) -> Test:
    if found is None:
        return lambda context: False
    if found.base is None:
        return _presence(key, values)
    compare = found.base.compile(tuple(values), substitute and found.base.takes_variables)
    wanted = not found.base.negated
    if found.quantifier is None:
        return _single(key, compare, wanted, found.when_absent)
    return _several(key, compare, wanted, found.when_absent, all if found.quantifier is Quantifier.ALL else any)


def _presence(key: str, values: Sequence[str]) -> Test:
    """Null (L-85): `"true"` holds for an absent key, `"false"` for one that is there."""
    if_absent, if_present = (any(value.lower() == word for value in values) for word in ("true", "false"))
    return lambda context: if_absent if context.get(key) is None else if_present


def _single(key: str, compare: Comparison, wanted: bool, when_absent: bool) -> Test:
    """The value matches one of the policy's, or none under a negated operator (L-81, L-82).

    A multivalued key does not match without a set operator (L-100, unverified).
    """

    def holds(context: Context) -> bool:
        value = context.get(key)
        if value is None:
            return when_absent
        return isinstance(value, str) and compare(value, context) is wanted

    return holds


def _several(
    key: str, compare: Comparison, wanted: bool, when_absent: bool, quantify: Callable[[list[bool]], bool]
) -> Test:
    """All values, or any, compare as wanted; a single-valued key is a list of one (L-96 to L-101)."""

    def holds(context: Context) -> bool:
        value = context.get(key)
        if value is None:
            return when_absent
        values = (value,) if isinstance(value, str) else value
        return quantify([compare(one, context) is wanted for one in values])

    return holds
