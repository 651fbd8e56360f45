"""The condition operators by name, with their `IfExists`, `ForAllValues:` and `ForAnyValue:` forms (C-1 to C-10)."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from iamsim.policy.conditions import addresses, arns, binary, dates, numbers, strings
from iamsim.policy.conditions.comparison import Compiler


class Quantifier(Enum):
    """How the several values of a multivalued key count (section 7.1)."""

    ALL = "ForAllValues"
    ANY = "ForAnyValue"


class Base(NamedTuple):
    """An operator without its modifiers."""

    compile: Compiler
    negated: bool = False
    takes_variables: bool = False  # L-61


BASES: dict[str, Base] = {
    "StringEquals": Base(strings.equals, takes_variables=True),
    "StringNotEquals": Base(strings.equals, negated=True, takes_variables=True),
    "StringEqualsIgnoreCase": Base(strings.equals_ignoring_case, takes_variables=True),
    "StringNotEqualsIgnoreCase": Base(strings.equals_ignoring_case, negated=True, takes_variables=True),
    "StringLike": Base(strings.like, takes_variables=True),
    "StringNotLike": Base(strings.like, negated=True, takes_variables=True),
    "NumericEquals": Base(numbers.equals),
    "NumericNotEquals": Base(numbers.equals, negated=True),
    "NumericLessThan": Base(numbers.less_than),
    "NumericLessThanEquals": Base(numbers.less_than_equals),
    "NumericGreaterThan": Base(numbers.greater_than),
    "NumericGreaterThanEquals": Base(numbers.greater_than_equals),
    "DateEquals": Base(dates.equals),
    "DateNotEquals": Base(dates.equals, negated=True),
    "DateLessThan": Base(dates.less_than),
    "DateLessThanEquals": Base(dates.less_than_equals),
    "DateGreaterThan": Base(dates.greater_than),
    "DateGreaterThanEquals": Base(dates.greater_than_equals),
    "Bool": Base(strings.bool_equals, takes_variables=True),
    "BinaryEquals": Base(binary.equals),
    "IpAddress": Base(addresses.in_range),
    "NotIpAddress": Base(addresses.in_range, negated=True),
    "ArnEquals": Base(arns.like, takes_variables=True),
    "ArnNotEquals": Base(arns.like, negated=True, takes_variables=True),
    "ArnLike": Base(arns.like, takes_variables=True),
    "ArnNotLike": Base(arns.like, negated=True, takes_variables=True),
}
NULL = "Null"  # C-10: no comparison, and takes no modifier


class Operator(NamedTuple):
    """A condition operator as a policy writes it."""

    name: str
    base_name: str
    base: Base | None  # None for Null
    quantifier: Quantifier | None
    if_exists: bool

    @property
    def negated(self) -> bool:
        return self.base is not None and self.base.negated

    @property
    def when_absent(self) -> bool:
        """What the operator says of a key that the request does not have. Source: policy-language section 8.1."""
        if self.if_exists or self.quantifier is Quantifier.ALL:
            return True
        return self.negated and self.quantifier is None


@lru_cache(maxsize=1024)
def operator(name: str) -> Operator | None:
    """The operator called `name`, case-sensitive (L-5); None if there is none (L-117)."""
    if name == NULL:
        return Operator(name, name, None, None, if_exists=False)
    prefix, colon, rest = name.partition(":")
    if not colon:
        quantifier, rest = None, name
    elif prefix in ("ForAllValues", "ForAnyValue"):
        quantifier = Quantifier(prefix)
    else:
        return None
    base_name = rest.removesuffix("IfExists")
    base = BASES.get(base_name)
    return base and Operator(name, base_name, base, quantifier, if_exists=base_name != rest)
