"""Numeric operators (C-4): integers and decimals, compared exactly. What is no number matches nothing (L-90, L-116)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from iamsim.policy.conditions.comparison import Comparison, Compiler
from iamsim.policy.context import Context
from iamsim.policy.memory import remembered

if TYPE_CHECKING:
    from decimal import Decimal

NUMBER = r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,3})?"  # compiled when used


@remembered(4096)
def number(text: str) -> Decimal | None:
    """The number that `text` writes; None if it writes none."""
    from decimal import Decimal  # only here: few policies compare numbers

    return Decimal(text) if re.fullmatch(NUMBER, text) else None


def numeric(holds: Callable[[Decimal, Decimal], bool]) -> Compiler:
    """The operator under which the request's number and the policy's number must satisfy `holds`."""

    def compile_values(values: tuple[str, ...], substitute: bool) -> Comparison:
        wanted = [found for found in map(number, values) if found is not None]

        def compare(value: str, context: Context) -> bool:
            actual = number(value)
            return actual is not None and any(holds(actual, one) for one in wanted)

        return compare

    return compile_values


equals = numeric(operator.eq)
less_than = numeric(operator.lt)
less_than_equals = numeric(operator.le)
greater_than = numeric(operator.gt)
greater_than_equals = numeric(operator.ge)
